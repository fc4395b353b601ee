"""The steps of a job in words, as its panel lists them."""

import sqlite3
from dataclasses import dataclass

from draftmill.jobs import policies
from draftmill.jobs.job import Job
from draftmill.jobs.stages import stages_of
from draftmill.web.views.clocks import elapsed, lasted

# The icon of each state, and its word for who does not see it.
STATES = {
    "done": ("check", "Done"),
    "now": ("loader-circle", "Now"),
    "next": ("clock", "Later"),
    "skipped": ("minus", "Skipped"),
    "failed": ("triangle-alert", "Failed"),
    "held": ("rotate-cw", "Goes on here"),
    "stopped": ("ban", "Stopped"),
}
# How the last stage of a job stands that is not at work.
STOOD = {"pending": "held", "cancelled": "stopped", "failed": "failed", "succeeded": "done"}


@dataclass(frozen=True)
class Step:
    """One line of the list. `state` is one of STATES, `time` a clock, a length or ""."""

    label: str
    state: str
    time: str = ""

    @property
    def icon(self) -> str:
        return STATES[self.state][0]

    @property
    def spoken(self) -> str:
        return STATES[self.state][1]


def steps_of(project: sqlite3.Row, job: Job) -> tuple[Step, ...]:
    """What came before the job, then its stages in their order."""
    steps = [_before(project, job)]
    for n, stage in enumerate(stages_of(job.type, project["source"], job.parameters)):
        took = job.stage_times.get(stage.name)
        if stage.name in job.skipped:
            steps.append(Step(stage.label, "skipped", "left out"))
        elif took is not None and (n < job.step or job.status == "succeeded"):
            steps.append(Step(stage.label, "done", lasted(took)))
        elif n == job.step and job.stage:
            steps.append(_present(stage.label, job))
        else:
            steps.append(Step(stage.label, "next"))
    return tuple(steps)


def _before(project: sqlite3.Row, job: Job) -> Step:
    if job.type == policies.FETCH:
        return Step("Memory and disk suffice", "done")
    if not policies.of(job.type).needs_transcript:
        return Step("Uploaded and checked", "done")
    if project["transcript_id"] is None:
        return Step("Waiting for the transcript", "next")
    return Step("Transcript ready", "done")


def _present(label: str, job: Job) -> Step:
    """The stage that a job is in, or was in when it stopped."""
    if job.status == "running":
        return Step(label, "now", elapsed(job.stage_started_at or job.updated_at))
    return Step(label, STOOD[job.status])
