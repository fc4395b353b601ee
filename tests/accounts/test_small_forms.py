"""The forms at the door take what a person types, and look at its length before anything else."""

import sqlite3

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import passwords, tokens, users
from draftmill.accounts.users import BadEmail, User
from tests.support.account_pages import OTHER_PASSWORD, PASSWORD, count, setup_token, sign_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = b"email=ada%40example.org&password=x&old=x&name="


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
@pytest.mark.parametrize(
    "path", ["/login", "/setup/TOKEN", "/account/password", "/account/name", "/account/tokens"]
)
def test_more_than_64_kb_is_refused_before_any_work(
    client: TestClient, ada: User, db: sqlite3.Connection, path: str, announced: bool
) -> None:
    if path.startswith("/account"):
        sign_in(client)
    body = FIELDS + b"x" * 70_000
    pieces = body if announced else iter([body[:40_000], body[40_000:]])
    with pytest.MonkeyPatch.context() as tripwire:
        for work in ("_hash", "_one_spelling"):
            tripwire.setattr(passwords, work, lambda text: pytest.fail("worked"))
        answer = client.post(path, content=pieces, headers=FORM)
    assert answer.status_code == 413, answer.text
    assert "too long" in answer.text
    assert count(db, "login_attempts") == 0


def test_who_forgot_a_password_is_told_who_sets_a_new_one(client: TestClient, ada: User) -> None:
    assert "draftmill user passwd EMAIL" in client.get("/login").text


@pytest.mark.parametrize("email", ["a" * 250 + "@example.org", "\ufdfa" * 255, "e\u0301" * 20_000])
def test_a_long_email_is_refused_without_a_look(
    db: sqlite3.Connection, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "normalized", lambda *text: pytest.fail("normalized"))
    with pytest.raises(BadEmail):
        users.normal_email(email)


def test_the_door_takes_the_longest_that_is_allowed(
    client: TestClient, db: sqlite3.Connection
) -> None:
    email = "a" * (254 - 12) + "@example.org"
    form = {"name": "ä" * 200, "email": email, "password": "é" * 1000}
    assert client.post(f"/setup/{setup_token(db)}", data=form).status_code == 303
    assert client.post("/login", data=form | {"next": "/account"}).status_code == 303


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 4301, "0" * 5000, "٣", "²", "1e9", "-1", "1_0"])
def test_a_number_of_any_kind_in_an_address_leads_nowhere(
    client: TestClient, ada: User, digits: str
) -> None:
    sign_in(client)
    assert client.post(f"/account/tokens/{digits}/revoke").status_code == 404


def test_where_sign_in_leads_is_no_longer_than_an_address(client: TestClient, ada: User) -> None:
    assert sign_in(client, next="/" + "x" * 50_000).headers["location"] == "/"


@pytest.mark.parametrize("wished", [True, False])
def test_a_new_password_revokes_the_tokens_if_that_is_wished_and_says_what_stays(
    client: TestClient, ada: User, db: sqlite3.Connection, wished: bool
) -> None:
    sign_in(client)
    for name in ("phone", "laptop"):
        tokens.add(db, ada.id, name)
    page = client.get("/account").text
    assert "Also revoke the 2 tokens" in page
    assert 'value="revoke" checked' not in page
    form = {"old": PASSWORD, "password": OTHER_PASSWORD} | ({"tokens": "revoke"} if wished else {})
    page = client.get(client.post("/account/password", data=form).headers["location"]).text
    assert "every other device is signed out" in page
    assert ("Your 2 tokens still work." in page) is not wished
    assert ("No token opens this account." in page) is wished
    assert ("Also revoke" in page) is not wished
    assert count(db, "api_tokens") == (0 if wished else 2)


@pytest.mark.parametrize(
    "content", [b"", b"--", b"--b\r\n", b"--b\r\n\r\nx\r\n--b--", b"--b\r\n:\r\n"]
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=b", "x; y="]
)
def test_what_is_no_form_is_refused(
    client: TestClient, ada: User, content: bytes, kind: str
) -> None:
    answer = client.post("/login", content=content, headers={"Content-Type": kind})
    assert answer.status_code in (400, 422), answer.text
