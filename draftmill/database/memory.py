"""What was read from the database lately, in memory: a look-up takes a dictionary, not a query.

A row may change while it is read and before it is kept. So whoever changes something or hears
of a change says so here, also of what is not in memory yet, and nothing is kept whose reading
began before somebody said so.
"""

import sqlite3
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from draftmill.database.connection import connect

MOST = 10_000
WANTED_S = 60.0  # since somebody asked: what changes after that is forgotten, not read again

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Found(Generic[Value]):
    """What a row says. Of two revisions the newer stays; `lasting` is what is worth memory."""

    value: Value
    rev: int = 0
    lasting: bool = True


@dataclass
class _Kept(Generic[Value]):
    """What is in memory, and when it was asked for last, by the monotonic clock."""

    found: Found[Value]
    asked_at: float


class Memory(Generic[Key, Value]):
    """The values of at most `most` keys, each found once; the one kept longest ago makes room.

    `find` reads a value on an open connection, None if there is none. Any thread may call.
    """

    def __init__(
        self,
        database: Path,
        find: Callable[[sqlite3.Connection, Key], Found[Value] | None],
        most: int = MOST,
    ) -> None:
        self._database = database
        self._find = find
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, _Kept[Value]] = OrderedDict()
        self._reading: Counter[Key] = Counter()
        self._forgotten = 0

    def get(self, key: Key) -> Value | None:
        """The present value, if it is in memory."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        kept.asked_at = time.monotonic()
        return kept.found.value

    def read(self, key: Key) -> Value | None:
        """The value from the database, kept from now on. None if there is none."""
        with closing(connect(self._database)) as db:
            return self.refresh(db, key)

    def refresh(self, db: sqlite3.Connection, key: Key) -> Value | None:
        """The same on an open connection. What cannot be read leaves nothing old in its place."""
        return self._read(db, key, time.monotonic())

    def _read(self, db: sqlite3.Connection, key: Key, asked_at: float) -> Value | None:
        with self._lock:
            self._reading[key] += 1
            forgotten = self._forgotten
        found = None
        try:
            found = self._find(db, key)
        finally:
            self._keep(key, found, forgotten, asked_at)
        return found.value if found else None

    def follow(self, db: sqlite3.Connection, key: Key) -> None:
        """Hear of a change: what is in memory is read again, if it was asked for lately."""
        with self._lock:
            kept = self._kept.get(key)
            wanted = kept is not None and time.monotonic() - kept.asked_at < WANTED_S
            if not wanted and (kept or key in self._reading):
                self._forget([key])  # somebody may be reading what it was before
        if kept and wanted:
            self._read(db, key, kept.asked_at)

    def drop(self, key: Key) -> None:
        """Forget one."""
        with self._lock:
            self._forget([key])

    def drop_all(self, which: Callable[[Value], bool]) -> None:
        """Forget those that `which` picks."""
        with self._lock:
            self._forget([key for key, kept in self._kept.items() if which(kept.found.value)])

    def _keep(self, key: Key, found: Found[Value] | None, forgotten: int, asked_at: float) -> None:
        with self._lock:
            self._reading[key] -= 1
            if not self._reading[key]:
                del self._reading[key]
            present = self._kept.get(key)
            if found is None or not found.lasting:
                self._forget([key])
            elif present and present.found.rev > found.rev:
                return  # this reader was slow
            elif forgotten != self._forgotten:
                self._kept.pop(key, None)  # perhaps old, and what stands there is no newer
            else:
                self._kept[key] = _Kept(found, asked_at)
                self._kept.move_to_end(key)
                if len(self._kept) > self._most:
                    self._forget([next(iter(self._kept))])

    def _forget(self, keys: list[Key]) -> None:
        self._forgotten += 1
        for key in keys:
            self._kept.pop(key, None)
