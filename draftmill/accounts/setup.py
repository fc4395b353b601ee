"""The owner's one-time link: made at the first start, used up by the first account."""

import sqlite3

from draftmill.accounts.passwords import hash_password
from draftmill.accounts.secret import hash_of, new_secret
from draftmill.accounts.users import User, insert_user, normal_email
from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, Problem

SETUP_S = 30 * 60.0


class BadSetupLink(Problem):
    code = "bad_setup_link"
    status = 410
    default_message = "This setup link does not work any more."
    default_hint = "It is valid once, for 30 minutes. Restart Draftmill: it prints a new one."


class OwnerExists(Conflict):
    code = "owner_exists"
    default_message = "Draftmill has its owner already."
    default_hint = "Sign in. Further accounts are made with: draftmill user add EMAIL"


def owner_exists(db: sqlite3.Connection) -> bool:
    """Whether someone has used the setup link."""
    return db.execute("select 1 from users where role = 'owner'").fetchone() is not None


def new_setup_token(db: sqlite3.Connection) -> str | None:
    """A token for the owner's setup link, valid for 30 minutes; older ones end.

    None if there is an owner already.
    """
    token = new_secret()
    with transaction(db):
        db.execute("delete from setup_tokens")
        if owner_exists(db):
            return None
        db.execute(
            "insert into setup_tokens (id_hash, expires_at) values (?, ?)",
            (hash_of(token), now(SETUP_S)),
        )
    return token


def check_setup_token(db: sqlite3.Connection, token: str) -> None:
    """Return if the token would make an owner now. Raises OwnerExists, BadSetupLink."""
    if owner_exists(db):
        raise OwnerExists
    row = db.execute(
        "select 1 from setup_tokens where id_hash = ? and expires_at > ?", (hash_of(token), now())
    ).fetchone()
    if row is None:
        raise BadSetupLink


def create_owner(
    db: sqlite3.Connection, token: str, email: str, password: str, name: str = ""
) -> User:
    """Make the owner's account and use the token up.

    Raises OwnerExists, BadSetupLink, BadEmail, BadPassword, EmailTaken.
    """
    check_setup_token(db, token)
    email, hashed = normal_email(email), hash_password(password)
    with transaction(db):
        # Asked again: while the hash was made, another post may have used the link.
        check_setup_token(db, token)
        db.execute("delete from setup_tokens")
        return insert_user(db, email, hashed, name, "owner")
