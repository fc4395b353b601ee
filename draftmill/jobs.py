"""The life of a job: every change of state is one guarded UPDATE in one transaction.

`pending -> running -> succeeded | failed | cancelled`. The number `attempt` fences what a
worker writes: after a new claim, everything the old attempt still tries changes no row.
What a person asks for (start, retry) stands in orders.py, every way out in endings.py.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound

ACTIVE = ("pending", "running")
INGEST_ENDED = "ingest_ended"
LONGEST_WAIT_S = 3600.0


class Fenced(Exception):
    """This attempt has lost its job: another claimed it, or it ended. Stop, and write nothing."""


@dataclass(frozen=True)
class Job:
    """One row of `jobs`. Times are UTC ISO 8601 text, durations in seconds."""

    n: int
    id: str
    project_id: str
    user_id: int
    type: str
    queue: str
    status: str
    stage: str
    done: float
    total: float | None
    unit: str
    message: str
    step: int
    steps: int
    attempt: int
    retries: int
    crashes: int
    crashes_in_a_row: int
    run_after: str | None
    delayed_at: str | None
    after_job_id: str | None
    origin_id: str
    retry_of: str | None
    parameters: dict[str, Any]
    result_ref: str | None
    warnings: tuple[str, ...]
    cancel_requested_at: str | None
    error_code: str | None
    error_message: str | None
    error_hint: str | None
    error_id: str | None
    estimated_s: float | None
    ran_s: float
    created_at: str
    updated_at: str
    started_at: str | None
    progressed_at: str | None
    stage_started_at: str | None
    stage_from: float
    stage_times: dict[str, float]
    skipped: tuple[str, ...]
    completed_at: str | None

    @property
    def active(self) -> bool:
        return self.status in ACTIVE


COLUMNS = ", ".join(f.name for f in fields(Job))


def job_of(row: sqlite3.Row) -> Job:
    """The Job of a full row."""
    values = {f.name: row[f.name] for f in fields(Job)}
    for name in ("parameters", "stage_times"):
        values[name] = json.loads(values[name])
    for name in ("warnings", "skipped"):
        values[name] = tuple(json.loads(values[name]))
    return Job(**values)


def find(db: sqlite3.Connection, job_id: str) -> Job | None:
    """A job by its id, whoever owns it: for workers. Pages use `job_for`."""
    row = db.execute(f"select {COLUMNS} from jobs where id = ?", (job_id,)).fetchone()
    return job_of(row) if row else None


def job_for(db: sqlite3.Connection, user_id: int, job_id: str) -> Job:
    """A user's own job. Raises NotFound, also for other people's."""
    row = db.execute(
        f"select {COLUMNS} from jobs where id = ? and user_id = ?", (job_id, user_id)
    ).fetchone()
    if row is None:
        raise NotFound
    return job_of(row)


def newest(db: sqlite3.Connection, project_id: str, task_type: str) -> Job | None:
    """The newest job of a type in a project."""
    row = db.execute(
        f"select {COLUMNS} from jobs where project_id = ? and type = ? order by n desc limit 1",
        (project_id, task_type),
    ).fetchone()
    return job_of(row) if row else None


# Three kinds of due jobs, each found by an index of its own: those that never had to wait, those
# whose time has come, and those that were delayed by a clock that has been set back since.
_DUE = (
    ("run_after is null", "n"),
    ("run_after <= :now", "run_after"),
    ("delayed_at > :now and run_after > :now", "delayed_at"),
)
_FIRST_DUE = " union all ".join(
    "select n from (select n from jobs where queue = :queue and status = 'pending' and waits = 0"
    f" and {condition} order by {order} limit :most)"
    for condition, order in _DUE
)


def due(db: sqlite3.Connection, queue: str, most: int) -> int:
    """How many jobs of a queue could start now; no more than `most` are counted."""
    (count,) = db.execute(
        f"select count(*) from ({_FIRST_DUE})", {"queue": queue, "now": now(), "most": most}
    ).fetchone()
    return min(int(count), most)


def claim_next(db: sqlite3.Connection, queue: str) -> Job | None:
    """Take the oldest due job of a queue, for one new attempt."""
    with transaction(db):
        row = db.execute(
            "update jobs set status = 'running', attempt = attempt + 1, run_after = null,"
            " delayed_at = null, message = '', started_at = coalesce(started_at, :now),"
            " updated_at = :now, progressed_at = null"
            f" where n = (select min(n) from ({_FIRST_DUE})) returning {COLUMNS}",
            {"queue": queue, "now": now(), "most": 1},
        ).fetchone()
        if row is None:
            return None
        job = job_of(row)
        log(db, job.id, job.attempt, "Work goes on" if job.attempt > 1 else "Work begins")
        changed(db, job)
    return job


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
        log(db, job_id, attempt, f"{label}: done in {took_s:.1f} s")


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
        log(db, job_id, attempt, message, level)


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
            log(db, job_id, attempt, message, "warning")


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


def orphans(db: sqlite3.Connection, queue: str) -> list[Job]:
    """The running jobs of a queue: when its consumer starts, nobody is at work on them."""
    rows = db.execute(
        f"select {COLUMNS} from jobs where queue = ? and status = 'running'", (queue,)
    ).fetchall()
    return [job_of(row) for row in rows]


def log(
    db: sqlite3.Connection, job_id: str, attempt: int, message: str, level: str = "info"
) -> None:
    """Add a line for the user to a job's log."""
    db.execute(
        "insert into job_logs (job_id, attempt, level, message, at) values (?, ?, ?, ?, ?)",
        (job_id, attempt, level, message, now()),
    )


def changed(db: sqlite3.Connection, job: Job) -> None:
    """Note that a job changed, in the transaction that changed it."""
    changes.record(db, "job", job.id, job.user_id)


def _changed_id(db: sqlite3.Connection, job_id: str) -> None:
    (user_id,) = db.execute("select user_id from jobs where id = ?", (job_id,)).fetchone()
    changes.record(db, "job", job_id, user_id)
