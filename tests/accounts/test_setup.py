"""The setup link makes one owner, once, for half an hour."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import users
from draftmill.accounts.setup import BadSetupLink, OwnerExists, create_owner, new_setup_token
from draftmill.clock import moment, now
from draftmill.database.connection import connect
from draftmill.settings import Settings
from tests.support.account_pages import PASSWORD, count, setup_token


def test_the_setup_link_makes_the_owner_and_signs_in(
    client: TestClient, db: sqlite3.Connection
) -> None:
    token = setup_token(db)
    page = client.get(f"/setup/{token}")
    assert page.status_code == 200
    assert f'action="/setup/{token}"' in page.text
    form = {"email": " Ada@Example.ORG ", "name": "Ada", "password": PASSWORD}
    answer = client.post(f"/setup/{token}", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").text == "front page of ada@example.org"
    assert [user.role for user in users.everyone(db)] == ["owner"]


def test_a_setup_link_works_once(
    client: TestClient, browser: Callable[..., TestClient], db: sqlite3.Connection
) -> None:
    token = setup_token(db)
    form = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD}
    client.post(f"/setup/{token}", data=form)
    other = browser()
    again = other.post(f"/setup/{token}", data={**form, "email": "eve@example.org"})
    assert again.status_code == 410
    assert other.get(f"/setup/{token}").status_code == 410
    assert count(db, "users") == 1
    assert new_setup_token(db) is None, "there is an owner"


def test_a_new_setup_link_ends_the_older_one(client: TestClient, db: sqlite3.Connection) -> None:
    older, newer = setup_token(db), setup_token(db)
    assert client.get(f"/setup/{older}").status_code == 410
    assert client.get(f"/setup/{newer}").status_code == 200


def test_a_setup_link_ends_after_half_an_hour(client: TestClient, db: sqlite3.Connection) -> None:
    token = setup_token(db)
    (expires_at,) = db.execute("select expires_at from setup_tokens").fetchone()
    left = moment(expires_at) - moment(now())
    assert left.total_seconds() == pytest.approx(1800, abs=5)
    db.execute("update setup_tokens set expires_at = ?", (now(-1),))
    assert client.get(f"/setup/{token}").status_code == 410


def test_two_posts_of_one_setup_link_make_one_owner(
    settings: Settings, db: sqlite3.Connection
) -> None:
    token = setup_token(db)
    together = Barrier(2)

    def post(email: str) -> str:
        with closing(connect(settings.database)) as own:
            together.wait(5)
            try:
                return create_owner(own, token, email, PASSWORD).role
            except (OwnerExists, BadSetupLink) as problem:
                return problem.code

    with ThreadPoolExecutor(2) as threads:
        ends = sorted(threads.map(post, ["ada@example.org", "eve@example.org"]))
    assert ends[1] == "owner_exists" or ends[0] == "bad_setup_link"
    assert "owner" in ends
    assert count(db, "users") == 1


def test_a_refused_setup_keeps_what_was_typed(client: TestClient, db: sqlite3.Connection) -> None:
    token = setup_token(db)
    form = {"email": "ada@example.org", "name": 'A "da"', "password": "ninechars"}
    answer = client.post(f"/setup/{token}", data=form)
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text
    assert 'value="ada@example.org"' in answer.text
    assert "A &#34;da&#34;" in answer.text
    assert client.get(f"/setup/{token}").status_code == 200


def test_before_there_is_an_owner_the_sign_in_page_says_where_the_link_is(
    client: TestClient, db: sqlite3.Connection
) -> None:
    token = setup_token(db)
    told = "Nobody owns this Draftmill yet."
    assert told in client.get("/login").text
    client.post(f"/setup/{token}", data={"email": "ada@example.org", "password": PASSWORD})
    client.post("/logout")
    assert told not in client.get("/login").text
