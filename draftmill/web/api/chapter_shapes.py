"""What the API takes and gives of a transcript's chapters."""

from typing import Annotated

from pydantic import Field

from draftmill.transcripts.chapter_edits import LONGEST
from draftmill.web.api.shapes import Shape

SentenceNumber = Annotated[int, Field(ge=1, le=10**9, description="Counted from 1.")]
BasedOn = Annotated[
    str | None,
    Field(max_length=40, description="The `tag` that the change was made from; else 409."),
]
Of = Annotated[
    int | None,
    Field(
        ge=1,
        le=10**9,
        description="How many sentences there were when you read their numbers; else 409.",
    ),
]
Change = Annotated[
    int | None,
    Field(description="By which it is undone; null where nothing was to be changed."),
]
Title = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST}, max_length=4096)]


class Chapter(Shape):
    """A titled span of the recording."""

    n: int
    start_s: float
    end_s: float
    title: str


class Chapters(Shape):
    """The chapters of the present transcript, in the order of time."""

    items: list[Chapter]
    tag: str = Field(description="Differs as soon as any of them does.")


class ChangedChapters(Chapters):
    """The chapters after a change."""

    change: Change


class ChapterChanges(Shape):
    """What shall be changed of a chapter: either of the two."""

    title: Title | None = None
    sentence: SentenceNumber | None = Field(
        default=None, description="The number of the sentence that it shall start with."
    )
    of: Of = None
    based_on: BasedOn = None


class FirstChapter(Shape):
    """The chapter of a transcript that has none."""

    title: Title
    based_on: BasedOn = None


class NewChapter(FirstChapter):
    """A chapter that starts within another."""

    sentence: SentenceNumber
    of: Of = None


class ChapterBase(Shape):
    """What a change was made from."""

    based_on: BasedOn = None
