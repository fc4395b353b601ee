"""Sleeping until any connection of any process has committed."""

import math
import sqlite3
import time
from pathlib import Path

from draftmill.processes.doorbell import Doorbell

SOONEST_S = 0.0003  # between two looks: a commit is many writes, and they ring many times
QUICK = 4  # looks, one soon after the other, before anybody is patient: few disks take longer
PATIENCE = 0.5  # the pause before the next look, as a share of the time since the bell,
LONGEST_S = 0.25  # but no longer,
SLOW_S = 10.0  # until so long after it


class Commits:
    """Hears of the commits of all other connections, for the thread of `db`.

    A commit is first written to the write-ahead log, which rings, then synced, which takes a
    moment or, on a slow disk, seconds, and only then to be seen. So after the bell it is looked
    for again and again, each time after a longer pause.
    """

    def __init__(self, db: sqlite3.Connection, database: Path, blind_s: float) -> None:
        """Hear of what is committed from now on. Without a bell it is looked for every `blind_s`."""
        self._db = db
        self._bell = Doorbell(database.with_name(f"{database.name}-wal"), blind_s)
        self._rang_at = -math.inf
        self._version = 0
        self._moved()

    def wait(self, most_s: float) -> bool:
        """Sleep until something was committed, at most so long. Whether it was, or cannot be told."""
        until = time.monotonic() + most_s
        while not self._bell.ended:
            left_s = until - time.monotonic()
            if self._look_after(min(left_s, self._pause_s())):
                return True
            if left_s <= 0:
                return False
        return False

    def end(self) -> None:
        """No wait sleeps from now on. Any thread may call."""
        self._bell.end()

    def close(self) -> None:
        self._bell.close()

    def _pause_s(self) -> float:
        since_s = time.monotonic() - self._rang_at
        if since_s > SLOW_S:
            return math.inf
        return max(SOONEST_S, min(PATIENCE * since_s, LONGEST_S))

    def _look_after(self, pause_s: float) -> bool:
        """Look after a pause, or sooner if it rings. Whether something was committed."""
        if self._bell.wait(max(pause_s, 0.0)):
            self._rang_at = time.monotonic()
            return any(self._look_soon() for _ in range(QUICK))
        moved = self._moved()
        if moved:
            # What could not be seen before the pause is, and nobody rang in it: nobody writes.
            self._rang_at = -math.inf
        return moved

    def _look_soon(self) -> bool:
        time.sleep(SOONEST_S)
        return self._moved()

    def _moved(self) -> bool:
        try:
            present: int = self._db.execute("pragma data_version").fetchall()[0][0]
        except sqlite3.Error:
            return True  # who reads what changed is told why not
        moved, self._version = present != self._version, present
        return moved
