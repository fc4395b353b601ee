"""The pages of an account in a client without a server, and Ada, who owns it."""

import sqlite3

from starlette.responses import Response
from starlette.testclient import TestClient

from draftmill import storage
from draftmill.accounts.setup import new_setup_token
from draftmill.accounts.users import User
from draftmill.clock import now
from draftmill.settings import Settings

PASSWORD = "correct horse battery"
OTHER_PASSWORD = "another good phrase"
SAME = {"Origin": "http://testserver"}


def sign_in(client: TestClient, password: str = PASSWORD, **more: str) -> Response:
    form = {"email": "ada@example.org", "password": password, **more}
    return client.post("/login", data=form)  # type: ignore[return-value]


def setup_token(db: sqlite3.Connection) -> str:
    token = new_setup_token(db)
    assert token is not None
    return token


def count(db: sqlite3.Connection, table: str) -> int:
    (n,) = db.execute(f"select count(*) from {table}").fetchone()
    return int(n)


def project_of(db: sqlite3.Connection, settings: Settings, user: User, size: int) -> str:
    project = f"project-of-{user.id}"
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values (?, ?, 'Talk', 'media', 'aa', ?)",
        (project, user.id, now()),
    )
    folder = storage.folder_of(settings, project) / "pictures"
    folder.mkdir(parents=True)
    (folder / "1.jpg").write_bytes(b"x" * size)
    return project
