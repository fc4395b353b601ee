"""What is stored of a channel's address and key: sealed, and opened only where a message is sent."""

from draftmill.database import sealing
from draftmill.database.sealing import BrokenSeal
from draftmill.errors import Problem
from draftmill.settings import Settings

PURPOSE = "draftmill channel"


class Unreadable(Problem):
    code = "channel_unreadable"
    default_message = (
        "The address of this channel cannot be read: the data folder has a new secret."
    )
    default_hint = "Remove the channel and add it again."


def seal(settings: Settings, text: str) -> str:
    """A secret as it may be stored."""
    return sealing.seal(settings, PURPOSE, text)


def unseal(settings: Settings, sealed: str) -> str:
    """What was sealed. Raises Unreadable."""
    try:
        return sealing.unseal(settings, PURPOSE, sealed)
    except BrokenSeal:
        raise Unreadable from None
