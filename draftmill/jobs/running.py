"""What an attempt writes while it runs, fenced by the number that its claimed job carries.

Every verb raises Fenced, and writes nothing, once the job is another attempt's or has ended.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.jobs.history import Guess, as_text
from draftmill.jobs.job import Job, changed
from draftmill.jobs.log import log_line
from draftmill.jobs.stages import Stage


class Fenced(Exception):
    """This attempt has lost its job: another claimed it, or it ended. Stop, and write nothing."""


@contextmanager
def fenced(db: sqlite3.Connection, job: Job) -> Iterator[sqlite3.Connection]:
    """The transaction in which an attempt commits what it made.

    A commit that added something shows that the job gets on: crashes and retries in a row
    are forgiven.
    """
    with transaction(db):
        _hold(db, job)
        before = db.total_changes
        yield db
        if db.total_changes > before:
            db.execute("update jobs set retries = 0, crashes_in_a_row = 0 where id = ?", (job.id,))


def _hold(db: sqlite3.Connection, job: Job) -> None:
    held = db.execute(
        "update jobs set updated_at = ? where id = ? and attempt = ? and status = 'running'",
        (now(), job.id, job.attempt),
    )
    if held.rowcount == 0:
        raise Fenced


def begin(
    db: sqlite3.Connection,
    job: Job,
    model: str,
    size: float | None,
    expected: Mapping[str, Guess],
) -> None:
    """Note what does the work, how much of it there is, and what its stages usually take."""
    with transaction(db):
        _hold(db, job)
        db.execute(
            "update jobs set model = ?, size = ?, expected = ? where id = ?",
            (model, size, as_text(expected), job.id),
        )


def begin_stage(db: sqlite3.Connection, job: Job, stage: str, step: int, steps: int) -> None:
    """Say which stage begins."""
    with transaction(db):
        _hold(db, job)
        db.execute(
            "update jobs set stage = ?, step = ?, steps = ?, done = 0, total = null, unit = '',"
            " message = '', stage_started_at = ?, counted_at = null, stage_from = 0 where id = ?",
            (stage, step, steps, now(), job.id),
        )
        changed(db, job)


def end_stage(db: sqlite3.Connection, job: Job, stage: Stage, took_s: float) -> None:
    """Note that a stage is complete and what it took."""
    with transaction(db):
        _hold(db, job)
        db.execute(
            "update jobs set stage_times = json_set(stage_times, '$.' || ?, ?) where id = ?",
            (stage.name, took_s, job.id),
        )
        log_line(db, job, f"{stage.label}: done in {took_s:.1f} s")


def progress(
    db: sqlite3.Connection,
    job: Job,
    done: float,
    total: float | None,
    unit: str,
    message: str,
    start: float,
) -> None:
    """Say how far the present stage is. `start` is where this attempt began to count."""
    with transaction(db):
        _hold(db, job)
        db.execute(
            "update jobs set done = ?, total = ?, unit = ?, message = ?, stage_from = ?,"
            " progressed_at = updated_at, counted_at = case when ? then coalesce(counted_at, updated_at)"
            " end where id = ?",
            (done, total, unit, message, start, done > start, job.id),
        )
        changed(db, job)


def note(db: sqlite3.Connection, job: Job, message: str, level: str = "info") -> None:
    """A running attempt's line in the log. Talking is no progress: nothing is forgiven for it."""
    with transaction(db):
        _hold(db, job)
        log_line(db, job, message, level)


def warn(db: sqlite3.Connection, job: Job, message: str) -> None:
    """Add a warning that the user sees on the finished job. The same one only once."""
    with transaction(db):
        _hold(db, job)
        added = db.execute(
            "update jobs set warnings = json_insert(warnings, '$[#]', ?) where id = ?"
            " and not exists (select 1 from json_each(warnings) where value = ?)",
            (message, job.id, message),
        )
        if added.rowcount:
            log_line(db, job, message, "warning")


def skip(db: sqlite3.Connection, job: Job, stage: str, warning: str) -> None:
    """Leave out a stage that may fail alone from now on, and say so."""
    with transaction(db):
        warn(db, job, warning)
        db.execute(
            "update jobs set skipped = json_insert(skipped, '$[#]', ?) where id = ?",
            (stage, job.id),
        )


def count_time(db: sqlite3.Connection, job: Job, seconds: float) -> None:
    """Note that an attempt has taken so long until now; what has ended is not touched any more.

    Child and supervisor both count, so that the limit on all attempts holds whoever dies.
    """
    with transaction(db):
        db.execute(
            "update jobs set ran_s = max(ran_s, ?)"
            " where id = ? and attempt = ? and status = 'running'",
            (job.ran_s + seconds, job.id, job.attempt),
        )
