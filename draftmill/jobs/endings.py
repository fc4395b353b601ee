"""How jobs leave: each end is one guarded UPDATE, and a recorded wish to cancel wins over all but success."""

import random
import sqlite3

from draftmill.clock import length, now
from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.jobs import policies
from draftmill.jobs.job import COLUMNS, INGEST_ENDED, Job, changed, find_job, job_of
from draftmill.jobs.log import log_line
from draftmill.jobs.policies import INGEST, LONGEST_WAIT_S
from draftmill.jobs.running import Fenced, skip
from draftmill.jobs.stages import doing, may_fail_alone
from draftmill.notifications.notify import tell
from draftmill.settings import Settings


class Crashed(Problem):
    code = "crashed"
    default_message = "The worker stopped again and again."
    default_hint = (
        "Press Retry: what was finished is kept. If it happens again, use a smaller model or give"
        " the machine more memory."
    )


class OutOfMemory(Crashed):
    code = "out_of_memory"
    default_message = "The worker ran out of memory again and again."
    default_hint = (
        "Choose a smaller model in the settings, or give the machine more memory; where"
        " DRAFTMILL_JOB_MEMORY is set, raise it and start Draftmill again. Then press Retry: what was"
        " finished is kept."
    )


class NoProgress(Problem):
    code = "no_progress"
    default_message = "There was no progress for too long."
    default_hint = (
        "Press Retry: what was finished is kept. If it happens again, try a smaller model or"
        " another server."
    )


def succeed(db: sqlite3.Connection, job: Job, result_ref: str | None = None) -> Job:
    """The job is done. What it made is committed in the same transaction or before.

    Raises Fenced if this attempt had lost it.
    """
    with transaction(db):
        row = db.execute(
            "update jobs set status = 'succeeded', done = coalesce(total, done), result_ref = ?,"
            " message = '', completed_at = ?, updated_at = ?"
            f" where id = ? and attempt = ? and status = 'running' returning {COLUMNS}",
            (result_ref, now(), now(), job.id, job.attempt),
        ).fetchone()
        if row is None:
            raise Fenced
        job = job_of(row)
        log_line(db, job, "Done")
        tell(db, job.user_id, job.id, "succeeded")
        changed(db, job)
        if job.type == INGEST:
            _free_dependents(db, job)
    return job


def _free_dependents(db: sqlite3.Connection, ingest: Job) -> None:
    for row in db.execute(
        "update jobs set waits = 0 where after_job_id = ? and status = 'pending'"
        f" returning {COLUMNS}",
        (ingest.id,),
    ).fetchall():
        changed(db, job_of(row))


def _leave(db: sqlite3.Connection, job: Job, status: str, **columns: object) -> Job | None:
    """Every way out of running but success: a recorded wish to cancel wins. None: not ours."""
    if status != "pending":
        columns["completed_at"] = now()
    assignments = "".join(f", {name} = :{name}" for name in columns)
    row = db.execute(
        "update jobs set updated_at = :updated_at" + assignments + ", status ="
        " case when cancel_requested_at is null then :status else 'cancelled' end"
        f" where id = :id and attempt = :attempt and status = 'running' returning {COLUMNS}",
        columns | {"id": job.id, "attempt": job.attempt, "status": status, "updated_at": now()},
    ).fetchone()
    if row is None:
        return None
    left = job_of(row)
    if left.status == "cancelled":
        _cancelled(db, left)
    elif left.status == "failed":
        tell(db, left.user_id, left.id, "failed")
    if left.type == INGEST and not left.active:
        _cancel_dependents(db, left)
    changed(db, left)
    return left


def _cancelled(db: sqlite3.Connection, job: Job) -> None:
    db.execute(
        "update jobs set completed_at = ?, run_after = null, delayed_at = null, message = '',"
        " error_code = null, error_message = null, error_hint = null,"
        " error_id = null where id = ?",
        (now(), job.id),
    )
    log_line(db, job, "Cancelled")


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
        log_line(db, job, f"Not written, because the transcription {reason}")
        changed(db, job)


def fail(
    db: sqlite3.Connection, job: Job, problem: Problem, error_id: str | None = None
) -> Job | None:
    """The job cannot be done. None if this attempt had already lost it."""
    with transaction(db):
        left = _leave(
            db,
            job,
            "failed",
            error_code=problem.code,
            error_message=problem.message,
            error_hint=problem.hint,
            error_id=error_id,
        )
        if left and left.status == "failed":
            log_line(db, job, str(problem), "error")
    return left


def fail_waiting(db: sqlite3.Connection, job: Job, problem: Problem) -> Job | None:
    """A pending job that nothing will ever start fails. None if it is not pending any more."""
    with transaction(db):
        taken = db.execute(
            "update jobs set status = 'running' where id = ? and attempt = ? and status = 'pending'",
            (job.id, job.attempt),
        )
        return fail(db, job, problem) if taken.rowcount else None


