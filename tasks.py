"""The only file that knows Huey: two queues whose messages all say "look".

The jobs table holds the truth. A message may be lost or doubled: a look claims the oldest
due row, sees it through, and looks again until nothing is due.
"""

import json
import logging
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huey import SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from draftmill import endings, jobs, store, supervisor
from draftmill.policies import QUEUES
from draftmill.settings import Settings

logger = logging.getLogger(__name__)


class JsonSerializer(Serializer):  # type: ignore[misc]
    """A message is its id and its task's name: nothing that could run when it is read."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps([data.id, data.name]).encode()

    def _deserialize(self, data: bytes) -> Message:
        id_, name = json.loads(data)
        return Message(id_, name, *[None] * 4, (), {}, *[None] * (len(Message._fields) - 8))


class Queue:
    """One Huey queue: `look` asks for a look from any process, `consume` works in its own."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.workers = getattr(settings, f"{name}_workers")
        self.stop = threading.Event()
        settings.queues.mkdir(parents=True, exist_ok=True)
        self.huey = SqliteHuey(
            name,
            filename=str(_file(settings, name)),
            results=False,
            fsync=False,
            serializer=JsonSerializer(),
        )
        self.look = self.huey.task(name="look")(self._look)

    def nudge_if_due(self, db: sqlite3.Connection) -> None:
        """Replace messages that were lost, and start what has become due."""
        if self.huey.pending_count() < jobs.due(db, self.name, self.workers):
            self.look()

    def _look(self) -> None:
        db = store.connect(self.settings.database, store.WORKER_PATIENCE_S)
        try:
            while not self.stop.is_set():
                job = jobs.claim_next(db, self.name)
                if job is None:
                    return
                supervisor.see_through(self.settings, db, job, self.stop)
                nudge(self.settings)
        finally:
            db.close()

    def consume(self) -> None:
        """Work on this queue until a signal says stop. A running row of it is an orphan."""
        db = store.connect(self.settings.database, store.WORKER_PATIENCE_S)
        for job in jobs.orphans(db, self.name):
            endings.crashed(
                db, job, job.attempt, "its worker was stopped", self.settings.crash_delay_s
            )
        db.close()
        consumer = Consumer(
            self.huey,
            workers=self.workers,
            periodic=False,
            initial_delay=0.05,
            max_delay=0.05,
            backoff=1,
            scheduler_interval=60,
            graceful_signal="TERM",
            shutdown_timeout=3,
        )
        consumer._signal_actions.pop(signal.SIGHUP, None)
        self.stop = consumer.stop_flag
        consumer.run()


_queues: dict[tuple[str, Path], Queue] = {}


def queue(name: str, settings: Settings) -> Queue:
    """The queue of that name, opened once for each data folder."""
    key = (name, settings.data)
    if key not in _queues:
        _queues[key] = Queue(name, settings)
    return _queues[key]


def nudge(settings: Settings) -> None:
    """Nudge every queue: what one job ended may have freed another."""
    for name in QUEUES:
        with _failure_logged(name):
            queue(name, settings).look()


def nudge_if_due(settings: Settings, db: sqlite3.Connection) -> None:
    """Nudge each queue that has due work and too few messages."""
    for name in QUEUES:
        with _failure_logged(name):
            queue(name, settings).nudge_if_due(db)


@contextmanager
def _failure_logged(name: str) -> Iterator[None]:
    """A nudge that fails, even in opening its file, stops nobody: the timer nudges again."""
    try:
        yield
    except Exception:
        logger.warning("the queue %s could not be nudged", name, exc_info=True)


def throw_away(settings: Settings) -> None:
    """Delete the queue files: they hold nothing but "look", and a corrupt one must not stop us."""
    for name in QUEUES:
        for suffix in ("", "-wal", "-shm"):
            _file(settings, name).with_name(f"{name}.db{suffix}").unlink(missing_ok=True)


def _file(settings: Settings, name: str) -> Path:
    return settings.queues / f"{name}.db"
