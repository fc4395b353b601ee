"""Passwords: what a good one needs, their argon2id hashes, and checking them."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from draftmill.errors import Problem
from draftmill.letters import normalized

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 1000

_hasher = PasswordHasher()
# One hash takes 64 MiB and every core: a crowd at the door must not fill the memory.
_hashing = threading.BoundedSemaphore(2)


class BadPassword(Problem):
    code = "bad_password"
    default_message = f"The password needs at least {LEAST_CHARACTERS} characters."
    default_hint = "A few words in a row make a good one."


def hash_password(password: str) -> str:
    """The hash of a new password; takes about 50 ms. Raises BadPassword."""
    text = _one_spelling(password)
    if len(text) < LEAST_CHARACTERS:
        raise BadPassword
    if len(text) > MOST_CHARACTERS:
        raise BadPassword(
            f"The password has more than {MOST_CHARACTERS} characters.", "Take a shorter one."
        )
    return _hash(text)


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Without a hash (no such account) it takes as long."""
    text = _one_spelling(password)[: MOST_CHARACTERS + 1]
    if hashed is None:
        _hash(text)
        return False
    try:
        with _hashing:
            return _hasher.verify(hashed, text.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def refreshed_hash(hashed: str, password: str) -> str:
    """The hash of a password just verified, made anew if today's parameters are others."""
    if _hasher.check_needs_rehash(hashed):
        return _hash(_one_spelling(password))
    return hashed


def _hash(text: str) -> str:
    with _hashing:
        return _hasher.hash(text.encode("utf-8", "surrogatepass"))


def _one_spelling(password: str) -> str:
    # Keyboards differ in how they send an é: composed, or as two characters.
    return normalized(password[: 4 * MOST_CHARACTERS], "NFKC")
