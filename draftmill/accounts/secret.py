"""Random secrets: session ids, setup links, API tokens. Who has one is let in; only hashes are kept."""

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits as text that fits into an address."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a secret: its sha256 in hex. It is too random to need a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
