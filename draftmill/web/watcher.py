"""Hears what any process changed: one thread sleeps until anything was committed."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.database.commits import Commits

logger = logging.getLogger(__name__)
ASLEEP_S = 10.0  # until what nobody rang for is found
LOOK_S = 0.02  # where no bell rings, and after what could not be read
Told = TypeVar("Told")
Listener = Callable[[sqlite3.Connection, Change], None]
CrowdListener = Callable[[sqlite3.Connection, Sequence[Change]], None]


class Watcher:
    """Tells its listeners of every change, one after the other, in its own thread.

    What changed at once is told to the `last` of them at once, when all others have heard of it.
    """

    def __init__(
        self, database: Path, listeners: Sequence[Listener], last: Sequence[CrowdListener] = ()
    ) -> None:
        self._database = database
        self._listeners = listeners
        self._last = last
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch the database, from now on."""
        db = sqlite3.connect(self._database, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        self._commits = Commits(db, self._database, LOOK_S)
        seen = changes.latest(db)
        self._thread = threading.Thread(target=self._watch, args=(db, seen), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._commits.end()
            self._thread.join()
            self._commits.close()

    def tell(self, db: sqlite3.Connection, seen: int) -> int:
        """Hand on what changed after `seen`. Returns the newest version that was handed on."""
        while new := changes.since(db, seen):
            for change in new:
                for listener in self._listeners:
                    _hand_on(listener, db, change)
            for hear_all in self._last:
                _hand_on(hear_all, db, new)
            seen = new[-1].version
        return seen

    def _watch(self, db: sqlite3.Connection, seen: int) -> None:
        behind = False
        while not self._stop.is_set():
            try:
                behind |= self._commits.wait(LOOK_S if behind else ASLEEP_S)
                if behind:
                    seen = self.tell(db, seen)
                    behind = False
            except Exception:
                # Whatever it was, the next look tries again: pages must not freeze.
                logger.exception("changes could not be read")
        db.close()


def _hand_on(
    listener: Callable[[sqlite3.Connection, Told], None], db: sqlite3.Connection, told: Told
) -> None:
    try:
        listener(db, told)
    except sqlite3.OperationalError:
        raise  # it is told again
    except Exception:
        # One object that cannot be shown must not hide what changed after it.
        logger.exception("%.200s cannot be shown", told)
