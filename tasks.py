"""The only file that knows Huey: two queues whose messages all say "look".

The jobs table holds the truth. A message may be lost or doubled: a look claims the oldest
due row, sees it through, and looks again until nothing is due.
"""

import contextlib
import json
import logging
import os
import select
import signal
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from huey import SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage

from draftmill import errors
from draftmill.database.commits import Commits
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.jobs.policies import QUEUES
from draftmill.jobs.queue import claim_next, due, until_due_s
from draftmill.logs import tell_seldom
from draftmill.processes.doorbell import Doorbell, ring
from draftmill.settings import Settings
from draftmill.workers import supervisor
from draftmill.workers.consumers import take_over
from draftmill.workers.postman import Postman

logger = logging.getLogger(__name__)
AGAIN_S = 1.0
ASLEEP_S = 60.0  # until what nobody rang for is found
CLOCK_S = 10.0  # until what has become due by a clock that was set, or stood still in a sleep
LOOK_S = 0.05  # where no bell rings
HARMED = (errors.DatabaseDamaged, errors.DatabaseUnreadable, errors.DiskError)
SELDOM_TOLD = (__name__, "huey.consumer.Worker", "huey.consumer.Scheduler")


class JsonSerializer(Serializer):  # type: ignore[misc]
    """A message is its id and its task's name: nothing that could run when it is read."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps([data.id, data.name]).encode()

    def _deserialize(self, data: bytes) -> Message:
        id_, name = json.loads(data)
        return Message(id_, name, *[None] * 4, (), {}, *[None] * (len(Message._fields) - 8))


class QueueFile(SqliteStorage):  # type: ignore[misc]
    """Huey's file, which can be thrown away at any moment and is made anew by whoever comes next.

    One that cannot be read or written throws itself away. It has no write-ahead log: who closed
    an old file would take the log of the new one away by its name. After any error the
    connection is closed: a commit that failed, on a full disk for instance, leaves its
    transaction open in Huey's.
    """

    bell: Doorbell | None = None

    def listen(self) -> None:
        """From now on `dequeue` sleeps until there is a message, or until `bell.end`."""
        self.bell = Doorbell(self._bell_file, LOOK_S)
        self.blocking = True
        self._turn = threading.Lock()

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        super().enqueue(data, priority)
        self.ring()

    def ring(self) -> None:
        """Wake whoever sleeps in `dequeue`."""
        ring(self._bell_file)

    def dequeue(self) -> bytes | None:
        if self.bell is None:
            return self._next()
        with self._turn:  # one thread listens for all
            message = self._next()
            while message is None and not self.bell.ended:
                self.bell.wait(ASLEEP_S)
                message = self._next()
            return message

    @property
    def _bell_file(self) -> Path:
        return Path(f"{self.filename}-bell")

    def _next(self) -> bytes | None:
        message: bytes | None = super().dequeue()
        return message

    def _create_connection(self) -> sqlite3.Connection:
        Path(self.filename).parent.mkdir(parents=True, exist_ok=True)
        connection: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl:
            connection.execute(statement)
        self._inode = _inode(self.filename)
        return connection

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[sqlite3.Cursor]:
        if self._conn is not None and self._inode != _inode(self.filename):
            self._drop()
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except sqlite3.Error as error:
            self._drop()
            if isinstance(errors.named(error), HARMED):
                logger.warning("the queue file %s is made anew: %s", self.filename, error)
                with contextlib.suppress(OSError):
                    _unlink(Path(self.filename))
            raise

    def _drop(self) -> None:
        # Another thread may have closed it a moment ago.
        with contextlib.suppress(AttributeError):
            self.close()


def _inode(file: str) -> int | None:
    try:
        return Path(file).stat().st_ino
    except OSError:
        return None


class Sleeper(Consumer):  # type: ignore[misc]
    """Huey's consumer, which asks for signals ten times a second, asleep until there is one."""

    def run(self) -> None:
        self._signals, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup)
        self._stop_flag_timeout = 0
        self.huey.storage.listen()
        super().run()

    def loop(self, health_check_ts: float | None = None) -> float | None:
        select.select([self._signals], [], [], self._health_check_interval)
        checked: float | None = super().loop(health_check_ts)
        return checked

    def stop(self, graceful: bool = False) -> None:
        self.stop_flag.set()
        self.huey.storage.bell.end()
        super().stop(graceful)


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
            storage_class=QueueFile,
            journal_mode="truncate",
            create_tables=False,
            results=False,
            fsync=False,
            serializer=JsonSerializer(),
        )
        self.look = self.huey.task(name="look")(self._look)

    def nudge_if_due(self, db: sqlite3.Connection) -> float:
        """Replace messages that were lost, and start what has become due.

        Returns the seconds until more will be due, or until this is worth asking again.
        """
        waiting = due(db, self.name, self.workers)
        if not waiting:
            return until_due_s(db, self.name)
        if self.huey.pending_count() < waiting:
            self.look()
        else:
            self.huey.storage.ring()  # who sent the message may have been killed before it rang
        return self.settings.nudge_s

    def _look(self) -> None:
        db = connect(self.settings.database, WORKER_PATIENCE_S)
        try:
            while not self.stop.is_set():
                job = claim_next(db, self.name)
                if job is None:
                    return
                supervisor.see_through(self.settings, db, job, self.stop)
                nudge(self.settings)
        except sqlite3.Error as error:
            # Nothing was claimed. The timer nudges again; a full disk is not asked without pause.
            logger.warning("the %s worker cannot look for work: %s", self.name, error)
            self.stop.wait(AGAIN_S)
        finally:
            db.close()

    def consume(self, because: str) -> None:
        """Work on this queue until a signal says stop.

        A running row of it is an orphan, interrupted `because` of what happened to our
        predecessor, in words.
        """
        tell_seldom(*SELDOM_TOLD)
        take_over(self.settings, self.name, because)
        consumer = Sleeper(
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


def nudge(settings: Settings, names: Iterable[str] = QUEUES) -> None:
    """Nudge queues, all of them if not told which: what one job ended may have freed another."""
    for name in names:
        with _failure_logged(name):
            queue(name, settings).look()


def nudge_if_due(settings: Settings, db: sqlite3.Connection) -> float:
    """Nudge each queue that has due work and too few messages.

    Returns the seconds after which to ask again.
    """
    pauses_s = []
    for name in QUEUES:
        pauses_s.append(settings.nudge_s)  # if it fails
        with _failure_logged(name):
            pauses_s[-1] = queue(name, settings).nudge_if_due(db)
    return min(pauses_s)


def keep_nudging(settings: Settings, stop: threading.Event) -> None:
    """Start what is due, at its time or after a change, until `stop`. Runs in a thread of `serve`.

    Messages that leave the house are sent from here too, beside the queues: none of them waits for
    a job, nor a job for them.
    """
    postman = Postman(settings)
    with (
        closing(connect(settings.database, WORKER_PATIENCE_S)) as db,
        closing(Commits(db, settings.database, settings.nudge_s)) as commits,
    ):
        while not stop.is_set():
            pause_s = min(nudge_if_due(settings, db), _send_due(postman, db, settings.nudge_s))
            if commits.wait(min(pause_s, CLOCK_S)):
                # Who changed something sends a message too, in a moment.
                stop.wait(settings.nudge_s)


def _send_due(postman: Postman, db: sqlite3.Connection, again_s: float) -> float:
    try:
        return postman.send_due(db)
    except Exception:
        logger.warning("messages cannot be sent yet", exc_info=True)
        return again_s


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
        _unlink(_file(settings, name))


def _unlink(file: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def _file(settings: Settings, name: str) -> Path:
    return settings.queues / f"{name}.db"
