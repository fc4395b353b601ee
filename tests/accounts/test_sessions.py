"""Signing in and out, and the sessions between."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import sessions, users
from draftmill.accounts.users import User
from draftmill.database import changes
from draftmill.database.connection import connect
from draftmill.settings import Settings
from draftmill.web.middleware.access import COOKIE
from draftmill.web.views import devices
from tests.support.account_pages import OTHER_PASSWORD, PASSWORD, count, sign_in


def test_the_right_password_opens_a_session(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    answer = sign_in(client, next="/account?saved=name")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?saved=name")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert client.get("/").text == "front page of ada@example.org"
    assert changes.rev(db, "session", db.execute("select id_hash from sessions").fetchone()[0]) > 0


def test_behind_https_the_cookie_is_secure(browser: Callable[..., TestClient], ada: User) -> None:
    client = browser(base_url="https://testserver")
    client.headers["Origin"] = "https://testserver"
    assert "secure" in sign_in(client).headers["set-cookie"].lower()


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org", "not an address"])
def test_a_wrong_password_says_nothing_about_the_account(
    client: TestClient, ada: User, email: str
) -> None:
    answer = client.post("/login", data={"email": email, "password": "wrong", "next": "/account"})
    assert answer.status_code == 422
    assert "do not match" in answer.text
    assert f'value="{email}"' in answer.text
    assert 'name="next" value="/account"' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_sign_in_never_leads_to_another_site(client: TestClient, ada: User, target: str) -> None:
    assert "evil" not in client.get("/login", params={"next": target}).text
    assert sign_in(client, next=target).headers["location"] == "/"
    signed_in = client.get("/login", params={"next": target})
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/")


def test_signing_in_again_ends_the_session_before(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    sign_in(client)
    before = client.cookies[COOKIE]
    sign_in(client)
    assert client.cookies[COOKIE] != before
    assert count(db, "sessions") == 1
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert client.get("/").status_code == 303


def test_signing_out_ends_the_session(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    sign_in(client)
    cookie = client.cookies[COOKIE]
    assert client.post("/logout").headers["location"] == "/login"
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, cookie)
    assert client.get("/").headers["location"] == "/login"
    assert count(db, "sessions") == 0


def test_other_sessions_can_be_ended(
    client: TestClient, browser: Callable[..., TestClient], ada: User
) -> None:
    phone = browser("192.0.2.2")
    sign_in(client)
    sign_in(phone)
    assert phone.get("/").status_code == 200
    client.post("/account/sessions/end")
    assert phone.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_a_password_replaced_meanwhile_opens_nothing(
    db: sqlite3.Connection, settings: Settings, ada: User
) -> None:
    begun = []

    def replace_meanwhile(statement: str) -> None:
        # The first transaction counts the attempt, the second comes after the check.
        begun.extend([statement] * statement.startswith("begin"))
        if len(begun) == 2:
            db.set_trace_callback(None)
            with closing(connect(settings.database)) as other:
                users.set_password(other, ada.id, OTHER_PASSWORD)

    db.set_trace_callback(replace_meanwhile)
    with pytest.raises(sessions.WrongPassword):
        sessions.sign_in(db, settings, ada.email, PASSWORD, "192.0.2.1")
    assert len(begun) == 2
    assert count(db, "sessions") == 0
    assert sessions.sign_in(db, settings, ada.email, OTHER_PASSWORD, "192.0.2.1")


def test_devices_have_names_that_people_use() -> None:
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1"
    assert devices.device_name(safari) == "Safari on iPhone"
    assert devices.device_name("curl/8.14.1") == "A program"
