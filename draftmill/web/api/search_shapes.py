"""What a search answers."""

from typing import Annotated

from pydantic import Field

from draftmill.search.words import QUERY_CHARACTERS
from draftmill.web.api.shapes import Id, Moment, Query, Shape


class SearchQuery(Query):
    q: Annotated[str, Field(max_length=QUERY_CHARACTERS, description="Words to search for.")] = ""


class FoundTitle(Shape):
    """A project whose title, context or file's name has the words."""

    project_id: Id
    title: str
    created_at: Moment


class FoundSentence(Shape):
    """A sentence of a transcript that has all words."""

    project_id: Id
    title: str = Field(description="Of its project.")
    start_s: float = Field(description="Its second in the recording.")
    speaker: str
    text: str


class FoundDraft(Shape):
    """A draft that has all words, and some of its text around the first of them."""

    project_id: Id
    type: str
    title: str
    text: str


class SearchResult(Shape):
    """What has all words, the newest first; of each kind and each project only the first few."""

    projects: list[FoundTitle]
    sentences: list[FoundSentence]
    drafts: list[FoundDraft]
