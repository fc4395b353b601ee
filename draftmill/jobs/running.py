"""What an attempt writes while it runs: every line fenced by its number."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.jobs.job import Job
from draftmill.jobs.log import log_line


class Fenced(Exception):
    """This attempt has lost its job: another claimed it, or it ended. Stop, and write nothing."""


@contextmanager
def fenced(db: sqlite3.Connection, job_id: str, attempt: int) -> Iterator[sqlite3.Connection]:
    """The transaction in which an attempt commits what it made. Raises Fenced if it lost its job.

    A commit that added something shows that the job gets on: crashes and retries in a row
    are forgiven.
    """
    with transaction(db):
        _hold(db, job_id, attempt)
        before = db.total_changes
        yield db
        if db.total_changes > before:
            db.execute("update jobs set retries = 0, crashes_in_a_row = 0 where id = ?", (job_id,))


def _hold(db: sqlite3.Connection, job_id: str, attempt: int) -> None:
    held = db.execute(
        "update jobs set updated_at = ? where id = ? and attempt = ? and status = 'running'",
        (now(), job_id, attempt),
    )
    if held.rowcount == 0:
        raise Fenced


def begin_stage(
    db: sqlite3.Connection, job_id: str, attempt: int, stage: str, step: int, steps: int
) -> None:
    """Say which stage begins, and log how long the one before it took."""
    with transaction(db):
        _hold(db, job_id, attempt)
        db.execute(
            "update jobs set stage = ?, step = ?, steps = ?, done = 0, total = null, unit = '',"
            " message = '', stage_started_at = ?, stage_from = 0 where id = ?",
            (stage, step, steps, now(), job_id),
        )
        _changed_id(db, job_id)


def end_stage(
    db: sqlite3.Connection, job_id: str, attempt: int, stage: str, label: str, took_s: float
) -> None:
    """Note that a stage is complete and what it took."""
    with transaction(db):
        _hold(db, job_id, attempt)
        db.execute(
            "update jobs set stage_times = json_set(stage_times, '$.' || ?, ?) where id = ?",
            (stage, took_s, job_id),
        )
        log_line(db, job_id, attempt, f"{label}: done in {took_s:.1f} s")


def progress(
    db: sqlite3.Connection,
    job_id: str,
    attempt: int,
    done: float,
    total: float | None,
    unit: str,
    message: str,
    start: float,
) -> None:
    """Say how far the present stage is. `start` is where this attempt began to count."""
    with transaction(db):
        _hold(db, job_id, attempt)
        db.execute(
            "update jobs set done = ?, total = ?, unit = ?, message = ?, stage_from = ?,"
            " progressed_at = updated_at where id = ?",
            (done, total, unit, message, start, job_id),
        )
        _changed_id(db, job_id)


def note(
    db: sqlite3.Connection, job_id: str, attempt: int, message: str, level: str = "info"
) -> None:
    """A running attempt's line in the log. Talking is no progress: nothing is forgiven for it."""
    with transaction(db):
        _hold(db, job_id, attempt)
        log_line(db, job_id, attempt, message, level)


def warn(db: sqlite3.Connection, job_id: str, attempt: int, message: str) -> None:
    """Add a warning that the user sees on the finished job. The same one only once."""
    with transaction(db):
        _hold(db, job_id, attempt)
        added = db.execute(
            "update jobs set warnings = json_insert(warnings, '$[#]', ?) where id = ?"
            " and not exists (select 1 from json_each(warnings) where value = ?)",
            (message, job_id, message),
        )
        if added.rowcount:
            log_line(db, job_id, attempt, message, "warning")


def skip(db: sqlite3.Connection, job_id: str, attempt: int, stage: str, warning: str) -> None:
    """Leave out an optional stage, and say so."""
    with transaction(db):
        _hold(db, job_id, attempt)
        mark_skipped(db, job_id, stage)
        warn(db, job_id, attempt, warning)


def mark_skipped(db: sqlite3.Connection, job_id: str, stage: str) -> None:
    """Leave a stage out from now on, in the caller's transaction."""
    db.execute(
        "update jobs set skipped = json_insert(skipped, '$[#]', ?) where id = ?", (stage, job_id)
    )


def count_time(db: sqlite3.Connection, job: Job, seconds: float) -> None:
    """Note that an attempt, `job` as it was claimed, has taken so long until now.

    Child and supervisor both count, so that the limit on all attempts holds whoever dies. What
    has ended is not touched any more.
    """
    with transaction(db):
        db.execute(
            "update jobs set ran_s = max(ran_s, ?)"
            " where id = ? and attempt = ? and status = 'running'",
            (job.ran_s + seconds, job.id, job.attempt),
        )


def _changed_id(db: sqlite3.Connection, job_id: str) -> None:
    (user_id,) = db.execute("select user_id from jobs where id = ?", (job_id,)).fetchone()
    changes.record(db, "job", job_id, user_id)
