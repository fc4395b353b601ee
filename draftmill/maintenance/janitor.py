"""Hourly cleaning: what is stuck is failed, what nobody needs is deleted, what was done is noted."""

import contextlib
import json
import logging
import sqlite3
import time
from dataclasses import asdict, dataclass
from threading import Event

from draftmill.clock import now
from draftmill.database.connection import WORKER_PATIENCE_S, connect, transaction
from draftmill.maintenance.chores import CHORES
from draftmill.maintenance.rounds import DAY_S, Cleaning, Report, SilentRounds, Stopped
from draftmill.settings import Settings

logger = logging.getLogger(__name__)
RUNS_KEPT_S = 3 * DAY_S


@dataclass(frozen=True)
class Run:
    """A round that was noted: when, as UTC text, and what was done."""

    at: str
    report: Report


class Janitor:
    """Cleans one data folder. Remembers from round to round which running jobs are silent."""

    def __init__(self, settings: Settings, stop: Event | None = None) -> None:
        self.settings = settings
        self.stop = stop or Event()
        self._steady_zero_s = time.time() - _steady_s()
        self._silent_rounds: SilentRounds = {}

    def clean(self, db: sqlite3.Connection) -> Report:
        """Do every chore once; one that fails stops no other. Raises Stopped."""
        work = Cleaning(self.settings, self._moment(), self._silent_rounds, self.stop)
        for chore in CHORES:
            try:
                chore(work, db)
            except (sqlite3.Error, OSError):
                logger.exception("the janitor could not %s", chore.__name__)
                work.report.failed.append(chore.__name__)
        _note(db, work)
        if str(work.report):
            logger.info("janitor: %s", work.report)
        return work.report

    def _moment(self) -> float:
        """The present in Unix seconds: by the wall clock, or by a steady one if that is earlier.

        So a clock that jumps ahead makes nothing old, and one that is set back does not either.
        """
        return min(time.time(), self._steady_zero_s + _steady_s())


def _steady_s() -> float:
    """Seconds of a clock that nobody sets, and that counts on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _note(db: sqlite3.Connection, done: Cleaning) -> None:
    with transaction(db):
        db.execute(
            "insert or replace into janitor_runs (at, report) values (?, ?)",
            (now(), json.dumps(asdict(done.report))),
        )
        db.execute("delete from janitor_runs where at < ?", (done.before(RUNS_KEPT_S),))


def last_run(db: sqlite3.Connection) -> Run | None:
    """The newest round; None when there was none yet."""
    row = db.execute("select at, report from janitor_runs order by at desc limit 1").fetchone()
    return Run(row["at"], Report(**json.loads(row["report"]))) if row else None


def keep_clean(settings: Settings, stop: Event) -> None:
    """Clean now and every hour, until `stop`. Runs in a thread of `serve`."""
    logger.setLevel(logging.INFO)
    janitor = Janitor(settings, stop)
    with contextlib.closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        while True:
            try:
                janitor.clean(db)
            except Stopped:
                return
            except Exception:
                logger.exception("the janitor failed")
            if stop.wait(settings.clean_every_s):
                return
