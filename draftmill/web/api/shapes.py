"""What the API takes and gives: declared once, for checking, for answering, for OpenAPI."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from draftmill.jobs.wishes import INSTRUCTIONS_LIMIT
from draftmill.notifications.channels import ADDRESS_CHARACTERS, NAME_CHARACTERS
from draftmill.notifications.preferences import MOST_MINUTES
from draftmill.projects.details import CONTEXT_LIMIT, TITLE_LIMIT
from draftmill.projects.listing import QUERY_CHARACTERS

Status = Literal["pending", "running", "succeeded", "failed", "cancelled"]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
PAGE = 20
MOST = 100


class Shape(BaseModel):
    """An object with these members and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


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
    estimated_end_at: Moment | None = Field(description="Null when nothing is known.")
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


class Channel(Shape):
    """Where else you are told of what ended. Its address is told to nobody."""

    id: int
    kind: str = Field(description="“mail”, “webhook”, or the scheme of a service.")
    name: str
    created_at: Moment


class ChannelList(Shape):
    """Your channels, in the order in which they were added."""

    items: list[Channel]


class NewChannel(Shape):
    """A channel to add: an e-mail address, an address of a service, or a webhook's."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_CHARACTERS)]
    address: Annotated[str, Field(min_length=1, max_length=ADDRESS_CHARACTERS)]


class AddedChannel(Channel):
    """A new channel."""

    signing_key: str | None = Field(
        description="Signs what a webhook gets; told only now. Null for other kinds."
    )


class Delivery(Shape):
    """What came of one try."""

    about: str = Field(description="What was to be told, in a line.")
    outcome: Literal["sent", "later", "failed"] = Field(
        description="“later”: it failed for now, and is tried again unless it was a test."
    )
    message: str = Field(description="Why it was not sent, for a person.")
    hint: str
    answer: str = Field(description="What the other side said, in short.")
    took_s: float
    at: Moment


class DeliveryList(Shape):
    """The newest tries of a channel, newest first."""

    items: list[Delivery]


class Preferences(Shape):
    """Where you are told of what ended, and outside of the app of what."""

    where: Literal["in", "out", "both"] = Field(
        description="In the app, by your channels, or both."
    )
    minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES)] = Field(
        description="By channels only of jobs that took as long, from the click."
    )
    only_away: bool = Field(description="By channels only when no page of yours was open.")


class ResultsWanted(Shape):
    """Jobs whose results are wanted in one zip."""

    jobs: Annotated[list[Id], Field(min_length=1, max_length=MOST)]


class Link(Shape):
    """An address that opens one file without a token, for a day or until the password changes."""

    url: str
    expires_at: Moment


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


class Project(Shape):
    """One recording or transcript, with a title and free-text context."""

    id: Id
    title: str
    context: str
    source: Literal["media", "transcript"]
    file_name: str
    media_type: str
    bytes: int
    duration_s: float | None
    width: int | None
    height: int | None
    language: str = Field(description="The code that was chosen; empty: found out by itself.")
    draft_language: str = Field(
        description="The code in which drafts are written; empty: as in the account."
    )
    has_recording: bool = Field(description="False once the recording was deleted.")
    transcript_url: str | None = Field(
        description="The transcript as text; .srt and .vtt lie beside it."
    )
    drafts: list[str] = Field(description="The content types that have a draft.")
    created_at: Moment


class ProjectWithJobs(Project):
    """A project and the newest job of each type."""

    jobs: list[Job]


class ProjectPage(Shape):
    """Projects, newest first."""

    items: list[Project]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class BinnedProject(Project):
    """A project in the bin: everything else about it answers with 404 until it is restored."""

    binned_at: Moment
    deleted_at: Moment = Field(description="When it is deleted for good.")


class BinPage(Shape):
    """What is in the bin, what was put there last first."""

    items: list[BinnedProject]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class Draft(Shape):
    """The current text of one content type. Its ETag is what a save names in If-Match."""

    project_id: Id
    type: str
    version: int = Field(description="Counts the versions of this draft from 1.")
    author: Literal["writer", "person"]
    model: str = Field(description="What wrote it: a model's name, “extractive”, or empty.")
    prompt_version: int | None = Field(
        description="Of the prompt of its kind; null for Draftmill's own."
    )
    title: str
    body: str | list[str] = Field(description="Markdown; for posts the list of their texts.")
    preview: str = Field(description="A newsletter's preview text.")
    offered_version: int | None = Field(description="A newer text by the writer, not shown yet.")
    downloads: dict[str, str] = Field(description="Addresses by format: md, html, zip, docx, txt.")
    created_at: Moment
    updated_at: Moment


class DraftList(Shape):
    """The drafts of a project."""

    items: list[Draft]


Types = Annotated[
    list[str], Field(description="Content types to draft, such as “blog” and “twitter”.")
]
# What is longer is refused by the domain, in the words that every door has.
Title = Annotated[str, Field(json_schema_extra={"maxLength": TITLE_LIMIT})]
Context = Annotated[str, Field(json_schema_extra={"maxLength": CONTEXT_LIMIT})]


class NewProject(Shape):
    """What a project is made from: an upload that is complete, or the text of a transcript."""

    upload: str | None = Field(
        default=None, description="The id of a finished upload (see /uploads, tus 1.0)."
    )
    sha256: str | None = Field(
        default=None, description="What the uploaded file has; checked, in hexadecimal."
    )
    transcript_text: str | None = Field(
        default=None,
        description="A transcript: plain text, captions or JSON in any format of docs/transcripts.md.",
    )
    title: Title = ""
    context: Context = ""
    language: str = Field(default="", description="A code such as “en”; empty: find out.")
    types: Types = []


class NewProjectForm(Shape):
    """The same as a form; the file goes straight to the disk, however large it is."""

    recording: bytes | None = Field(default=None, description="One audio or video file.")
    transcript: bytes | None = Field(
        default=None, description="A transcript as a file, in any format of docs/transcripts.md."
    )
    transcript_text: str = ""
    upload: str = ""
    sha256: str = ""
    title: Title = ""
    context: Context = ""
    language: str = ""
    types: Types = []


class ProjectChanges(Shape):
    """What is left out stays as it is; an empty title keeps the old one."""

    title: Title | None = None
    context: Context | None = None
    draft_language: str | None = Field(
        default=None, description="The code in which drafts are written; empty: as in the account."
    )


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
        description="Of an ingest only “screenshots” or “chapters”, with all else as it is.",
    )
    without_model: bool = Field(
        default=False, description="An outline in the speaker's own words, whatever model is set."
    )


class NewText(Shape):
    """A person's text, saved as a version. What is left out stays as it is."""

    body: str | list[str] = Field(description="Markdown; for posts the list of their texts.")
    title: str | None = None
    preview: str | None = None


