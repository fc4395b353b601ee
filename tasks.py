"""Two queues of Huey's, whose messages all say "look".

The jobs table holds the truth. A message may be lost or doubled: a look claims the oldest
due row, sees it through, and looks again until nothing is due.
"""

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

from draftmill.database.commits import Commits
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.jobs.policies import QUEUES
from draftmill.jobs.queue import claim_next, due, until_due_s
from draftmill.logs import tell_seldom
from draftmill.settings import Settings
from draftmill.workers import memory_turns, queue_file, supervisor
from draftmill.workers.consumers import take_over
from draftmill.workers.postman import Postman

logger = logging.getLogger(__name__)
AGAIN_S = 1.0
CLOCK_S = 10.0  # until what has become due by a clock that was set, or stood still in a sleep
SELDOM_TOLD = (__name__, queue_file.__name__, "huey.consumer.Worker", "huey.consumer.Scheduler")


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
            storage_class=queue_file.QueueFile,
            journal_mode="truncate",
            create_tables=False,
            results=False,
            fsync=False,
            serializer=queue_file.JsonSerializer(),
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
                if memory_turns.hold_next(self.settings, db, self.name):
                    continue
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
        queue_file.delete(_file(settings, name))


def _file(settings: Settings, name: str) -> Path:
    return settings.queues / f"{name}.db"
