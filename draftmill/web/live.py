"""Every pill, rendered once a change and kept: the poll is a dictionary look-up.

One thread asks SQLite whether anything was committed, reads the changes since the last one
it saw, and renders what changed. Sessions live by the same changes.
"""

import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.database.connection import connect
from draftmill.jobs.job import Job, find_job, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.middleware.session_memory import Sessions
from draftmill.web.render import fragment
from draftmill.web.views import pills
from draftmill.web.views.clocks import Timed
from draftmill.web.views.material import material_of

logger = logging.getLogger(__name__)
LOOK_S = 0.02
KEPT = 10_000
Listener = Callable[[sqlite3.Connection, Change], None]


@dataclass(frozen=True)
class Answer:
    """The answer to a poll of one job: whose it is, which state it shows, and its text."""

    user_id: int
    rev: int
    text: Timed


class Live:
    """The pills of all jobs that were asked for or changed lately, newest states only."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self.settings = settings
        self.sessions = sessions
        # Told of every change, in the watcher's thread: what else is kept in memory.
        self.listeners: list[Listener] = []
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._forgotten = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch the database, from now on."""
        db = self._connect()
        seen = changes.latest(db)
        self._thread = threading.Thread(target=self._watch, args=(db, seen), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def get(self, job_id: str) -> Answer | None:
        """The present answer for a job, if it is in memory."""
        return self._answers.get(job_id)

    def read(self, job_id: str) -> Answer | None:
        """The answer for a job from its row. None if there is no such job."""
        with closing(connect(self.settings.database)) as db:
            return self._render(db, job_id)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.settings.database, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        return db

    def _watch(self, db: sqlite3.Connection, seen: int) -> None:
        version = None
        while not self._stop.wait(LOOK_S):
            try:
                present = db.execute("pragma data_version").fetchall()[0][0]
                if present != version:
                    seen = self._catch_up(db, seen)
                    version = present
            except Exception:
                # Whatever it was, the next look tries again: pages must not freeze.
                logger.exception("changes could not be read")
        db.close()

    def _catch_up(self, db: sqlite3.Connection, seen: int) -> int:
        while True:
            new = changes.since(db, seen)
            for change in new:
                try:
                    self._take(db, change)
                except sqlite3.OperationalError:
                    raise
                except Exception:
                    # One object that cannot be shown must not hide what changed after it.
                    logger.exception("%s %s cannot be shown", change.kind, change.object_id)
                    self._forget(change.object_id)
                for listener in self.listeners:
                    listener(db, change)
                seen = change.version
            if not new:
                return seen

    def _take(self, db: sqlite3.Connection, change: Change) -> None:
        if change.kind == "session":
            self.sessions.drop(change.object_id)
        elif change.kind == "user":
            self.sessions.drop_user(change.user_id)
        elif change.kind == "job" and change.deleted:
            self._forget(change.object_id)
        elif change.kind == "job":
            self._render(db, change.object_id)
        elif change.kind == "draft":
            project_id, _, task_type = change.object_id.partition("/")
            job = newest_job(db, project_id, task_type)
            if job:
                self._forget(job.id)

    def _forget(self, job_id: str) -> None:
        with self._lock:
            self._forgotten += 1
            self._answers.pop(job_id, None)

    def _render(self, db: sqlite3.Connection, job_id: str) -> Answer | None:
        forgotten = self._forgotten
        db.execute("begin")
        try:
            job = find_job(db, job_id)
            if job is None:
                return None
            answer = Answer(job.user_id, changes.rev(db, "job", job_id), Timed(poll(db, job)))
        finally:
            db.execute("rollback")
        if job.type != INGEST or job.active:
            self._keep(job_id, answer, forgotten)
        else:
            # The whole transcript comes with it, and it is asked for once: not worth memory.
            self._forget(job_id)
        return answer

    def _keep(self, job_id: str, answer: Answer, forgotten: int) -> None:
        with self._lock:
            present = self._answers.get(job_id)
            if present and present.rev > answer.rev:
                return
            if forgotten != self._forgotten:
                # Perhaps this very one was forgotten while we rendered what it was before.
                return
            self._answers[job_id] = answer
            self._answers.move_to_end(job_id)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)


def poll(db: sqlite3.Connection, job: Job, others: tuple[Job, ...] = ()) -> str:
    """The pill of a job and what comes with it out of band; the same for polls and POSTs.

    Only an ended job brings its second slot, and an ended ingest the material.
    """
    project = row_of(db, job.project_id)
    row = pills.row_of_job(db, project, job.type, job)
    further = [pills.row_of_job(db, project, other.type, other) for other in others]
    ingest_ended = job.type == INGEST and job.status == "succeeded"
    if ingest_ended:
        # What was "Generate when ready" is ready now.
        further += [other for other in pills.rows(db, project) if other.pill.status == "none"]
    return fragment(
        "_answer.html",
        {
            "pill": row.pill,
            "others": [other.pill for other in further],
            "actions": [
                r.actions for r in (row, *further) if r.type != INGEST and not r.pill.active
            ],
            "material": material_of(db, project) if ingest_ended else None,
        },
    )
