"""A user's channels, and what came of what was sent by them, in words."""

import sqlite3
from dataclasses import dataclass

from draftmill.notifications import outbox
from draftmill.notifications.channels import Channel, channels_of
from draftmill.notifications.outbox import Delivery

# Of the outcome of a try: a tone, an icon, a word.
TAGS = {
    "sent": ("good", "check", "Sent"),
    "later": ("waiting", "clock", "Tried again later"),
    "failed": ("bad", "triangle-alert", "Not sent"),
}


@dataclass(frozen=True)
class Tried:
    """One try as it is shown: its tag's tone, icon and word, and what is known of it."""

    tone: str
    icon: str
    word: str
    delivery: Delivery


@dataclass(frozen=True)
class Listed:
    """A channel with its newest try, and how much is still to be sent."""

    channel: Channel
    last: Tried | None
    waiting: int

    @property
    def url(self) -> str:
        return f"/account/channels/{self.channel.id}"


def listed(db: sqlite3.Connection, user_id: int) -> list[Listed]:
    """A user's channels."""
    return [listed_one(db, channel) for channel in channels_of(db, user_id)]


def listed_one(db: sqlite3.Connection, channel: Channel) -> Listed:
    """A channel with what is known of it."""
    last = tries(db, channel, 1)
    return Listed(channel, last[0] if last else None, outbox.waiting(db, channel.id))


def tries(db: sqlite3.Connection, channel: Channel, most: int) -> list[Tried]:
    """The newest tries of a channel, newest first."""
    found = outbox.deliveries_of(db, channel.id, most)
    return [Tried(*TAGS[delivery.outcome], delivery) for delivery in found]
