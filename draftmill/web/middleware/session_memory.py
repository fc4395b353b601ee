"""The sessions in use, in memory."""

import hashlib
import hmac
import sqlite3
import time

from itsdangerous import Signer

from draftmill.accounts.secret import hash_of
from draftmill.accounts.sessions import SignedIn, find_session
from draftmill.database.changes import Change
from draftmill.database.memory import MOST, Found, Memory
from draftmill.settings import Settings


class Sessions:
    """The sessions in use, by their cookies: verified and read once. Any thread may call.

    Who ends a session or changes a user calls `drop` or `drop_user`; the next request reads
    the row.
    """

    def __init__(self, settings: Settings, most: int = MOST) -> None:
        self._signer = Signer(
            settings.secret,
            salt="draftmill session",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )
        self._settings = settings
        self._memory = Memory(settings.database, self._found, most)

    def sign(self, secret_id: str) -> str:
        """The cookie of a session's secret id."""
        return self._signer.sign(secret_id).decode()

    def verify(self, cookie: str) -> str | None:
        """The id_hash of the session that a cookie names, if we signed it."""
        secret_id = cookie.rpartition(".")[0]
        # Signed again rather than unsigned: base64 has several spellings of one signature,
        # and a session has one place in memory.
        if hmac.compare_digest(self.sign(secret_id).encode(), cookie.encode()):
            return hash_of(secret_id)
        return None

    def get(self, cookie: str) -> SignedIn | None:
        """The session of a cookie, if it is in memory and has not expired."""
        signed_in = self._memory.get(cookie)
        return signed_in if signed_in and signed_in.expires_at > time.time() else None

    def read(self, cookie: str) -> SignedIn | None:
        """The same from its row. None if we did not sign the cookie, or its session has ended."""
        return self._memory.read(cookie) if self.verify(cookie) else None

    def drop(self, id_hash: str) -> None:
        """Forget a session."""
        self._memory.drop_all(lambda signed_in: signed_in.id_hash == id_hash)

    def drop_user(self, user_id: int) -> None:
        """Forget all sessions of a user."""
        self._memory.drop_all(lambda signed_in: signed_in.user.id == user_id)

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Forget what a change made untrue."""
        if change.kind == "session":
            self.drop(change.object_id)
        elif change.kind == "user":
            self.drop_user(change.user_id)

    def _found(self, db: sqlite3.Connection, cookie: str) -> Found[SignedIn] | None:
        signed_in = find_session(db, hash_of(cookie.rpartition(".")[0]), self._settings)
        return Found(signed_in) if signed_in else None
