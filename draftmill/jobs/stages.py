"""The stages of each task type: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from draftmill.jobs.policies import FETCH, INGEST


@dataclass(frozen=True)
class Stage:
    """One step of a job. `weight` is its share of the time; `function` is "module:name".

    Modules are imported when their stage begins: some cost half a second. What `commits` has
    its output committed when it ends, and is not run again by a later attempt; else the output
    is part of the job's last commit. What is `optional` may fail alone: the job goes on.
    """

    name: str
    label: str
    weight: float
    function: str
    commits: bool = True
    optional: bool = False


TRANSCRIBE = Stage("transcribe", "Transcribing", 88, "draftmill.pipeline.transcribe:transcribe")
SCREENSHOTS = Stage(
    "screenshots",
    "Taking screenshots",
    8,
    "draftmill.pipeline.screenshots:take_screenshots",
    optional=True,
)
CHAPTERS = Stage(
    "chapters", "Finding chapters", 4, "draftmill.pipeline.chapters:find_chapters", optional=True
)
VOICES = Stage(
    "voices",
    "Telling voices apart",
    8,
    "draftmill.pipeline.voices:tell_voices_apart",
    optional=True,
)
WRITE = Stage("write", "Writing", 100, "draftmill.pipeline.write:write_draft", commits=False)
DOWNLOAD = Stage("download", "Downloading", 93, "draftmill.pipeline.fetch_model:download")
CHECK = Stage("check", "Checking", 5, "draftmill.pipeline.fetch_model:check")
MEASURE = Stage(
    "measure",
    "Measuring how fast it writes",
    2,
    "draftmill.pipeline.fetch_model:measure",
    optional=True,
)
STAGES: dict[tuple[str, str], tuple[Stage, ...]] = {
    (INGEST, "media"): (TRANSCRIBE, SCREENSHOTS, CHAPTERS),
    (INGEST, "transcript"): (CHAPTERS,),
    (FETCH, "transcript"): (DOWNLOAD, CHECK, MEASURE),
}


# What a stage has made that was done alone; without one an ingest makes a transcript.
MADE_ALONE = {SCREENSHOTS.name: "Screenshots", CHAPTERS.name: "Chapters", VOICES.name: "Speakers"}


def stages_of(
    task_type: str, source: str, parameters: Mapping[str, Any] | None = None
) -> tuple[Stage, ...]:
    """The stages of a job, given what its project was made from and what the job was asked.

    Voices are told apart where it was said how many speak, or in a job that does only that.
    """
    stages = STAGES.get((task_type, source), (WRITE,))
    asked = parameters or {}
    voices = bool(asked.get("speakers")) or asked.get("stage") == VOICES.name
    return (*stages, VOICES) if voices and TRANSCRIBE in stages else stages


def stage_named(name: str) -> Stage | None:
    """The stage of a name; None before any has begun."""
    return next(
        (one for row in (*STAGES.values(), (WRITE, VOICES)) for one in row if one.name == name),
        None,
    )


def doing(name: str) -> str:
    """What a job in a stage is doing, for a sentence: "transcribing"; before any stage "starting"."""
    stage = stage_named(name)
    label = stage.label if stage else "Starting"
    return label[:1].lower() + label[1:]


def may_fail_alone(name: str) -> bool:
    """Whether a job goes on without its present stage when that cannot be done."""
    stage = stage_named(name)
    return stage is not None and stage.optional
