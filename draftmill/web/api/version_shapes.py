"""What the API takes and gives of the versions of a draft, and of what differs between two."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.web.api.shapes import PAGE, Limit, Moment, Query, Shape

Number = Annotated[int, Field(ge=1, le=10**9)]
Body = Annotated[str | list[str], Field(description="Markdown; for posts the list of their texts.")]


class Version(Shape):
    """One text that a draft has had."""

    version: int = Field(description="Counts the versions of this draft from 1.")
    based_on: int | None = Field(description="The version that it was made from.")
    current: bool = Field(description="Whether the draft shows it.")
    author: Literal["writer", "person"]
    model: str = Field(description="What wrote it: a model's name, “extractive”, or empty.")
    title: str
    created_at: Moment
    updated_at: Moment


class WholeVersion(Version):
    """A version with its text."""

    body: Body
    preview: str = Field(description="A newsletter's preview text.")


class VersionPage(Shape):
    """Versions, newest first."""

    items: list[Version]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class VersionQuery(Query):
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Limit = PAGE


class ComparisonQuery(Query):
    new: Annotated[int, Field(ge=1, le=10**9, description="The later version.")]
    old: (
        Annotated[int, Field(ge=1, le=10**9, description="The current one if left out.")] | None
    ) = None


class Piece(Shape):
    """Some words that both have, that are gone, or that are new."""

    kind: Literal["same", "gone", "new"]
    text: str


class Difference(Shape):
    """A place that differs, word by word. “id” names it as long as neither text changes there."""

    id: str
    part: Literal["title", "preview", "paragraph", "post"]
    old: str = Field(description="Empty where it is new.")
    new: str = Field(description="Empty where it is gone.")
    pieces: list[Piece]


class Comparison(Shape):
    """What differs from one version to another, in the order of the text."""

    old: int
    new: int
    words_gone: int
    words_new: int
    differences: list[Difference]


class TakenDifference(Shape):
    """The place of which the draft is to have this version's text."""

    difference: Annotated[str, Field(min_length=1, max_length=100, description="Its “id”.")]
