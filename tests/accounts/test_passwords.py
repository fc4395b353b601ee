"""Passwords: how long, how they are kept, and what a new one ends."""

import sqlite3
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from draftmill.accounts import sessions, users
from draftmill.accounts.passwords import BadPassword
from draftmill.accounts.users import User
from draftmill.settings import Settings
from tests.support.account_pages import OTHER_PASSWORD, PASSWORD, count, sign_in


def test_a_hash_with_old_parameters_is_made_anew_at_sign_in(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    db.execute("update users set password_hash = ?", (weak,))
    assert sign_in(client).status_code == 303
    (fresh,) = db.execute("select password_hash from users").fetchone()
    assert "m=1024" in fresh
    assert sign_in(client).status_code == 303


def test_a_password_is_the_same_from_every_keyboard(db: sqlite3.Connection, ada: User) -> None:
    users.set_password(db, ada.id, "caf\u00e9 au lait")
    settings = Settings()
    assert sessions.sign_in(db, settings, ada.email, "cafe\u0301 au lait", "192.0.2.1")


def test_a_new_password_ends_all_other_sessions(
    client: TestClient, browser: Callable[..., TestClient], ada: User, db: sqlite3.Connection
) -> None:
    phone = browser("192.0.2.2")
    sign_in(client)
    sign_in(phone)
    assert phone.get("/").status_code == 200
    form = {"old": PASSWORD, "password": OTHER_PASSWORD}
    answer = client.post("/account/password", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?saved=password")
    assert "password is changed" in client.get(answer.headers["location"]).text
    assert phone.get("/").status_code == 303
    assert sign_in(phone).status_code == 422
    assert sign_in(phone, OTHER_PASSWORD).status_code == 303


def test_a_new_password_needs_the_present_one(client: TestClient, ada: User) -> None:
    sign_in(client)
    form = {"old": "wrong", "password": OTHER_PASSWORD}
    answer = client.post("/account/password", data=form)
    assert answer.status_code == 422
    assert "present password is not right" in answer.text
    short = client.post("/account/password", data={**form, "old": PASSWORD, "password": "short"})
    assert "at least 10 characters" in short.text
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize("password", ["", "ninechars", "x" * 1001])
def test_a_password_has_10_to_1000_characters(db: sqlite3.Connection, password: str) -> None:
    with pytest.raises(BadPassword):
        users.add_user(db, "bob@example.org", password)
    assert count(db, "users") == 0
