"""What a stage holds in its hands: its job, its database connection, and ways to report."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from draftmill.clock import now
from draftmill.jobs import running
from draftmill.jobs.job import Job
from draftmill.settings import Settings

Ending = Callable[[sqlite3.Connection], str | None]


class Attempt:
    """One attempt at one job, as its stages see it.

    Only the attempt's main thread may touch `db`, `fenced`, `log` and `warn`; `progress`
    may be called from any thread. Files that are to stay go below `folder`.
    """

    def __init__(
        self,
        settings: Settings,
        db: sqlite3.Connection,
        job: Job,
        project: sqlite3.Row,
        folder: Path,
    ) -> None:
        self.settings = settings
        self.db = db
        self.job = job
        self.project = project
        self.folder = folder
        self.ending: Ending | None = None
        self._lock = threading.Lock()
        # Held while progress is written, so that a locked database never silences the beat.
        self._writing = threading.Lock()
        self._latest: tuple[float, float | None, str, str] | None = None
        self._start: float | None = None
        self._advanced = False
        self._began = time.monotonic()

    @contextmanager
    def fenced(self) -> Iterator[sqlite3.Connection]:
        """The transaction for a stage's output. Raises running.Fenced when the job is lost."""
        with running.fenced(self.db, self.job) as db:
            yield db

    def progress(
        self, done: float, total: float | None = None, unit: str = "", message: str = ""
    ) -> None:
        """Say how many measured units are done, of `total` (None where nobody can know)."""
        with self._lock:
            if self._start is None:
                self._start = done
            if self._latest is None or done > self._latest[0]:
                self._advanced = True
            self._latest = (done, total, unit, message)

    def log(self, message: str, level: str = "info") -> None:
        """Add a line to the job's log."""
        running.note(self.db, self.job, message, level)

    def warn(self, message: str) -> None:
        """Add a warning that the user sees on the finished job."""
        running.warn(self.db, self.job, message)

    def at_the_end(self, ending: Ending) -> None:
        """Run `ending` in the transaction in which the job succeeds; it returns the result's name."""
        self.ending = ending

    def checkpoint(self, stage: str, input_hash: str) -> dict[str, Any] | None:
        """What `keep` stored for this job or the ones it retries, for the same input."""
        row = self.db.execute(
            "select state from checkpoints where origin_id = ? and stage = ? and input_hash = ?",
            (self.job.origin_id, stage, input_hash),
        ).fetchone()
        return json.loads(row[0]) if row else None

    def shared_checkpoint(self, stage: str, input_hash: str) -> dict[str, Any] | None:
        """What `keep` stored for any job of this project, for the same input."""
        row = self.db.execute(
            "select state from checkpoints where stage = ? and input_hash = ?"
            " and origin_id in (select origin_id from jobs where project_id = ?) limit 1",
            (stage, input_hash, self.job.project_id),
        ).fetchone()
        return json.loads(row[0]) if row else None

    def keep(self, stage: str, input_hash: str, state: dict[str, Any]) -> None:
        """Store an intermediate result, so that no retry pays for it twice."""
        with self.fenced() as db:
            db.execute(
                "insert or replace into checkpoints values (?, ?, ?, ?, ?)",
                (self.job.origin_id, stage, input_hash, json.dumps(state), now()),
            )

    def enter(self, stage: str, step: int, steps: int) -> None:
        """Begin a stage: what an earlier one reported no longer counts."""
        with self._writing:
            with self._lock:
                self._latest = self._start = None
                self._advanced = True
            running.begin_stage(self.db, self.job, stage, step, steps)

    def report(self, db: sqlite3.Connection, last: object) -> object:
        """Write the latest progress if it differs from `last`; `db` belongs to the caller's thread."""
        with self._writing:
            with self._lock:
                latest, start = self._latest, self._start
            if latest is None or latest is last:
                return last
            running.progress(db, self.job, *latest, start or 0.0)
            return latest

    def count(self, db: sqlite3.Connection) -> None:
        """Note how long this attempt has taken; `db` belongs to the caller's thread."""
        running.count_time(db, self.job, time.monotonic() - self._began)

    def touch(self) -> None:
        """Count as getting on, without measured units: something else holds us up, and is seen to."""
        with self._lock:
            self._advanced = True

    def latest(self) -> tuple[float, float | None, str, str] | None:
        """What the present stage reported last: done, total, unit, message."""
        with self._lock:
            return self._latest

    def advanced(self) -> bool:
        """Whether measured units advanced since this was last asked."""
        with self._lock:
            advanced, self._advanced = self._advanced, False
        return advanced
