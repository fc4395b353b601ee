"""Tokens: random, stored as hashes, shown once, judged alone, revoked at once, counted."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.accounts import tokens, users
from draftmill.accounts.tokens import NoTokenName, TokenNameTaken, TooManyTokens
from draftmill.clock import now
from draftmill.errors import NotFound
from tests.support.api_programs import OWNER, bring, problem, program, server_alone, token_for
from tests.support.house import House, draftmill, opened, until


@pytest.fixture
def ada(db: sqlite3.Connection) -> int:
    return users.add_user(db, "ada@example.org", "correct horse battery").id


@pytest.fixture
def token(house: House, owner: httpx2.Client) -> str:
    return token_for(house)


@pytest.fixture
def client(house: House, token: str) -> Iterator[httpx2.Client]:
    with program(house, token) as client:
        yield client


def number_of(house: House, token: str) -> int:
    hashed = hashlib.sha256(token.encode()).hexdigest()
    row = house.one("select id from api_tokens where token_hash = ?", hashed)
    assert row
    return int(row["id"])


def test_a_token_is_stored_only_as_a_hash(house: House, token: str) -> None:
    assert re.fullmatch(r"dm_[\w-]{43}", token)
    stored = [str(value) for row in house.rows("select * from api_tokens") for value in row]
    assert hashlib.sha256(token.encode()).hexdigest() in stored
    for file in house.data.rglob("*"):
        if file.is_file():
            assert token.encode() not in file.read_bytes(), file


def test_a_token_opens_the_api_without_a_cookie_or_an_origin(client: httpx2.Client) -> None:
    assert client.get("/projects").status_code == 200
    assert bring(client)["source"] == "transcript"


def test_what_looks_like_a_token_opens_nothing(
    house: House, owner: httpx2.Client, token: str
) -> None:
    wrong = (
        "", "Bearer", f"Basic {token}", token, f"Bearer {token[:-1]}", "Bearer dm_",
        f"Bearer {token}x", f"Bearer {token[3:]}", f"Bearer {token}, Bearer {token}",
    )  # fmt: skip
    for header in wrong:
        answer = httpx2.get(f"{house.url}/api/v1/jobs", headers={"Authorization": header})
        problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    two = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    problem(httpx2.get(f"{house.url}/api/v1/jobs", headers=two), 401, "unauthorized")


def test_a_cookie_opens_no_address_of_the_api(owner: httpx2.Client, token: str) -> None:
    problem(owner.get("/api/v1/jobs"), 401, "unauthorized")
    problem(owner.post("/api/v1/projects", json={"transcript_text": "x"}), 401, "unauthorized")
    wrong = {"Authorization": "Bearer dm_wrong"}
    problem(owner.get("/api/v1/jobs", headers=wrong), 401, "unauthorized")
    # On a page too: who sends a token is who it says, not who the cookie says.
    assert owner.get("/", headers={**wrong, "Accept": "text/html"}).status_code == 401


def test_the_header_of_a_proxy_signs_nobody_out(owner: httpx2.Client) -> None:
    assert owner.get("/", headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_a_token_reads_what_belongs_to_a_project_and_opens_no_other_page(
    house: House, client: httpx2.Client, token: str
) -> None:
    project = bring(client)
    headers = {"Authorization": f"Bearer {token}", "Origin": house.url}
    with httpx2.Client(base_url=house.url, headers=headers) as page:
        assert page.get(project["transcript_url"]).status_code == 200
        for path in ("/account", "/", "/login", "/logout", "/jobs/x/pill"):
            answer = page.get(path, headers={"Accept": "application/json"})
            assert answer.status_code == 403, path
            assert answer.json()["error"]["code"] == "not_for_tokens"
        for path in (f"/projects/{project['id']}/delete", "/account/tokens", "/projects"):
            assert page.post(path, data={"name": "x"}).status_code == 403, path
    assert client.get(f"/projects/{project['id']}").status_code == 200


def test_a_token_is_shown_once_on_the_account_page(house: House, owner: httpx2.Client) -> None:
    made = owner.post("/account/tokens", data={"name": "My <b>script"})
    found = re.search(r'value="(dm_[\w-]{43})"', made.text)
    assert found
    assert "My &lt;b&gt;script" in made.text
    assert made.headers["cache-control"] == "no-store"
    assert "dm_" not in owner.get("/account").text
    with program(house, found[1]) as client:
        assert client.get("/jobs").status_code == 200
    again = owner.post("/account/tokens", data={"name": "My <b>script"})
    assert again.status_code == 409
    assert "already a token of this name" in again.text


def test_a_token_revoked_on_the_account_page_stops_at_once(
    house: House, owner: httpx2.Client, client: httpx2.Client, token: str
) -> None:
    assert client.get("/jobs").status_code == 200
    revoke = f"/account/tokens/{number_of(house, token)}/revoke"
    answer = owner.post(revoke)
    assert answer.headers["location"] == "/account?saved=revoke"
    problem(client.get("/jobs"), 401, "unauthorized")
    assert owner.post(revoke).status_code == 404


def test_nobody_revokes_the_token_of_another(
    house: House, second: httpx2.Client, client: httpx2.Client, token: str
) -> None:
    for number in (str(number_of(house, token)), "0", "x", "9" * 30, ""):
        assert second.post(f"/account/tokens/{number}/revoke").status_code == 404
    assert client.get("/jobs").status_code == 200


def test_a_token_revoked_on_the_command_line_stops_at_once(
    house: House, client: httpx2.Client, token: str
) -> None:
    assert client.get("/jobs").status_code == 200
    number = str(number_of(house, token))
    assert f"{number}\t" in draftmill(house.data, "token", "list", OWNER).stdout
    draftmill(house.data, "token", "revoke", OWNER, number)
    # The server is another process: it hears of it by the watcher.
    until(lambda: client.get("/jobs").status_code == 401, 10, "the token to be forgotten")
    left = draftmill(house.data, "token", "list", OWNER).stdout.splitlines()
    assert not [line for line in left if line.startswith(f"{number}\t")]
    again = draftmill(house.data, "token", "revoke", OWNER, number, check=False)
    assert again.returncode == 2
    assert "no such token" in again.stderr


def test_a_removed_user_s_token_stops_at_once(house: House, owner: httpx2.Client) -> None:
    house.add_user("short@example.org").close()
    with program(house, token_for(house, "short@example.org")) as client:
        assert client.get("/jobs").status_code == 200
        draftmill(house.data, "user", "remove", "short@example.org")
        until(lambda: client.get("/jobs").status_code == 401, 10, "the token to be forgotten")


def test_the_command_line_prints_the_token_alone(house: House, owner: httpx2.Client) -> None:
    first = draftmill(house.data, "token", "add", OWNER).stdout
    second = draftmill(house.data, "token", "add", OWNER).stdout
    assert re.fullmatch(r"dm_[\w-]{43}\n", first)
    assert first != second
    nobody = draftmill(house.data, "token", "add", "no@example.org", check=False)
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "There is no account no@example.org" in nobody.stderr


def test_the_last_use_is_noted_at_most_once_a_minute(tmp_path: Path) -> None:
    def last_used() -> str | None:
        with closing(server.db()) as db:
            used: str | None = db.execute("select last_used_at from api_tokens").fetchone()[0]
        return used

    # No worker writes here: the note waits 0.2 s for a writer, and no longer.
    with server_alone(tmp_path / "data") as server, program(server, token_for(server)) as client:
        assert last_used() is None
        client.get("/jobs")
        noted = last_used()
        assert noted
        for _ in range(5):
            client.get("/jobs")
        assert last_used() == noted


def test_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    with opened(tmp_path / "data", DRAFTMILL_API_RATE="5") as house:
        house.make_owner().close()
        with program(house, token_for(house)) as client, program(house, token_for(house)) as other:
            left = []
            for _ in range(5):
                answer = client.get("/jobs")
                assert answer.status_code == 200
                assert answer.headers["ratelimit-policy"] == '"token";q=5;w=60'
                found = re.fullmatch(r'"token";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
                assert found
                assert 1 <= int(found[2]) <= 60
                left.append(int(found[1]))
            assert left == [4, 3, 2, 1, 0]
            refused = client.get("/jobs")
            problem(refused, 429, "too_many_requests")
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert other.get("/jobs").status_code == 200
            # Another spelling of the header is the same token.
            spelled = {
                "Authorization": client.headers["authorization"].replace("Bearer ", "bEARER  ")
            }
            assert client.get("/jobs", headers=spelled).status_code == 429


def test_names_of_tokens_are_needed_and_told_apart(db: sqlite3.Connection, ada: int) -> None:
    tokens.add(db, ada, " Zapier \n ")
    assert [token.name for token in tokens.tokens_of(db, ada)] == ["Zapier"]
    with pytest.raises(TokenNameTaken):
        tokens.add(db, ada, "Zapier")
    for name in ("", " \t", "x" * 81):
        with pytest.raises(NoTokenName):
            tokens.add(db, ada, name)
    assert tokens.free_name(db, ada, "Zapier") == "Zapier 2"


def test_there_is_an_end_to_tokens(db: sqlite3.Connection, ada: int) -> None:
    for n in range(tokens.MOST_TOKENS):
        tokens.add(db, ada, str(n))
    with pytest.raises(TooManyTokens):
        tokens.add(db, ada, "one more")


def test_a_token_goes_with_its_user(db: sqlite3.Connection, ada: int) -> None:
    secret = tokens.add(db, ada, "x")
    holder = tokens.find(db, secret)
    assert holder
    assert (holder.user.id, holder.used_at) == (ada, 0.0)
    tokens.touch(db, holder.token_id)
    assert tokens.tokens_of(db, ada)[0].last_used_at <= now()  # type: ignore[operator]
    with pytest.raises(NotFound):
        tokens.revoke(db, ada + 1, holder.token_id)
    users.remove(db, users.by_email(db, "ada@example.org"))
    assert tokens.find(db, secret) is None
    assert not tokens.exists(db, holder.token_id)
