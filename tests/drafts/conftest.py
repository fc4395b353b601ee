"""Mara and her project, whose drafts are written and saved."""

import sqlite3

import pytest

from draftmill.clock import now
from tests.support.draft_rows import P


@pytest.fixture
def db(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute(
        "insert into users (id, email, password_hash, role, created_at)"
        " values (1, 'mara@example.org', '', 'owner', ?)",
        (now(),),
    )
    db.execute(
        "insert into projects (id, user_id, title, source, sha256, created_at)"
        " values (?, 1, '', 'media', '', ?)",
        (P, now()),
    )
    return db
