"""What the API takes and gives of drafts."""

from typing import Literal

from pydantic import Field

from draftmill.web.api.shapes import Id, Moment, Shape


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


class NewText(Shape):
    """A person's text, saved as a version. What is left out stays as it is."""

    body: str | list[str] = Field(description="Markdown; for posts the list of their texts.")
    title: str | None = None
    preview: str | None = None
