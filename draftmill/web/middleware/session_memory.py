"""The sessions in use, in memory."""

import hashlib
import hmac
import threading
import time

from itsdangerous import Signer

from draftmill.accounts.secret import hash_of
from draftmill.accounts.sessions import SignedIn

REMEMBERED = 10_000


class Sessions:
    """The sessions in use, in memory: their cookies are verified and their rows read once.

    Who ends a session or changes a user, in this process or by a change that the watcher
    reads, calls `drop` or `drop_user`; the next request reads the row. Any thread may call.
    Who reads a row to `put` it holds `lock` meanwhile: a session that another thread drops in
    between would else come back.
    """

    def __init__(self, secret: bytes, most: int = REMEMBERED) -> None:
        self._signer = Signer(
            secret, salt="draftmill session", key_derivation="hmac", digest_method=hashlib.sha256
        )
        self.lock = threading.RLock()
        self._most = most
        self._known: dict[str, SignedIn] = {}
        self._cookies: dict[str, str] = {}

    def sign(self, secret_id: str) -> str:
        """The cookie of a session's secret id."""
        return self._signer.sign(secret_id).decode()

    def verify(self, cookie: str) -> str | None:
        """The id_hash of the session that a cookie names, if we signed it."""
        secret_id = cookie.rpartition(".")[0]
        # Signed again rather than unsigned: base64 has several spellings of one signature,
        # and a session must be dropped by the one cookie that it is known by.
        if hmac.compare_digest(self.sign(secret_id).encode(), cookie.encode()):
            return hash_of(secret_id)
        return None

    def get(self, cookie: str) -> SignedIn | None:
        """The session of a cookie, if it is in memory and has not expired."""
        signed_in = self._known.get(cookie)
        if signed_in is not None and signed_in.expires_at <= time.time():
            self.drop(signed_in.id_hash)
            return None
        return signed_in

    def put(self, cookie: str, signed_in: SignedIn) -> None:
        """Remember the session of a verified cookie; the one remembered longest makes room."""
        with self.lock:
            while len(self._known) >= self._most:
                self.drop(next(iter(self._known.values())).id_hash)
            self._known[cookie] = signed_in
            self._cookies[signed_in.id_hash] = cookie

    def drop(self, id_hash: str) -> None:
        """Forget a session."""
        with self.lock:
            cookie = self._cookies.pop(id_hash, None)
            if cookie is not None:
                self._known.pop(cookie, None)

    def drop_user(self, user_id: int) -> None:
        """Forget all sessions of a user."""
        with self.lock:
            for signed_in in list(self._known.values()):
                if signed_in.user.id == user_id:
                    self.drop(signed_in.id_hash)
