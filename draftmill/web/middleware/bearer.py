"""Programs at the door: who a bearer token belongs to, kept in memory, and how much it may ask."""

import logging
import math
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from draftmill.accounts import tokens
from draftmill.accounts.tokens import PREFIX, USED_EVERY_S, Holder
from draftmill.database.changes import Change
from draftmill.database.connection import connect
from draftmill.database.memory import Found, Memory
from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.web.middleware.headers import RawHeaders

API = "/api/v1"
UPLOADS = "/uploads"
WINDOW_S = 60

log = logging.getLogger(__name__)


class NoToken(Problem):
    code = "unauthorized"
    status = 401
    default_message = "This request needs a token that is valid."
    default_hint = (
        "Send “Authorization: Bearer TOKEN”. A token is made on the account page,"
        " or with: draftmill token add EMAIL"
    )


class NotForTokens(Problem):
    code = "not_for_tokens"
    status = 403
    default_message = "A token does not open this address."
    default_hint = "Tokens are for /api/v1, for /uploads, and for downloads of a project."


class TooManyRequests(Problem):
    code = "too_many_requests"
    status = 429
    default_message = "This token has asked too often."
    default_hint = "Wait for the seconds in Retry-After; RateLimit says how many are left."


@dataclass
class Known:
    """A token in use. `ends_at` is when its present window ends, by the monotonic clock."""

    holder: Holder
    used_at: float
    left: int = 0
    ends_at: float = 0.0


class Bearers:
    """The tokens in use, in memory: each is read from its row once. Any thread may call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limit = settings.api_rate
        self._policy = f'"token";q={self._limit};w={WINDOW_S}'.encode()
        self._known = Memory(settings.database, _found)

    async def admit(self, scope: Scope, authorization: str) -> None:
        """Let a token's user in and tell it how much it may ask; "" is no token, and nobody.

        Raises NoToken, NotForTokens, TooManyRequests and sqlite3.OperationalError.
        """
        if not authorization:
            return
        known = self.find(authorization)
        if not _open_to_tokens(scope):
            raise NotForTokens
        state = scope["state"]
        state["told"] = self._spend(known)
        if self._limit and known.left < 0:
            raise TooManyRequests(retry_after_s=max(1.0, known.ends_at - time.monotonic()))
        state["user"], state["token"] = known.holder.user, known.holder.token_id
        if known.used_at + USED_EVERY_S <= time.time():
            await self._note_use(known)

    def find(self, authorization: str) -> Known:
        """The token of an Authorization header. Raises NoToken."""
        secret = authorization[7:].strip()
        if authorization[:7].lower() != "bearer ":
            raise NoToken
        known = self._known.get(secret)
        if known is None and secret.startswith(PREFIX) and secret.isascii():
            # On the event loop: it takes less than a millisecond, and a reader waits for no writer.
            known = self._known.read(secret)
        if known is None:
            raise NoToken
        return known

    def _spend(self, known: Known) -> RawHeaders:
        """Count a request; the headers that tell how many more there may be, none without a limit."""
        if not self._limit:
            return []
        moment = time.monotonic()
        if moment >= known.ends_at:
            known.left, known.ends_at = self._limit, moment + WINDOW_S
        known.left -= 1
        wait = math.ceil(known.ends_at - moment)
        told = f'"token";r={max(known.left, 0)};t={wait}'.encode()
        return [(b"ratelimit-policy", self._policy), (b"ratelimit", told)]

    async def _note_use(self, known: Known) -> None:
        known.used_at = time.time()

        def touch() -> None:
            # Nobody should wait for this note: the next minute tries again.
            with closing(connect(self._settings.database, patience_s=0.2)) as db:
                tokens.touch(db, known.holder.token_id)

        try:
            await run_in_threadpool(touch)
        except sqlite3.OperationalError:
            log.warning("The use of a token could not be noted.", exc_info=True)

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Forget what a change made untrue."""
        if change.kind == "token":
            self.revoked(int(change.object_id))
        elif change.kind == "user":
            self.drop_user(change.user_id)

    def drop_user(self, user_id: int) -> None:
        """Forget all tokens of a user: who has one still is read again."""
        self._known.drop_all(lambda known: known.holder.user.id == user_id)

    def revoked(self, token_id: int) -> None:
        """Forget a token that has been revoked."""
        self._known.drop_all(lambda known: known.holder.token_id == token_id)


def _found(db: sqlite3.Connection, secret: str) -> Found[Known] | None:
    holder = tokens.find(db, secret)
    return Found(Known(holder, holder.used_at)) if holder else None


def authorization_of(scope: Scope) -> str | None:
    """The Authorization header that speaks for a request; None leaves it to the cookie.

    On the API there is no cookie: "" without a header, or with several. Elsewhere a header of
    another scheme belongs to a proxy before us.
    """
    found: list[bytes] = [value for name, value in scope["headers"] if name == b"authorization"]
    if is_api(scope["path"]):
        return found[0].decode("latin-1") if len(found) == 1 else ""
    if len(found) == 1 and found[0][:7].lower() == b"bearer ":
        return found[0].decode("latin-1")
    return None


def is_api(path: str) -> bool:
    return path.startswith(API + "/") or path == API


def _open_to_tokens(scope: Scope) -> bool:
    """Whether a token may be used here: the API, uploads, and reading what belongs to a project."""
    path: str = scope["path"]
    if is_api(path) or path == UPLOADS or path.startswith(UPLOADS + "/"):
        return True
    return path.startswith("/projects/") and scope.get("method") in ("GET", "HEAD")
