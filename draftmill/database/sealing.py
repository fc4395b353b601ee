"""What is stored of a secret: nothing that a copy of the database could be read by.

The key lies beside the database, in the data folder's secret, and each purpose has its own: what
was sealed for one opens for no other. The library loads when something is sealed or opened, in no
process that has nothing to send.
"""

import base64
import hashlib
import hmac

from draftmill.settings import Settings


class BrokenSeal(Exception):
    """The data folder has a new secret, or this was sealed for another purpose."""


def seal(settings: Settings, purpose: str, text: str) -> str:
    """A secret as it may be stored."""
    from cryptography.fernet import Fernet

    return Fernet(_key(settings, purpose)).encrypt(text.encode()).decode()


def unseal(settings: Settings, purpose: str, sealed: str) -> str:
    """What was sealed for this purpose. Raises BrokenSeal."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(_key(settings, purpose)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSeal from None


def _key(settings: Settings, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(settings.secret, purpose.encode(), hashlib.sha256))
