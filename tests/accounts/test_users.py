"""Users: made by the owner, shown on the account page, and removed with all they have."""

import sqlite3
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import sessions, users
from draftmill.accounts.secret import hash_of
from draftmill.accounts.users import User
from draftmill.database import changes
from draftmill.errors import NotFound
from draftmill.settings import Settings
from tests.support.account_pages import PASSWORD, project_of, sign_in


def test_the_account_page_shows_sessions_and_disk(
    client: TestClient,
    browser: Callable[..., TestClient],
    ada: User,
    settings: Settings,
    db: sqlite3.Connection,
) -> None:
    sign_in(client)
    sign_in(browser("192.0.2.2"))
    project_of(db, settings, ada, 1_500_000)
    page = client.get("/account").text
    assert page.count("Firefox on Linux") == 2
    assert page.count("This device") == 1
    assert "<strong>2 MB</strong>" in page


def test_a_name_is_saved_without_what_cannot_be_printed(
    client: TestClient, ada: User, db: sqlite3.Connection
) -> None:
    sign_in(client)
    client.post("/account/name", data={"name": " <b>Grace</b>\n\x00 Hopper\u202e "})
    assert users.everyone(db)[0].name == "<b>Grace</b> Hopper"
    assert "&lt;b&gt;Grace&lt;/b&gt; Hopper" in client.get("/account").text


def test_an_unknown_change_changes_nothing(client: TestClient, ada: User) -> None:
    sign_in(client)
    assert client.post("/account/role", data={"role": "owner"}).status_code == 404


def test_a_file_in_place_of_a_text_is_refused(client: TestClient, ada: User) -> None:
    answer = client.post("/login", data={"email": "x"}, files={"password": b"x"})
    assert answer.status_code in (400, 422)


def test_further_users_are_made_by_the_owner(db: sqlite3.Connection, ada: User) -> None:
    bob = users.add_user(db, "BOB@example.org", PASSWORD)
    assert (bob.email, bob.role) == ("bob@example.org", "user")
    assert users.everyone(db) == [ada, bob]
    with pytest.raises(users.EmailTaken):
        users.add_user(db, "Bob@Example.org ", PASSWORD)


@pytest.mark.parametrize(
    "email",
    ["", "ada", "@example.org", "ada@", "a b@c.de", "a@b@c", "a@b\n.de", "a" * 250 + "@b.de"],
)
def test_what_is_no_address_is_refused(db: sqlite3.Connection, email: str) -> None:
    with pytest.raises(users.BadEmail):
        users.add_user(db, email, PASSWORD)


def test_a_removed_user_is_signed_out_and_leaves_nothing(
    db: sqlite3.Connection, settings: Settings, ada: User
) -> None:
    bob = users.add_user(db, "bob@example.org", PASSWORD)
    project = project_of(db, settings, bob, 10)
    secret_id = sessions.sign_in(db, settings, bob.email, PASSWORD, "192.0.2.1")
    assert users.remove(db, bob) == [project]
    assert sessions.find_session(db, hash_of(secret_id)) is None
    assert users.everyone(db) == [ada]
    kinds = {(c.kind, c.deleted) for c in changes.since(db, 0) if c.user_id == bob.id}
    assert kinds == {("user", True), ("session", True)}
    with pytest.raises(NotFound):
        users.by_email(db, "bob@example.org")


def test_the_owner_stays(db: sqlite3.Connection, ada: User) -> None:
    with pytest.raises(users.OwnerStays):
        users.remove(db, ada)


@pytest.mark.parametrize(
    ("name", "initials"), [("Ada King Lovelace", "AL"), ("ada", "A"), ("", "A"), ("(A) É", "É")]
)
def test_initials(name: str, initials: str) -> None:
    assert User(1, "ada@example.org", name, "user").initials == initials