class FieldError(Shape):
    at: str
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457. `code` is stable; `message` and `hint` are for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message: str
    hint: str
    errors: list[FieldError] = []
    kept_version: int | None = None
    current_version: int | None = None


class Query(BaseModel):
    """Parameters of an address: texts that are read as what they mean."""

    model_config = ConfigDict(extra="forbid")


Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}$", description="“next” of the page before.")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many items a page has at most.")]


class ProjectQuery(Query):
    q: Annotated[str, Field(max_length=QUERY_CHARACTERS, description="Words to search for.")] = ""
    cursor: Cursor | None = None
    limit: Limit = PAGE


class RemovalQuery(Query):
    now: Annotated[bool, Field(description="For good, not into the bin.")] = False


class BinQuery(Query):
    cursor: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")] | None = None
    limit: Limit = PAGE


class JobQuery(Query):
    project: Annotated[str, Field(max_length=64)] | None = None
    status: Status | None = None
    type: Annotated[str, Field(max_length=64)] | None = None
    cursor: Cursor | None = None
    limit: Limit = PAGE


class DraftLinkQuery(Query):
    format: Literal["md", "html", "zip", "docx", "txt"] = "md"


class TranscriptLinkQuery(Query):
    format: Literal["txt", "srt", "vtt", "json"] = "txt"


class LogQuery(Query):
    cursor: Cursor | None = None
    limit: Limit = MOST
