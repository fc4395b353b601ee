"""The stages of each task type, and the loop that runs them."""

import logging
import sqlite3
import time
import uuid

from draftmill import errors
from draftmill.errors import Problem
from draftmill.jobs import endings, policies, running
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import find_job
from draftmill.jobs.stages import Stage, stages_of

logger = logging.getLogger(__name__)


def run(work: Attempt) -> None:
    """Run every stage, each committing its output before the next; then end the job.

    Raises what a stage raised, errors of the system and of SQLite as the Problems that they
    are. An optional stage is left out instead, and the job succeeds with a warning; but first
    what may heal by itself is tried as often as its policy says.
    """
    stages = stages_of(work.job.type, work.project["source"])
    for step, stage in enumerate(stages):
        done = stage.commits and stage.name in work.job.stage_times
        if done or stage.name in work.job.skipped:
            continue
        work.enter(stage.name, step, len(stages))
        began = time.monotonic()
        if _run_one(work, stage):
            took_s = time.monotonic() - began
            running.end_stage(
                work.db, work.job.id, work.job.attempt, stage.name, stage.label, took_s
            )
    with work.fenced() as db:
        work.count(db)
        result = work.ending(db) if work.ending else None
        endings.succeed(db, work.job.id, work.job.attempt, result)


def _run_one(work: Attempt, stage: Stage) -> bool:
    """Whether the stage is complete; False when it was left out."""
    optional = stage.name in policies.of(work.job.type).optional
    try:
        stage.load()(work)
    except (running.Fenced, MemoryError):
        raise
    except Exception as error:
        if _lost(work):
            # Its rows went while it was at work, with the project perhaps: no error of ours.
            raise running.Fenced from error
        problem = errors.named(error)
        if not optional or (problem and problem.transient and not _retries_used(work)):
            if problem is None or problem is error:
                raise
            raise problem from error
        _leave_out(work, stage, problem or error)
    else:
        return True
    return False


def _lost(work: Attempt) -> bool:
    """Whether this attempt has no job any more; False where the database does not tell."""
    try:
        present = find_job(work.db, work.job.id)
    except sqlite3.Error:
        return False
    return present is None or (present.attempt, present.status) != (work.job.attempt, "running")


def _retries_used(work: Attempt) -> bool:
    present = find_job(work.db, work.job.id)
    return present is None or present.retries >= policies.of(work.job.type).retries


def _leave_out(work: Attempt, stage: Stage, error: Exception) -> None:
    if isinstance(error, Problem):
        reason = str(error)
    else:
        error_id = uuid.uuid4().hex[:8]
        logger.error(
            "%s was left out of job %s, error %s",
            stage.name,
            work.job.id,
            error_id,
            exc_info=error,
        )
        reason = f"an unexpected error, {error_id} in the server log."
    running.skip(
        work.db,
        work.job.id,
        work.job.attempt,
        stage.name,
        f"{stage.label} was left out: {reason}",
    )
