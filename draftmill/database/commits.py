"""Sleeping until any connection of any process has committed."""

import sqlite3
import time
from pathlib import Path

from draftmill.database.connection import bell_of
from draftmill.processes.doorbell import Doorbell


class Commits:
    """Hears of the commits of all other connections, for the thread of `db`.

    Who commits rings after it (`connection.transaction`): one wake a commit, and what woke
    somebody can be seen. What was committed by others, or by a process that was killed before it
    rang, is found at the end of the wait.
    """

    def __init__(self, db: sqlite3.Connection, database: Path, blind_s: float) -> None:
        """Hear of what is committed from now on. Without a bell it is looked for every `blind_s`."""
        self._db = db
        self._bell = Doorbell(bell_of(database), blind_s)
        self._version = 0
        self._moved()

    def wait(self, most_s: float) -> bool:
        """Sleep until something was committed, at most so long. Whether it was, or cannot be told."""
        until = time.monotonic() + most_s
        while not self._bell.ended:
            left_s = until - time.monotonic()
            self._bell.wait(max(left_s, 0.0))
            if self._moved():
                return True
            if left_s <= 0:
                return False
        return False

    def end(self) -> None:
        """No wait sleeps from now on. Any thread may call."""
        self._bell.end()

    def close(self) -> None:
        self._bell.close()

    def _moved(self) -> bool:
        try:
            present: int = self._db.execute("pragma data_version").fetchall()[0][0]
        except sqlite3.Error:
            return True  # who reads what changed is told why not
        moved, self._version = present != self._version, present
        return moved
