"""How jobs leave: each end is one guarded UPDATE, and a recorded wish to cancel wins over all but success."""

import random
import sqlite3

from draftmill import notifications, policies
from draftmill.errors import Problem
from draftmill.jobs import (
    COLUMNS,
    INGEST_ENDED,
    LONGEST_WAIT_S,
    Fenced,
    Job,
    changed,
    find,
    job_of,
    log,
    mark_skipped,
    warn,
)
from draftmill.policies import INGEST
from draftmill.store import now, transaction


class Crashed(Problem):
    code = "crashed"
    default_hint = "Press Retry. If it happens again, use a smaller model or give it more memory."


def succeed(
    db: sqlite3.Connection, job_id: str, attempt: int, result_ref: str | None = None
) -> Job:
    """The job is done. What it made is committed in the same transaction or before."""
    with transaction(db):
        row = db.execute(
            "update jobs set status = 'succeeded', done = coalesce(total, done), result_ref = ?,"
            " message = '', completed_at = ?, updated_at = ?"
            f" where id = ? and attempt = ? and status = 'running' returning {COLUMNS}",
            (result_ref, now(), now(), job_id, attempt),
        ).fetchone()
        if row is None:
            raise Fenced
        job = job_of(row)
        log(db, job.id, attempt, "Done")
        notifications.tell(db, job.user_id, job.id, "succeeded")
        changed(db, job)
        if job.type == INGEST:
            _wake_dependents(db, job)
    return job


def _wake_dependents(db: sqlite3.Connection, ingest: Job) -> None:
    for row in db.execute(
        f"select {COLUMNS} from jobs where after_job_id = ? and status = 'pending'", (ingest.id,)
    ).fetchall():
        changed(db, job_of(row))


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
        f" where id = :id and attempt = :attempt and status = 'running' returning {COLUMNS}",
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
    changed(db, left)
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
        f" returning {COLUMNS}",
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
        changed(db, job)


def fail(
    db: sqlite3.Connection,
    job: Job,
    attempt: int,
    problem: Problem,
    error_id: str | None = None,
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
        )
        if left and left.status == "failed":
            log(db, job.id, attempt, str(problem), "error")
    return left


def retry_later(
    db: sqlite3.Connection, job: Job, attempt: int, problem: Problem, pace: float = 1.0
) -> Job | None:
    """Try again after a transient problem, or fail when its retries are used up.

    `pace` stretches the policy's delays; a wait that a server asked for is kept, up to an hour.
    """
    policy = policies.of(job.type)
    with transaction(db):
        present = find(db, job.id)
        if present is None:
            return None
        if present.retries >= policy.retries:
            return fail(db, present, attempt, problem)
        delay_s = pace * policy.delays_s[min(present.retries, len(policy.delays_s) - 1)]
        asked_s = min(problem.retry_after_s or 0.0, LONGEST_WAIT_S)
        delay_s = max(delay_s * random.uniform(0.9, 1.1), asked_s)  # noqa: S311
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
        }
        log(db, job.id, attempt, f"Interrupted: {reason}", "warning")
        worn_out = counts["crashes_in_a_row"] >= policy.crashes
        if (
            worn_out
            and present.stage in policy.optional
            and counts["crashes"] < policy.crashes_in_all
        ):
            mark_skipped(db, job.id, present.stage)
            warn(db, job.id, attempt, f"The stage “{present.stage}” was left out: {reason}.")
            return _leave(db, present, attempt, "pending", **counts | {"crashes_in_a_row": 0})
        if worn_out or counts["crashes"] >= policy.crashes_in_all:
            times = counts["crashes_in_a_row"] if worn_out else counts["crashes"]
            where = f" in the stage “{present.stage}”" if present.stage else " while starting"
            problem = Crashed(f"The worker stopped {_times(int(times))}{where}: {reason}.")
            db.execute("update jobs set crashes = ? where id = ?", (counts["crashes"], job.id))
            return fail(db, present, attempt, problem)
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
            f" where id = :id and status in ('pending', 'running') returning {COLUMNS}",
            {"id": job.id, "now": now()},
        ).fetchone()
        if row is None:
            return find(db, job.id) or job
        wished = job_of(row)
        if wished.status == "cancelled":
            _cancelled(db, wished, wished.attempt)
            if wished.type == INGEST:
                _cancel_dependents(db, wished)
        changed(db, wished)
        return find(db, job.id) or wished
