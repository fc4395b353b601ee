"""Who waits for news of a job on an open line, and what wakes them."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Sequence

from draftmill.database.changes import Change
from draftmill.errors import Problem

logger = logging.getLogger(__name__)
MOST_STREAMS = 30  # of one user at a time


class TooManyStreams(Problem):
    code = "too_many_streams"
    status = 429
    default_message = f"{MOST_STREAMS} event streams are open already."
    default_hint = "Close some of them, or ask for the jobs' states instead."


class Listener:
    """Someone on the event loop who waits for news of a user's job or of a token."""

    def __init__(self, user_id: int, job_id: str) -> None:
        self.user_id = user_id
        self.job_id = job_id
        self.news = asyncio.Event()
        self.doubtful = False  # whether the token that opened the door may have been revoked
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """Called from any thread."""
        try:
            self._loop.call_soon_threadsafe(self.news.set)
        except RuntimeError:
            logger.debug("the event loop is gone already")


class Streams:
    """The open streams of this process: woken by changes, ended at a stop. Any thread may call."""

    def __init__(self) -> None:
        self.stopping = False
        self._lock = threading.Lock()
        self._open: set[Listener] = set()

    def enter(self, listener: Listener) -> None:
        """Be woken from now on. Raises TooManyStreams."""
        with self._lock:
            if sum(one.user_id == listener.user_id for one in self._open) >= MOST_STREAMS:
                raise TooManyStreams(retry_after_s=5.0)
            self._open.add(listener)

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._open.discard(listener)

    def take(self, db: sqlite3.Connection, changed: Sequence[Change]) -> None:
        """Hear of changes, in the watcher's thread, after those who keep what is asked for now."""
        doubtful = any(change.kind in ("token", "user") for change in changed)
        jobs = {change.object_id for change in changed if change.kind == "job"}
        for listener in self._present():
            if doubtful or listener.job_id in jobs:
                listener.doubtful |= doubtful
                listener.wake()

    def stop(self) -> None:
        """End all streams: the server is about to leave."""
        self.stopping = True
        for listener in self._present():
            listener.wake()

    def _present(self) -> list[Listener]:
        with self._lock:
            return list(self._open)
