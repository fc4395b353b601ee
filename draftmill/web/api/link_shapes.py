"""What the API takes and gives of links to files."""

from typing import Literal

from draftmill.web.api.shapes import Moment, Query, Shape


class Link(Shape):
    """An address that opens one file without a token, for a day or until the password changes."""

    url: str
    expires_at: Moment


class DraftLinkQuery(Query):
    format: Literal["md", "html", "zip", "docx", "txt"] = "md"


class TranscriptLinkQuery(Query):
    format: Literal["txt", "srt", "vtt", "json"] = "txt"
