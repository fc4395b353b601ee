"""What the API takes and gives of projects."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.projects.details import CONTEXT_LIMIT, TITLE_LIMIT
from draftmill.projects.listing import QUERY_CHARACTERS
from draftmill.web.api.job_shapes import Job
from draftmill.web.api.shapes import PAGE, Cursor, Id, Limit, Moment, Query, Shape, Speakers

DraftLanguage = Annotated[
    str,
    Field(description="The code in which drafts are written; empty: as in the account."),
]


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
    draft_language: DraftLanguage
    speakers: str = Field(
        description="How many people speak, as it was told; empty: nobody is told apart by voice."
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
    draft_language: DraftLanguage = ""
    speakers: Speakers = ""
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
    draft_language: DraftLanguage = ""
    speakers: str = ""
    types: Types = []


class ProjectChanges(Shape):
    """What is left out stays as it is; an empty title keeps the old one."""

    title: Title | None = None
    context: Context | None = None
    draft_language: DraftLanguage | None = None


class ProjectQuery(Query):
    q: Annotated[str, Field(max_length=QUERY_CHARACTERS, description="Words to search for.")] = ""
    cursor: Cursor | None = None
    limit: Limit = PAGE


class RemovalQuery(Query):
    now: Annotated[bool, Field(description="For good, not into the bin.")] = False


class BinQuery(Query):
    cursor: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")] | None = None
    limit: Limit = PAGE
