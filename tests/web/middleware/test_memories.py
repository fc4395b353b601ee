"""Who may come in is kept in memory: what ends while its row is read does not come back."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from draftmill.accounts import sessions, tokens
from draftmill.settings import Settings
from draftmill.web.middleware import session_memory
from draftmill.web.middleware.bearer import Bearers, NoToken
from draftmill.web.middleware.session_memory import Sessions
from draftmill.web.watcher import Watcher


def while_read(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, happens: Callable[[], object]
) -> None:
    """Let something happen after the next row was read and before it is remembered."""
    find = getattr(module, name)

    def slowly(*given: Any) -> object:
        monkeypatch.setattr(module, name, find)
        found = find(*given)
        happens()
        return found

    monkeypatch.setattr(module, name, slowly)


def test_a_session_that_ends_while_it_is_read_does_not_come_back(
    db: sqlite3.Connection,
    settings: Settings,
    memory: Sessions,
    cookie: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def end() -> None:
        sessions.end_session(db, str(memory.verify(cookie)))
        Watcher(settings.database, [memory.take]).tell(db, 0)

    while_read(monkeypatch, session_memory, "find_session", end)
    assert memory.read(cookie), "it was there when its row was read"
    assert memory.get(cookie) is None
    assert memory.read(cookie) is None


def test_a_token_that_is_revoked_while_it_is_read_does_not_come_back(
    db: sqlite3.Connection, settings: Settings, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cookie is there for its owner."""
    memory = Bearers(settings)
    header = f"Bearer {tokens.add(db, 1, 'a program')}"

    def revoke() -> None:
        tokens.revoke(db, 1, 1)
        Watcher(settings.database, [memory.take]).tell(db, 0)

    while_read(monkeypatch, tokens, "find", revoke)
    assert memory.find(header), "it was there when its row was read"
    with pytest.raises(NoToken):
        memory.find(header)
