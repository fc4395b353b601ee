"""The life of a job: every change of state is one guarded UPDATE in one transaction.

`pending -> running -> succeeded | failed | cancelled`. The number `attempt` fences what a
worker writes: after a new claim, everything the old attempt still tries changes no row.
What a person asks for (start, retry) stands in orders.py.
"""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from draftmill import changes, notifications, policies
from draftmill.errors import NotFound, Problem
from draftmill.policies import INGEST
from draftmill.store import now, transaction

ACTIVE = ("pending", "running")
INGEST_ENDED = "ingest_ended"


class Fenced(Exception):
    """This attempt has lost its job: another claimed it, or it ended. Stop, and write nothing."""


class Crashed(Problem):
    code = "crashed"
    default_hint = "Press Retry. If it happens again, use a smaller model or give it more memory."


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


_COLUMNS = ", ".join(f.name for f in fields(Job))


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
    row = db.execute(f"select {_COLUMNS} from jobs where id = ?", (job_id,)).fetchone()
    return job_of(row) if row else None


def job_for(db: sqlite3.Connection, user_id: int, job_id: str) -> Job:
    """A user's own job. Raises NotFound, also for other people's."""
    job = find(db, job_id)
    if job is None or job.user_id != user_id:
        raise NotFound
    return job


def newest(db: sqlite3.Connection, project_id: str, task_type: str) -> Job | None:
    """The newest job of a type in a project."""
    row = db.execute(
        f"select {_COLUMNS} from jobs where project_id = ? and type = ? order by n desc limit 1",
        (project_id, task_type),
    ).fetchone()
    return job_of(row) if row else None


_DUE = (
    "status = 'pending' and queue = :queue"
    " and (after_job_id is null or exists"
    "  (select 1 from jobs first where first.id = jobs.after_job_id and first.status = 'succeeded'))"
    " and (run_after is null or run_after <= :now or :now < delayed_at)"
)


def due(db: sqlite3.Connection, queue: str) -> int:
    """How many jobs of a queue could start now."""
    row = db.execute(
        f"select count(*) from jobs where {_DUE}", {"queue": queue, "now": now()}
    ).fetchone()
    return int(row[0])


def claim_next(db: sqlite3.Connection, queue: str) -> Job | None:
    """Take the oldest due job of a queue, for one new attempt."""
    with transaction(db):
        row = db.execute(
            "update jobs set status = 'running', attempt = attempt + 1, run_after = null,"
            " delayed_at = null, message = '', started_at = coalesce(started_at, :now),"
            " updated_at = :now, progressed_at = null"
            f" where n = (select n from jobs where {_DUE} order by n limit 1)"
            f" returning {_COLUMNS}",
            {"queue": queue, "now": now()},
        ).fetchone()
        if row is None:
            return None
        job = job_of(row)
        _changed(db, job)
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
        _skip(db, job_id, stage)
        warn(db, job_id, attempt, warning)


def _skip(db: sqlite3.Connection, job_id: str, stage: str) -> None:
    db.execute(
        "update jobs set skipped = json_insert(skipped, '$[#]', ?) where id = ?", (stage, job_id)
    )


def succeed(
    db: sqlite3.Connection, job_id: str, attempt: int, result_ref: str | None = None
) -> Job:
    """The job is done. What it made is committed in the same transaction or before."""
    with transaction(db):
        row = db.execute(
            "update jobs set status = 'succeeded', done = coalesce(total, done), result_ref = ?,"
            " message = '', completed_at = ?, updated_at = ?"
            f" where id = ? and attempt = ? and status = 'running' returning {_COLUMNS}",
            (result_ref, now(), now(), job_id, attempt),
        ).fetchone()
        if row is None:
            raise Fenced
        job = job_of(row)
        log(db, job.id, attempt, "Done")
        notifications.tell(db, job.user_id, job.id, "succeeded")
        _changed(db, job)
        if job.type == INGEST:
            _wake_dependents(db, job)
    return job


