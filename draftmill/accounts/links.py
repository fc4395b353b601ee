"""Links that open one file for a day, without a session: for mail, and for programs.

A link is signed by the data folder's secret. What is signed names its user and a mark of the
password: with a new password, or without the account, it opens nothing.
"""

import hashlib
import hmac
import sqlite3
import time
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from draftmill.clock import now
from draftmill.errors import NotFound, Problem
from draftmill.settings import Settings

LIFE_S = 24 * 3600.0
FOLDER = "/results/"  # below which a link is opened
LONGEST = 8_000  # characters


class LinkExpired(Problem):
    code = "link_expired"
    status = 410
    default_message = "This link has expired."
    default_hint = "Links to results open for 24 hours. Sign in to make a new one."


@dataclass(frozen=True)
class Link:
    """A link's token, and its end as UTC ISO 8601 text."""

    token: str
    expires_at: str


@dataclass(frozen=True)
class Opened:
    """What a token of ours says: whose file it is, which, until when, and whether it may still be had."""

    user_id: int
    path: str
    ends: int
    valid: bool


def make(
    db: sqlite3.Connection, settings: Settings, user_id: int, path: str, ends: int | None = None
) -> Link:
    """A link to what is at a path of a user's own, until `ends`. Raises NotFound without the user."""
    mark = _mark(db, settings, user_id)
    if mark is None:
        raise NotFound
    ends = ends or int(time.time() + LIFE_S)
    token = _serializer(settings).dumps([user_id, mark, ends, path])
    return Link(token, now(ends - time.time()))


def read(db: sqlite3.Connection, settings: Settings, token: str) -> Opened:
    """What a token says. Raises NotFound for one that we did not sign."""
    if len(token) > LONGEST:
        raise NotFound
    try:
        user_id, mark, ends, path = _serializer(settings).loads(token)
    except (BadData, ValueError, TypeError):
        raise NotFound from None
    present = _mark(db, settings, user_id)
    known = present is not None and hmac.compare_digest(mark.encode(), present.encode())
    return Opened(user_id, path, ends, known and time.time() < ends)


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(
        settings.secret,
        salt="draftmill result link",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _mark(db: sqlite3.Connection, settings: Settings, user_id: int) -> str | None:
    """What changes with the password and tells nothing of it. None without the user."""
    row = db.execute("select password_hash from users where id = ?", (user_id,)).fetchone()
    if row is None:
        return None
    key = b"draftmill result link mark" + settings.secret
    return hmac.digest(key, row["password_hash"].encode(), hashlib.sha256).hex()[:32]
