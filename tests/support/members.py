"""People with an account who are signed in: no form is sent for it, and no hash is made."""

import sqlite3
from contextlib import closing

import httpx2

from draftmill.accounts import sessions, users
from draftmill.database.connection import connect, transaction
from draftmill.settings import Settings
from draftmill.web.middleware.access import COOKIE
from draftmill.web.middleware.session_memory import Sessions

PASSWORD = "a long enough password"  # the tests' own users
# As a house makes it of that password: a quarter of a second of work.
HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$lY4JswnJPuuf5C9uk2OIqQ"
    "$BR7tvWCkG3+U0m1KURx7wjh4Z78wEF9req3xtH2TgIk"
)


def add(db: sqlite3.Connection, email: str, name: str = "", role: str = "user") -> int:
    """A user with PASSWORD; their id. An owner uses up the printed link."""
    with transaction(db):
        if role == "owner":
            db.execute("delete from setup_tokens")
        return users.insert_user(db, email, HASH, name, role).id


def signed_in(client: httpx2.Client, settings: Settings, user_id: int) -> httpx2.Client:
    """The client, in a session of the user."""
    with closing(connect(settings.database, 10)) as db:
        secret_id = sessions.start_session(db, settings, user_id)
    cookie = Sessions(settings).sign(secret_id)
    client.cookies.set(COOKIE, cookie, domain=client.base_url.host)
    return client