def _wake_dependents(db: sqlite3.Connection, ingest: Job) -> None:
    for row in db.execute(
        f"select {_COLUMNS} from jobs where after_job_id = ? and status = 'pending'", (ingest.id,)
    ).fetchall():
        _changed(db, job_of(row))


def _leave(
    db: sqlite3.Connection, job: Job, attempt: int, status: str, **columns: object
) -> Job | None:
    """Every way out of running but success: a recorded wish to cancel wins. None: not ours."""
    if status != "pending":
        columns["completed_at"] = now()
    assignments = "".join(f", {name} = :{name}" for name in columns)
    row = db.execute(
        "update jobs set updated_at = :updated_at" + assignments + ", status ="
        " case when cancel_requested_at is null then :status else 'cancelled' end"
        f" where id = :id and attempt = :attempt and status = 'running' returning {_COLUMNS}",
        columns | {"id": job.id, "attempt": attempt, "status": status, "updated_at": now()},
    ).fetchone()
    if row is None:
        return None
    left = job_of(row)
    if left.status == "cancelled":
        _cancelled(db, left, attempt)
    elif left.status == "failed":
        notifications.tell(db, left.user_id, left.id, "failed")
    if left.type == INGEST and not left.active:
        _cancel_dependents(db, left)
    _changed(db, left)
    return left


def _cancelled(db: sqlite3.Connection, job: Job, attempt: int) -> None:
    db.execute(
        "update jobs set completed_at = ?, run_after = null, delayed_at = null, message = '',"
        " error_code = null, error_message = null, error_hint = null where id = ?",
        (now(), job.id),
    )
    log(db, job.id, attempt, "Cancelled")


def _cancel_dependents(db: sqlite3.Connection, ingest: Job) -> None:
    reason = "was cancelled" if ingest.status == "cancelled" else "failed"
    for row in db.execute(
        "update jobs set status = 'cancelled', error_code = ?, error_message = ?, error_hint = ?,"
        " completed_at = ?, updated_at = ? where after_job_id = ? and status = 'pending'"
        f" returning {_COLUMNS}",
        (
            INGEST_ENDED,
            f"The transcription {reason}.",
            "It starts by itself when you transcribe again.",
            now(),
            now(),
            ingest.id,
        ),
    ).fetchall():
        job = job_of(row)
        log(db, job.id, job.attempt, f"Cancelled, because the transcription {reason}")
        _changed(db, job)


def fail(
    db: sqlite3.Connection,
    job: Job,
    attempt: int,
    problem: Problem,
    error_id: str | None = None,
    ran_s: float = 0.0,
) -> Job | None:
    """The job cannot be done. None if this attempt had already lost it."""
    with transaction(db):
        left = _leave(
            db,
            job,
            attempt,
            "failed",
            error_code=problem.code,
            error_message=problem.message,
            error_hint=problem.hint,
            error_id=error_id,
            ran_s=job.ran_s + ran_s,
        )
        if left and left.status == "failed":
            log(db, job.id, attempt, str(problem), "error")
    return left


def retry_later(
    db: sqlite3.Connection, job: Job, attempt: int, problem: Problem, pace: float = 1.0
) -> Job | None:
    """Try again after a transient problem, or fail when its retries are used up.

    `pace` stretches the policy's delays; a wait that a server asked for is kept.
    """
    policy = policies.of(job.type)
    with transaction(db):
        present = find(db, job.id)
        if present is None:
            return None
        if present.retries >= policy.retries:
            return fail(db, present, attempt, problem)
        delay_s = pace * policy.delays_s[min(present.retries, len(policy.delays_s) - 1)]
        delay_s = max(delay_s * random.uniform(0.9, 1.1), problem.retry_after_s or 0.0)  # noqa: S311
        left = _leave(
            db,
            present,
            attempt,
            "pending",
            retries=present.retries + 1,
            run_after=now(delay_s),
            delayed_at=now(),
            message=problem.message,
        )
        if left and left.status == "pending":
            log(db, job.id, attempt, f"{problem} Next try in {delay_s:.0f} s.", "warning")
    return left


