"""What a search answers."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.search.words import QUERY_CHARACTERS
from draftmill.web.api.shapes import Cursor, Id, Moment, Query, Shape


class SearchQuery(Query):
    q: Annotated[str, Field(max_length=QUERY_CHARACTERS, description="Words to search for.")] = ""
    kind: Annotated[
        Literal["projects", "sentences", "drafts"] | None,
        Field(description="A page of these alone; without it the first few of each."),
    ] = None
    cursor: Annotated[
        Cursor | None, Field(description="Of `next`, with its kind: where the page begins.")
    ] = None


class FoundTitle(Shape):
    """A project whose title, context or file's name has the words."""

    project_id: Id
    title: str
    created_at: Moment


class FoundSentence(Shape):
    """A sentence of a transcript that has all words."""

    project_id: Id
    title: str = Field(description="Of its project.")
    start_s: float | None = Field(
        description="Its second in the recording; null where times are only guessed."
    )
    speaker: str
    text: str


class FoundDraft(Shape):
    """A draft that has all words, and some of its text around the first of them."""

    project_id: Id
    type: str
    title: str
    text: str


class SearchNext(Shape):
    """The cursor of each kind's next page; null where there is none."""

    projects: str | None
    sentences: str | None
    drafts: str | None


class SearchResult(Shape):
    """What has all words, the newest first; of each project's sentences only the first few.

    A page of sentences may be empty and have a next one: so far down there were none.
    """

    projects: list[FoundTitle]
    sentences: list[FoundSentence]
    drafts: list[FoundDraft]
    next: SearchNext
