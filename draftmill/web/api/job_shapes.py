"""What the API takes and gives of jobs."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.jobs.wishes import INSTRUCTIONS_LIMIT
from draftmill.projects.listing import QUERY_CHARACTERS
from draftmill.web.api.shapes import MOST, PAGE, Cursor, Id, Limit, Moment, Query, Shape, Speakers

Status = Literal["pending", "running", "succeeded", "failed", "cancelled"]


class JobError(Shape):
    """Why a job failed, or was cancelled by another's end."""

    code: str = Field(description="Stable; programs may rely on it.")
    message: str = Field(description="What happened, for a person.")
    hint: str = Field(description="What to do next.")
    error_id: str | None = Field(description="Where to look in the server log.")


class Retries(Shape):
    """Transient failures in a row, and how many there may be before the job fails."""

    used: int
    of: int


class EndRange(Shape):
    """Between these a running job ends, four times of five or more often."""

    earliest: Moment
    latest: Moment


class Job(Shape):
    """One run of one task type on one project."""

    id: Id
    project_id: Id
    type: str = Field(description="“ingest”, or the content type that is written.")
    status: Status
    stage: str = Field(description="The present stage, empty before the first.")
    step: int = Field(description="The present stage's number from 1, 0 before the first.")
    steps: int = Field(description="How many stages the job has.")
    progress_pct: int | None = Field(description="0 to 100; null while nobody can measure it.")
    message: str = Field(description="What the job says of itself right now.")
    warnings: list[str] = Field(description="What went less well, of a job that went well.")
    retries: Retries
    interruptions: int = Field(description="How often its worker died and was replaced.")
    retry_of: Id | None = Field(description="The job that this one tries again.")
    waits_for: Id | None = Field(description="The ingest that comes first.")
    instructions: str
    without_model: bool = Field(description="It writes an outline, whatever model is set.")
    cancellable: bool
    rev: int = Field(description="Grows with every change of the job.")
    error: JobError | None
    result_url: str | None = Field(description="Where the result is, once it succeeded.")
    created_at: Moment
    started_at: Moment | None
    retry_at: Moment | None = Field(description="When a pending job is tried again.")
    estimated_end_at: Moment | None = Field(description="Null when too little is known.")
    estimated_end_range: EndRange | None = Field(
        description="Null while the job does not run, and when the range is too wide to help."
    )
    completed_at: Moment | None


class JobPage(Shape):
    """Jobs, newest first."""

    items: list[Job]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class JobFilter(Shape):
    """Which of your jobs: all that match each member. What is left out is any."""

    type: str = Field(default="", description="“ingest”, or a content type.")
    status: Status | None = None
    q: Annotated[str, Field(max_length=QUERY_CHARACTERS)] = Field(
        default="", description="Words in the title of the project."
    )


class JobsChanged(Shape):
    """The jobs that were changed or made."""

    jobs: list[Id]
    more: bool = Field(description="There are more that match: send it once again.")


class JobsCleared(Shape):
    """How many ended jobs the page of all jobs shows no more. They stay here."""

    cleared: int


class ResultsWanted(Shape):
    """Jobs whose results are wanted in one zip."""

    jobs: Annotated[list[Id], Field(min_length=1, max_length=MOST)]


class JobEvent(Shape):
    """One server-sent event: “job” with a Job as its data, or “deleted” with an empty object."""

    event: Literal["job", "deleted"]
    id: str | None = Field(default=None, description="The job's rev, for Last-Event-ID.")
    data: str = Field(json_schema_extra={"contentMediaType": "application/json"})


class LogLine(Shape):
    """One line of a job's log. `attempt` is 0 before the first."""

    attempt: int
    level: Literal["info", "warning", "error"]
    message: str
    at: Moment


class LogPage(Shape):
    """Lines of a job's log, oldest first."""

    items: list[LogLine]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class NewJob(Shape):
    """What to do. `language` and `any_language` are for an ingest, the others for a draft."""

    type: str = Field(description="“ingest”, or a content type such as “blog”.")
    instructions: str = Field(default="", json_schema_extra={"maxLength": INSTRUCTIONS_LIMIT})
    language: str | None = Field(
        default=None, description="A code; empty: find out; left out: what the project says."
    )
    any_language: bool = Field(default=False, description="Even if it does not sound like it.")
    model: str = Field(
        default="", description="Of an ingest the speech model; empty: the one of the settings."
    )
    stage: str = Field(
        default="",
        description="Of an ingest only “screenshots”, “chapters” or “voices”, with all else as it is.",
    )
    speakers: Speakers | None = Field(
        default=None,
        description="Of an ingest: how many people speak, as a new project has it; it stays the project's.",
    )
    without_model: bool = Field(
        default=False, description="An outline in the speaker's own words, whatever model is set."
    )


class JobQuery(Query):
    project: Annotated[str, Field(max_length=64)] | None = None
    status: Status | None = None
    type: Annotated[str, Field(max_length=64)] | None = None
    cursor: Cursor | None = None
    limit: Limit = PAGE


class LogQuery(Query):
    cursor: Cursor | None = None
    limit: Limit = MOST
