"""The loop that runs the stages of a job, each committing its output before the next."""

import importlib
import logging
import sqlite3
import time
from collections.abc import Callable

from draftmill import errors
from draftmill.errors import Problem
from draftmill.jobs import endings, history, policies, running
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.engines import engine_of
from draftmill.jobs.job import find_job
from draftmill.jobs.stages import Stage, stages_of
from draftmill.logs import error_id

logger = logging.getLogger(__name__)


def run(attempt: Attempt) -> None:
    """Run every stage, each committing its output before the next; then end the job.

    Raises what a stage raised, errors of the system and of SQLite as the Problems that they
    are. An optional stage is left out instead, and the job succeeds with a warning; but first
    what may heal by itself is tried as often as its policy says.
    """
    _look_ahead(attempt)
    stages = stages_of(attempt.job.type, attempt.project["source"], attempt.job.parameters)
    for step, stage in enumerate(stages):
        done = stage.commits and stage.name in attempt.job.stage_times
        if done or stage.name in attempt.job.skipped:
            continue
        attempt.enter(stage.name, step, len(stages))
        began = time.monotonic()
        if _run_one(attempt, stage):
            took_s = time.monotonic() - began
            running.end_stage(attempt.db, attempt.job, stage, took_s)
    with attempt.fenced() as db:
        attempt.count(db)
        result = attempt.ending(db) if attempt.ending else None
        endings.succeed(db, attempt.job, result)


def _look_ahead(attempt: Attempt) -> None:
    """Say what does the work, and what it is expected to take."""
    db, job, project = attempt.db, attempt.job, attempt.project
    source = project["source"]
    model = engine_of(attempt.settings, job.type, source, without_model=job.without_model).model
    size = history.size_of(db, project, job.type)
    running.begin(db, job, model, size, history.expected(db, job.type, source, model, size))


def _run_one(attempt: Attempt, stage: Stage) -> bool:
    """Whether the stage is complete; False when it was left out."""
    try:
        _function_of(stage)(attempt)
    except (running.Fenced, MemoryError):
        raise
    except Exception as error:
        if not isinstance(error, Problem) and errors.lacks_memory(error):
            raise MemoryError from error
        if _lost(attempt):
            # Its rows went while it was at attempt, with the project perhaps: no error of ours.
            raise running.Fenced from error
        problem = errors.named(error)
        if not stage.optional or (problem and problem.transient and not _retries_used(attempt)):
            if problem is None or problem is error:
                raise
            raise problem from error
        _leave_out(attempt, stage, problem or error)
    else:
        return True
    return False


def _function_of(stage: Stage) -> Callable[[Attempt], None]:
    module, _, name = stage.function.partition(":")
    function: Callable[[Attempt], None] = getattr(importlib.import_module(module), name)
    return function


def _lost(attempt: Attempt) -> bool:
    """Whether this attempt has no job any more; False where the database does not tell."""
    try:
        present = find_job(attempt.db, attempt.job.id)
    except sqlite3.Error:
        return False
    return present is None or (present.attempt, present.status) != (attempt.job.attempt, "running")


def _retries_used(attempt: Attempt) -> bool:
    present = find_job(attempt.db, attempt.job.id)
    return present is None or present.retries >= policies.of(attempt.job.type).retries


def _leave_out(attempt: Attempt, stage: Stage, error: Exception) -> None:
    reason = str(error)
    if not isinstance(error, Problem):
        where = stage.name, attempt.job.id
        unforeseen = error_id(logger, "%s was left out of job %s", *where, error=error)
        reason = f"an unexpected error, {unforeseen} in the server log."
    running.skip(attempt.db, attempt.job, stage.name, f"{stage.label} was left out: {reason}")
