"""What is stored of an address or a key: nothing that a copy of the database could be read by.

The key lies beside the database, in the data folder's secret. The library loads when something is
sealed or opened, in no process that has nothing to send.
"""

import base64
import hashlib
import hmac

from draftmill.errors import Problem
from draftmill.settings import Settings

PURPOSE = b"draftmill channel"


class Unreadable(Problem):
    code = "channel_unreadable"
    default_message = (
        "The address of this channel cannot be read: the data folder has a new secret."
    )
    default_hint = "Remove the channel and add it again."


def seal(settings: Settings, text: str) -> str:
    """A secret as it may be stored."""
    from cryptography.fernet import Fernet

    return Fernet(_key(settings)).encrypt(text.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """What was sealed. Raises Unreadable."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(_key(settings)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _key(settings: Settings) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(settings.secret, PURPOSE, hashlib.sha256))