def crashed(
    db: sqlite3.Connection,
    job: Job,
    attempt: int,
    reason: str,
    delay_s: float = 5.0,
    ran_s: float = 0.0,
) -> Job | None:
    """The attempt's process ended without ending its job. None if it had ended it."""
    with transaction(db):
        present = find(db, job.id)
        if present is None or present.attempt != attempt or present.status != "running":
            return None
        policy = policies.of(present.type)
        counts = {
            "crashes": present.crashes + 1,
            "crashes_in_a_row": present.crashes_in_a_row + 1,
            "ran_s": present.ran_s + ran_s,
        }
        log(db, job.id, attempt, f"Interrupted: {reason}", "warning")
        worn_out = counts["crashes_in_a_row"] >= policy.crashes
        if (
            worn_out
            and present.stage in policy.optional
            and counts["crashes"] < policy.crashes_in_all
        ):
            _skip(db, job.id, present.stage)
            warn(db, job.id, attempt, f"The stage “{present.stage}” was left out: {reason}.")
            return _leave(db, present, attempt, "pending", **counts | {"crashes_in_a_row": 0})
        if worn_out or counts["crashes"] >= policy.crashes_in_all:
            times = counts["crashes_in_a_row"] if worn_out else counts["crashes"]
            where = f" in the stage “{present.stage}”" if present.stage else " while starting"
            problem = Crashed(f"The worker stopped {_times(int(times))}{where}: {reason}.")
            db.execute("update jobs set crashes = ? where id = ?", (counts["crashes"], job.id))
            return fail(db, present, attempt, problem, ran_s=ran_s)
        delays = {"run_after": now(delay_s), "delayed_at": now()}
        later = delays if counts["crashes_in_a_row"] > 1 else {}
        return _leave(db, present, attempt, "pending", **counts, **later)


def _times(n: int) -> str:
    return {1: "once", 2: "twice", 3: "three times"}.get(n, f"{n} times")


def release(db: sqlite3.Connection, job: Job, attempt: int) -> Job | None:
    """Give a running job back at a clean stop: nothing is counted, it is due at once."""
    with transaction(db):
        return _leave(db, job, attempt, "pending")


def cancel(db: sqlite3.Connection, job: Job) -> Job:
    """End a pending job now; record the wish for a running one. An ended job stays as it is."""
    with transaction(db):
        row = db.execute(
            "update jobs set cancel_requested_at = coalesce(cancel_requested_at, :now),"
            " status = case status when 'pending' then 'cancelled' else status end,"
            " completed_at = case status when 'pending' then :now end, updated_at = :now"
            f" where id = :id and status in ('pending', 'running') returning {_COLUMNS}",
            {"id": job.id, "now": now()},
        ).fetchone()
        if row is None:
            return find(db, job.id) or job
        wished = job_of(row)
        if wished.status == "cancelled":
            _cancelled(db, wished, wished.attempt)
            if wished.type == INGEST:
                _cancel_dependents(db, wished)
        _changed(db, wished)
        return find(db, job.id) or wished


def orphans(db: sqlite3.Connection, queue: str) -> list[Job]:
    """The running jobs of a queue: when its consumer starts, nobody is at work on them."""
    rows = db.execute(
        f"select {_COLUMNS} from jobs where queue = ? and status = 'running'", (queue,)
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


def _changed(db: sqlite3.Connection, job: Job) -> None:
    changes.record(db, "job", job.id, job.user_id)


def _changed_id(db: sqlite3.Connection, job_id: str) -> None:
    (user_id,) = db.execute("select user_id from jobs where id = ?", (job_id,)).fetchone()
    changes.record(db, "job", job_id, user_id)
