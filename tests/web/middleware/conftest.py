"""A signed-in user, and pages behind the middleware."""

import sqlite3

import pytest
from starlette.testclient import TestClient

from draftmill.accounts import sessions
from draftmill.clock import now
from draftmill.settings import Settings
from draftmill.web.middleware.session_memory import Sessions
from tests.support.guarded_pages import client_of


@pytest.fixture
def memory(settings: Settings) -> Sessions:
    return Sessions(settings)


@pytest.fixture
def client(settings: Settings, memory: Sessions) -> TestClient:
    return client_of(settings, memory)


@pytest.fixture
def cookie(db: sqlite3.Connection, settings: Settings, memory: Sessions) -> str:
    db.execute(
        "insert into users (id, email, name, password_hash, role, created_at)"
        " values (1, 'ada@example.org', 'Ada', '', 'owner', ?)",
        (now(),),
    )
    return memory.sign(sessions.start_session(db, settings, 1))
