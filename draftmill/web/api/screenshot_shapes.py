"""What the API takes and gives of the pictures of a recording."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.drafts.placing import LONGEST_ALT
from draftmill.web.api.shapes import Query, Shape

Picture = Annotated[int, Field(ge=1, le=10**6, description="The number of a screenshot.")]
Second = Annotated[int, Field(ge=0, le=10**6, description="Whole seconds of the recording.")]


class Screenshot(Shape):
    """A picture that was on the screen from `time_s` until `end_s`. A draft shows it by its number."""

    n: int
    time_s: float
    end_s: float
    width: int
    height: int
    picture_url: str = Field(description="The picture as JPEG.")


class Screenshots(Shape):
    """The screenshots of a project, in the order of time."""

    items: list[Screenshot]


class PictureQuery(Query):
    size: Annotated[
        Literal["full", "thumb"], Field(description="“thumb” is 320 pixels wide at most.")
    ] = "full"


class ChosenFrame(Shape):
    """What the recording shows at a second, kept as a screenshot."""

    second: Second


class PlacedPicture(Shape):
    """A screenshot to be shown in a draft."""

    screenshot: Picture
    instead_of: Picture | None = Field(
        default=None,
        description="The screenshot whose place it takes; the same number changes its alt text.",
    )
    place: Literal["beside", "end"] = Field(
        default="beside",
        description="Beside what was said when it was shown, or at the end; for a new picture.",
    )
    alt: Annotated[str, Field(max_length=LONGEST_ALT)] | None = Field(
        default=None, description="What it shows, for those who cannot see it."
    )
