"""What the API takes and gives of the parts of drafts."""

from typing import Annotated

from pydantic import Field

from draftmill.drafts.parts import WISHES
from draftmill.jobs.wishes import INSTRUCTIONS_LIMIT
from draftmill.web.api.shapes import Moment, Shape


class Part(Shape):
    """A paragraph or post, or the title."""

    id: str = Field(
        description="Names it as long as its text stays the same; “title” for the title."
    )
    text: str


class OfferedText(Shape):
    """What could stand in place of a part."""

    text: str
    said_at_s: list[float] = Field(description="Where in the recording, in seconds.")
    to_check: list[str] = Field(description="Its sentences that nothing there bears out.")


class Offer(Shape):
    """What was written in place of a part, until it is taken or dropped."""

    id: int
    part: str = Field(description="The part that it would replace.")
    old: str
    wish: str
    texts: list[OfferedText] = Field(description="One, or for the title several to choose from.")
    created_at: Moment


class Parts(Shape):
    """The parts of a draft in their order, and what is offered in their place, newest first."""

    parts: list[Part]
    offers: list[Offer]


class NewPart(Shape):
    """A part to be written again."""

    part: str = Field(description="The id of the part.")
    wish: str = Field(
        default="",
        description=f"One of {', '.join(WISHES)}, or how it should be in your own words.",
        json_schema_extra={"maxLength": INSTRUCTIONS_LIMIT},
    )


class TakenPart(Shape):
    """Which of the texts."""

    n: Annotated[int, Field(ge=0, le=100)] = 0
