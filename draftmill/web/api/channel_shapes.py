"""What the API takes and gives of where people are told."""

from typing import Annotated, Literal

from pydantic import Field

from draftmill.notifications.channels import ADDRESS_CHARACTERS, NAME_CHARACTERS
from draftmill.notifications.preferences import MOST_MINUTES
from draftmill.web.api.shapes import Moment, Shape


class Channel(Shape):
    """Where else you are told of what ended. Its address is told to nobody."""

    id: int
    kind: str = Field(description="“mail”, “webhook”, or the scheme of a service.")
    name: str
    created_at: Moment


class ChannelList(Shape):
    """Your channels, in the order in which they were added."""

    items: list[Channel]


class NewChannel(Shape):
    """A channel to add: an e-mail address, an address of a service, or a webhook's."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_CHARACTERS)]
    address: Annotated[str, Field(min_length=1, max_length=ADDRESS_CHARACTERS)]


class AddedChannel(Channel):
    """A new channel."""

    signing_key: str | None = Field(
        description="Signs what a webhook gets; told only now. Null for other kinds."
    )


class Delivery(Shape):
    """What came of one try."""

    about: str = Field(description="What was to be told, in a line.")
    outcome: Literal["sent", "later", "failed"] = Field(
        description="“later”: it failed for now, and is tried again, which a test never is."
    )
    message: str = Field(description="Why it was not sent, for a person.")
    hint: str
    answer: str = Field(description="What the other side said, in short.")
    took_s: float
    at: Moment


class DeliveryList(Shape):
    """The newest tries of a channel, newest first."""

    items: list[Delivery]


class Preferences(Shape):
    """Where you are told of what ended, and outside of the app of what."""

    where: Literal["in", "out", "both"] = Field(
        description="In the app, by your channels, or both."
    )
    minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES)] = Field(
        description="By channels only of jobs that took as long, from the click."
    )
    only_away: bool = Field(description="By channels only when no page of yours was open.")
