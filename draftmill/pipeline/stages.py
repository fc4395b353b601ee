"""The stages of each task type, and the loop that runs them."""

import importlib
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from draftmill import endings, jobs, policies
from draftmill.errors import Problem
from draftmill.policies import INGEST
from draftmill.work import Work

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """One step of a job. `weight` is its share of the time; `function` is "module:name".

    Modules are imported when their stage begins: some cost half a second.
    """

    name: str
    label: str
    weight: float
    function: str

    def load(self) -> Callable[[Work], None]:
        module, _, name = self.function.partition(":")
        function: Callable[[Work], None] = getattr(importlib.import_module(module), name)
        return function


TRANSCRIBE = Stage("transcribe", "Transcribing", 88, "draftmill.pipeline.transcribe:transcribe")
SCREENSHOTS = Stage(
    "screenshots", "Taking screenshots", 8, "draftmill.pipeline.screenshots:take_screenshots"
)
CHAPTERS = Stage("chapters", "Finding chapters", 4, "draftmill.pipeline.chapters:find_chapters")
WRITE = Stage("write", "Writing", 100, "draftmill.pipeline.drafting:write_draft")

STAGES: dict[tuple[str, str], tuple[Stage, ...]] = {
    (INGEST, "media"): (TRANSCRIBE, SCREENSHOTS, CHAPTERS),
    (INGEST, "transcript"): (CHAPTERS,),
}


def stages_of(task_type: str, source: str) -> tuple[Stage, ...]:
    """The stages of a job, given what its project was made from."""
    return STAGES.get((task_type, source), (WRITE,))


def run(work: Work) -> None:
    """Run every stage, each committing its output before the next; then end the job.

    Raises what a stage raised, unless the stage is optional: then it is left out, and the
    job succeeds with a warning.
    """
    stages = stages_of(work.job.type, work.project["source"])
    for step, stage in enumerate(stages):
        if stage.name in work.job.skipped:
            continue
        work.enter(stage.name, step, len(stages))
        began = time.monotonic()
        if _run_one(work, stage):
            took_s = time.monotonic() - began
            jobs.end_stage(work.db, work.job.id, work.job.attempt, stage.name, stage.label, took_s)
    with work.fenced() as db:
        result = work.ending(db) if work.ending else None
        endings.succeed(db, work.job.id, work.job.attempt, result)


def _run_one(work: Work, stage: Stage) -> bool:
    """Whether the stage is complete; False when it was left out."""
    optional = stage.name in policies.of(work.job.type).optional
    try:
        stage.load()(work)
    except (jobs.Fenced, MemoryError, sqlite3.OperationalError):
        raise
    except Problem as problem:
        if not optional or problem.transient:
            raise
        _leave_out(work, stage, str(problem))
    except Exception:
        if not optional:
            raise
        logger.exception("%s was left out of job %s", stage.name, work.job.id)
        _leave_out(work, stage, "an unexpected error; the server log has it.")
    else:
        return True
    return False


def _leave_out(work: Work, stage: Stage, reason: str) -> None:
    jobs.skip(
        work.db,
        work.job.id,
        work.job.attempt,
        stage.name,
        f"{stage.label} was left out: {reason}",
    )
