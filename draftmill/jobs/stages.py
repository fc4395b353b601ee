"""The stages of each task type: one table."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from draftmill.jobs.attempt import Attempt
from draftmill.jobs.policies import INGEST


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

    def load(self) -> Callable[[Attempt], None]:
        module, _, name = self.function.partition(":")
        function: Callable[[Attempt], None] = getattr(importlib.import_module(module), name)
        return function


TRANSCRIBE = Stage("transcribe", "Transcribing", 88, "draftmill.pipeline.transcribe:transcribe")
SCREENSHOTS = Stage(
    "screenshots", "Taking screenshots", 8, "draftmill.pipeline.screenshots:take_screenshots"
)
CHAPTERS = Stage("chapters", "Finding chapters", 4, "draftmill.pipeline.chapters:find_chapters")
WRITE = Stage("write", "Writing", 100, "draftmill.pipeline.write:write_draft", commits=False)
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