def retry_later(
    db: sqlite3.Connection, job: Job, problem: Problem, pace: float = 1.0
) -> Job | None:
    """Try again after a transient problem, or fail when its retries are used up.

    `pace` stretches the policy's delays; a wait that a server asked for is kept, up to an hour.
    """
    policy = policies.of(job.type)
    with transaction(db):
        present = _held(db, job)
        if present is None:
            return None
        if present.retries >= policy.retries:
            log_line(db, job, f"Given up after {policy.retries} retries", "warning")
            return fail(db, present, problem)
        delay_s = pace * policy.delays_s[min(present.retries, len(policy.delays_s) - 1)]
        asked_s = min(problem.retry_after_s or 0.0, LONGEST_WAIT_S)
        delay_s = max(delay_s * random.uniform(0.9, 1.1), asked_s)  # noqa: S311
        left = _leave(
            db,
            present,
            "pending",
            retries=present.retries + 1,
            run_after=now(delay_s),
            delayed_at=now(),
            message=problem.message,
        )
        if left and left.status == "pending":
            which = f"Retry {left.retries} of {policy.retries} in {length(delay_s)}"
            log_line(db, job, f"{problem.message} {which}", "warning")
    return left


def wait_for_memory(db: sqlite3.Connection, job: Job, why: str, seconds: float) -> Job | None:
    """Give a running job back that others leave no memory: no try is used up."""
    with transaction(db):
        times = {"run_after": now(seconds), "delayed_at": now(), "held_at": now()}
        left = _leave(db, job, "pending", message=why, **times)
        if left and left.status == "pending":
            log_line(db, job, why)
    return left


def _held(db: sqlite3.Connection, job: Job) -> Job | None:
    """The job as it is now, if this attempt still holds it."""
    present = find_job(db, job.id)
    held = present and present.attempt == job.attempt and present.status == "running"
    return present if held else None


def crashed(
    db: sqlite3.Connection,
    job: Job,
    reason: str,
    delay_s: float = Settings.crash_delay_s,
    kind: type[Crashed] = Crashed,
) -> Job | None:
    """The attempt's process ended without ending its job. None if it had ended it.

    `reason` says how its process ended, `kind` what that is when the job ends of it. The second
    crash in a row waits `delay_s` seconds.
    """
    with transaction(db):
        present = _held(db, job)
        if present is None:
            return None
        in_all, in_a_row = present.crashes + 1, present.crashes_in_a_row + 1
        log_line(db, job, f"Interrupted while {doing(present.stage)}: {reason}", "warning")
        db.execute(
            "update jobs set crashes = ?, crashes_in_a_row = ? where id = ?",
            (in_all, in_a_row, job.id),
        )
        policy = policies.of(present.type)
        if in_all >= policy.crashes_in_all or in_a_row >= policy.crashes:
            times = in_a_row if in_a_row >= policy.crashes else in_all
            alone = in_all < policy.crashes_in_all and may_fail_alone(present.stage)
            return _give_up(db, present, kind(_stopped(present, reason, times)), alone)
        delays = {"run_after": now(delay_s), "delayed_at": now()} if in_a_row > 1 else {}
        return _leave(db, present, "pending", message=_stopped(present, reason), **delays)


def _stopped(job: Job, reason: str, times: int = 0) -> str:
    often = {0: "", 1: " once", 2: " twice", 3: " three times", 10: " ten times"}
    count = often.get(times, f" {times} times")
    return f"The worker stopped{count} while {doing(job.stage)}: {reason}."


def give_up(db: sqlite3.Connection, job: Job, problem: Problem) -> Job | None:
    """Nobody waits any longer for this attempt: fail the job, or go on without its stage."""
    with transaction(db):
        present = _held(db, job)
        if present is None:
            return None
        return _give_up(db, present, problem, may_fail_alone(present.stage))


def _give_up(db: sqlite3.Connection, job: Job, problem: Problem, alone: bool) -> Job | None:
    """A stage that may fail `alone` is left out with a warning: the job goes on behind it."""
    if not alone:
        return fail(db, job, problem)
    skip(db, job, job.stage, f"{problem.message} This step was left out.")
    return _leave(db, job, "pending", crashes_in_a_row=0)


def release(db: sqlite3.Connection, job: Job) -> Job | None:
    """Give a running job back at a clean stop: nothing is counted, it is due at once."""
    with transaction(db):
        left = _leave(db, job, "pending", message="")
        if left and left.status == "pending":
            log_line(db, job, "Draftmill was stopped; work goes on when it is started again")
    return left


def cancel(db: sqlite3.Connection, job: Job) -> Job:
    """End a pending job now; record the wish for a running one. An ended job stays as it is."""
    with transaction(db):
        before = find_job(db, job.id)
        row = db.execute(
            "update jobs set cancel_requested_at = coalesce(cancel_requested_at, :now),"
            " status = case status when 'pending' then 'cancelled' else status end,"
            " completed_at = case status when 'pending' then :now end, updated_at = :now"
            f" where id = :id and status in ('pending', 'running') returning {COLUMNS}",
            {"id": job.id, "now": now()},
        ).fetchone()
        if before is None or row is None:
            return before or job
        wished = job_of(row)
        if wished.status == "running" and before.cancel_requested_at is None:
            log_line(db, wished, "Asked to cancel")
        if wished.status == "cancelled":
            _cancelled(db, wished)
            if wished.type == INGEST:
                _cancel_dependents(db, wished)
        changed(db, wished)
        return find_job(db, job.id) or wished
