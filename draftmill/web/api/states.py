"""The jobs that programs ask about, as JSON in memory: a status is a dictionary look-up.

Fed by the watcher of web/live.py. A job is remembered before its row is first read, so that
no change between the reading and the remembering is lost.
"""

import asyncio
import logging
import sqlite3
import threading
from collections import OrderedDict
from contextlib import closing
from dataclasses import dataclass

from draftmill.database.changes import Change
from draftmill.database.connection import connect
from draftmill.jobs.job import find_job
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.api import representations

logger = logging.getLogger(__name__)
KEPT = 10_000


@dataclass(frozen=True)
class State:
    """One job at one revision. `ended` says that it will never change again."""

    user_id: int
    rev: int
    body: bytes
    ended: bool

    @property
    def etag(self) -> str:
        # Weak: two readings of one revision may guess another end.
        return f'W/"{self.rev}"'


class Listener:
    """Someone on the event loop who waits for news of a job or of a token."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.doubtful = False  # whether the token that opened the door may have been revoked
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """Called from any thread."""
        try:
            self._loop.call_soon_threadsafe(self.news.set)
        except RuntimeError:
            logger.debug("the event loop is gone already")


class States:
    """The states of all jobs that were asked for lately, newest ones only, and who listens."""

    def __init__(self, settings: Settings, most: int = KEPT) -> None:
        self._settings = settings
        self._most = most
        self._lock = threading.Lock()
        self._states: OrderedDict[str, State | None] = OrderedDict()
        self._listeners: dict[Listener, str] = {}

    def get(self, job_id: str) -> State | None:
        """The present state of a job, if it is in memory."""
        return self._states.get(job_id)

    def read(self, job_id: str) -> State | None:
        """The state of a job from its row, kept from now on. None if there is no such job."""
        with closing(connect(self._settings.database)) as db:
            return self.refresh(db, job_id)

    def refresh(self, db: sqlite3.Connection, job_id: str) -> State | None:
        """The same on an open connection: what this process changed is seen at once."""
        with self._lock:
            self._states.setdefault(job_id, None)
        state = _read(db, job_id)
        self._keep(job_id, state)
        return state

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread."""
        if change.kind == "job":
            if change.deleted:
                self._keep(change.object_id, None)
            elif change.object_id in self._states:
                self._follow(db, change.object_id)
            self._wake(change.object_id, doubtful=False)
        elif change.kind in ("token", "user"):
            self._wake(None, doubtful=True)

    def listen(self, job_id: str, listener: Listener) -> None:
        """Be woken at every change of a job, and when a token may have been revoked."""
        with self._lock:
            self._listeners[listener] = job_id

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.pop(listener, None)

    def _wake(self, job_id: str | None, doubtful: bool) -> None:
        with self._lock:
            heard = [one for one, job in self._listeners.items() if job_id in (None, job)]
        for listener in heard:
            listener.doubtful |= doubtful
            listener.wake()

    def _follow(self, db: sqlite3.Connection, job_id: str) -> None:
        try:
            self._keep(job_id, _read(db, job_id))
        except sqlite3.OperationalError:
            raise  # the watcher asks again
        except Exception:
            # It is read again, and the failure told, when somebody asks for it.
            logger.exception("job %s cannot be told", job_id)
            self._keep(job_id, None)

    def _keep(self, job_id: str, state: State | None) -> None:
        with self._lock:
            if state is None:
                self._states.pop(job_id, None)
                return
            if job_id not in self._states:
                return  # deleted, or pushed out, while it was read
            present = self._states[job_id]
            if present is None or present.rev <= state.rev:
                self._states[job_id] = state
            self._states.move_to_end(job_id)
            while len(self._states) > self._most:
                self._states.popitem(last=False)


def _read(db: sqlite3.Connection, job_id: str) -> State | None:
    """One reading in one transaction: state and revision belong together."""
    joined = db.in_transaction
    if not joined:
        db.execute("begin")
    try:
        row = find_job(db, job_id)
        if row is None:
            return None
        shape = representations.job(db, row_of(db, row.project_id), row)
    finally:
        if not joined:
            db.execute("rollback")
    return State(row.user_id, shape.rev, shape.model_dump_json().encode(), not row.active)
