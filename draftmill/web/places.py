"""Who waits at which place, in memory: told in every answer, and worked out when something changed.

So a job that waits is not rendered again because another one ended.
"""

import sqlite3
import time
from contextlib import closing

from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.database.connection import connect, snapshot
from draftmill.jobs.job import ACTIVE
from draftmill.jobs.line import Line, Place, line_of
from draftmill.settings import Settings

OLD_S = 5.0  # the expected ends of running jobs move while they run


class Places:
    """The lines of all queues, as of their last change. Any thread may ask."""

    def __init__(self, settings: Settings) -> None:
        self._workers = {"media": settings.media_workers, "writing": settings.writing_workers}
        self._lines: tuple[Line, ...] = ()
        self._statuses: dict[str, str] = {}  # of the active jobs that were heard of
        self._seen = 0
        self._looked = 0.0
        with closing(connect(settings.database)) as db:
            self._look(db)

    def place(self, n: int) -> Place | None:
        """The place of a pending job by its number; None if it is in no line."""
        return next((line.places[n] for line in self._lines if n in line.places), None)

    def end(self, n: int) -> float | None:
        """When a job is likely to end, in seconds since 1970; None where nobody knows."""
        return next((line.ends[n] for line in self._lines if n in line.ends), None)

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread: progress alone moves nobody."""
        if change.kind != "job":
            return
        moved = self._moved(db, change.object_id)
        # What was read already was read with all changes until then.
        if (moved and change.version > self._seen) or time.monotonic() - self._looked > OLD_S:
            self._look(db)

    def _moved(self, db: sqlite3.Connection, job_id: str) -> bool:
        row = db.execute("select status from jobs where id = ?", (job_id,)).fetchone()
        status = row["status"] if row and row["status"] in ACTIVE else ""
        before = self._statuses.pop(job_id, "")
        if status:
            self._statuses[job_id] = status
        return status != before or not status

    def _look(self, db: sqlite3.Connection) -> None:
        with snapshot(db):
            self._seen = changes.latest(db)
            self._lines = tuple(line_of(db, *queue) for queue in self._workers.items())
        self._looked = time.monotonic()
