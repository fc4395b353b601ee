"""Which jobs are due, and who takes the next one."""

import math
import sqlite3

from draftmill.clock import moment, now
from draftmill.database.connection import transaction
from draftmill.jobs.job import COLUMNS, Job, changed, job_of
from draftmill.jobs.log import log_line

# Three kinds of due jobs, each found by an index of its own: those that never had to wait, those
# whose time has come, and those that were delayed by a clock that has been set back since.
_DUE = (
    ("run_after is null", "n"),
    ("run_after <= :now", "run_after"),
    ("delayed_at > :now and run_after > :now", "delayed_at"),
)
FIRST_DUE = " union all ".join(
    "select n from (select n from jobs where queue = :queue and status = 'pending' and waits = 0"
    f" and {condition} order by {order} limit :most)"
    for condition, order in _DUE
)


def due(db: sqlite3.Connection, queue: str, most: int) -> int:
    """How many jobs of a queue could start now; no more than `most` are counted."""
    (count,) = db.execute(
        f"select count(*) from ({FIRST_DUE})", {"queue": queue, "now": now(), "most": most}
    ).fetchone()
    return min(int(count), most)


def until_due_s(db: sqlite3.Connection, queue: str) -> float:
    """Seconds until the next job of a queue may start that has to wait for its time; inf for none."""
    (when,) = db.execute(
        "select min(run_after) from jobs where queue = :queue and status = 'pending' and waits = 0"
        " and run_after > :now",
        {"queue": queue, "now": now()},
    ).fetchone()
    return (moment(when) - moment(now())).total_seconds() if when else math.inf


def next_due(db: sqlite3.Connection, queue: str) -> Job | None:
    """The job that would be claimed next."""
    row = db.execute(
        f"select {COLUMNS} from jobs where n = (select min(n) from ({FIRST_DUE}))",
        {"queue": queue, "now": now(), "most": 1},
    ).fetchone()
    return job_of(row) if row else None


def hold(db: sqlite3.Connection, job: Job, why: str, seconds: float) -> None:
    """Put a pending job off for want of memory, unless others did or claimed it: no try is used up."""
    with transaction(db):
        held = db.execute(
            "update jobs set run_after = ?, delayed_at = ?, held_at = coalesce(held_at, ?),"
            " message = ?, updated_at = ? where id = ? and attempt = ? and status = 'pending'"
            " and run_after is ?",
            (now(seconds), now(), now(), why, now(), job.id, job.attempt, job.run_after),
        )
        if held.rowcount and (job.held_at is None or job.message != why):
            log_line(db, job, why)
            changed(db, job)


def claim_next(db: sqlite3.Connection, queue: str) -> Job | None:
    """Take the oldest due job of a queue, for one new attempt."""
    with transaction(db):
        row = db.execute(
            "update jobs set status = 'running', attempt = attempt + 1, run_after = null,"
            " delayed_at = null, held_at = null, message = '', started_at = coalesce(started_at, :now),"
            " updated_at = :now, progressed_at = null"
            f" where n = (select min(n) from ({FIRST_DUE})) returning {COLUMNS}",
            {"queue": queue, "now": now(), "most": 1},
        ).fetchone()
        if row is None:
            return None
        job = job_of(row)
        log_line(db, job, "Work goes on" if job.attempt > 1 else "Work begins")
        changed(db, job)
    return job


def orphans(db: sqlite3.Connection, queue: str) -> list[Job]:
    """The running jobs of a queue: when its consumer starts, nobody is at work on them."""
    rows = db.execute(
        f"select {COLUMNS} from jobs where queue = ? and status = 'running'", (queue,)
    ).fetchall()
    return [job_of(row) for row in rows]
