"""The stages of each task type, and the loop that runs them."""

import importlib
import logging
import sqlite3
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from draftmill import endings, jobs, policies, troubles
from draftmill.errors import Problem
from draftmill.policies import INGEST
from draftmill.work import Work

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """One step of a job. `weight` is its share of the time; `function` is "module:name".

    Modules are imported when their stage begins: some cost half a second. What `commits` has
    its output committed when it ends, and is not run again by a later attempt; else the output
    is part of the job's last commit.
    """

    name: str
    label: str
    weight: float
    function: str
    commits: bool = True

    def load(self) -> Callable[[Work], None]:
        module, _, name = self.function.partition(":")
        function: Callable[[Work], None] = getattr(importlib.import_module(module), name)
        return function


TRANSCRIBE = Stage("transcribe", "Transcribing", 88, "draftmill.pipeline.transcribe:transcribe")
SCREENSHOTS = Stage(
    "screenshots", "Taking screenshots", 8, "draftmill.pipeline.screenshots:take_screenshots"
)
CHAPTERS = Stage("chapters", "Finding chapters", 4, "draftmill.pipeline.chapters:find_chapters")
WRITE = Stage("write", "Writing", 100, "draftmill.pipeline.drafting:write_draft", commits=False)

STAGES: dict[tuple[str, str], tuple[Stage, ...]] = {
    (INGEST, "media"): (TRANSCRIBE, SCREENSHOTS, CHAPTERS),
    (INGEST, "transcript"): (CHAPTERS,),
}


def stages_of(task_type: str, source: str) -> tuple[Stage, ...]:
    """The stages of a job, given what its project was made from."""
    return STAGES.get((task_type, source), (WRITE,))


def doing(stage: str) -> str:
    """What a job in a stage is doing, for a sentence: "transcribing"; before any stage "starting"."""
    every = {known.name: known.label for row in STAGES.values() for known in (*row, WRITE)}
    label = every.get(stage, "Starting")
    return label[:1].lower() + label[1:]


def run(work: Work) -> None:
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
            jobs.end_stage(work.db, work.job.id, work.job.attempt, stage.name, stage.label, took_s)
    with work.fenced() as db:
        work.count(db)
        result = work.ending(db) if work.ending else None
        endings.succeed(db, work.job.id, work.job.attempt, result)


def _run_one(work: Work, stage: Stage) -> bool:
    """Whether the stage is complete; False when it was left out."""
    optional = stage.name in policies.of(work.job.type).optional
    try:
        stage.load()(work)
    except (jobs.Fenced, MemoryError):
        raise
    except Exception as error:
        if _lost(work):
            # Its rows went while it was at work, with the project perhaps: no error of ours.
            raise jobs.Fenced from error
        problem = troubles.named(error)
        if not optional or (problem and problem.transient and not _retries_used(work)):
            if problem is None or problem is error:
                raise
            raise problem from error
        _leave_out(work, stage, problem or error)
    else:
        return True
    return False


def _lost(work: Work) -> bool:
    """Whether this attempt has no job any more; False where the database does not tell."""
    try:
        present = jobs.find(work.db, work.job.id)
    except sqlite3.Error:
        return False
    return present is None or (present.attempt, present.status) != (work.job.attempt, "running")


def _retries_used(work: Work) -> bool:
    present = jobs.find(work.db, work.job.id)
    return present is None or present.retries >= policies.of(work.job.type).retries


def _leave_out(work: Work, stage: Stage, error: Exception) -> None:
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
    jobs.skip(
        work.db,
        work.job.id,
        work.job.attempt,
        stage.name,
        f"{stage.label} was left out: {reason}",
    )
