"""What the API takes and gives of the kinds of draft."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.content_types.placeholders import MEANINGS
from draftmill.content_types.styles import MOST
from draftmill.content_types.wanted import LABEL_CHARACTERS, PROMPT_CHARACTERS, SUMMARY_CHARACTERS
from draftmill.web.api.shapes import Moment, Shape


class ContentType(Shape):
    """One kind of draft."""

    type: str = Field(description="What addresses and jobs call it.")
    label: str
    summary: str
    shape: Literal["article", "posts"]
    limit: int = Field(description="The most characters of a post; 0: no limit.")
    max_posts: int
    title_limit: int = Field(description="The most characters of the title; 0: no limit.")
    has_preview: bool
    button: Literal["Edit", "View"]
    on: bool = Field(description="It is offered; what is off can still be read.")
    every: bool = Field(description="It is chosen beforehand in the form for a new recording.")
    editable: bool = Field(
        description="The owner may change all of it, not only switch and move it."
    )
    prompt: str = Field(description="What the owner asks a model for; empty for Draftmill's own.")
    prompt_version: int = Field(description="0: it came along.")


class ContentTypeList(Shape):
    """All kinds of draft, in their order."""

    items: list[ContentType]


Label = Annotated[str, Field(json_schema_extra={"maxLength": LABEL_CHARACTERS})]
Summary = Annotated[str, Field(json_schema_extra={"maxLength": SUMMARY_CHARACTERS})]
TypePrompt = Annotated[str, Field(json_schema_extra={"maxLength": PROMPT_CHARACTERS})]


class NewContentType(Shape):
    """A kind to add. `limit` and `max_posts` are for posts, the title and preview for articles."""

    label: Label
    summary: Summary = ""
    prompt: TypePrompt = Field(description=f"Text; in braces may stand {', '.join(MEANINGS)}.")
    shape: Literal["article", "posts"]
    button: Literal["Edit", "View"] = "Edit"
    limit: int = 500
    max_posts: int = 1
    title_limit: int = 0
    has_preview: bool = False
    on: bool = True
    every: bool = False


class ContentTypeChanges(Shape):
    """What is left out stays as it is."""

    label: Label | None = None
    summary: Summary | None = None
    prompt: TypePrompt | None = None
    button: Literal["Edit", "View"] | None = None
    limit: int | None = None
    max_posts: int | None = None
    title_limit: int | None = None
    has_preview: bool | None = None
    on: bool | None = None
    every: bool | None = None
    position: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None, description="Its place in the list, from 1."
    )


class PromptVersion(Shape):
    """What a kind asked for once. Version 0 came along."""

    version: int
    text: str
    created_at: Moment | None


class PromptList(Shape):
    """The versions of a prompt, newest first."""

    items: list[PromptVersion]


class Style(Shape):
    """Texts of the user's own: examples of how they write, never of what."""

    texts: list[str] = Field(json_schema_extra={"maxItems": MOST})
