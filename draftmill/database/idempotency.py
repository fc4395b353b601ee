"""One effect for one key: the first answer to a request is kept and given again for a day.

The answer is written in the transaction of the effect itself, so that a crash leaves both
or neither.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, Problem

KEPT_S = 24 * 3600.0
KEY_CHARACTERS = 255


class BadKey(Problem):
    code = "bad_idempotency_key"
    status = 400
    default_message = "The Idempotency-Key cannot be used."
    default_hint = f"Send 1 to {KEY_CHARACTERS} printable ASCII characters, such as a random UUID."


class KeyReused(Problem):
    code = "idempotency_key_reused"
    default_message = "This Idempotency-Key was sent before with another request."
    default_hint = "Take a new key for each new request, and the same one only to repeat it."


class KeyAtWork(Conflict):
    code = "idempotency_key_at_work"
    default_message = "The first request with this Idempotency-Key is still at work."
    default_hint = "Repeat it in a moment to get its answer."


@dataclass(frozen=True)
class Kept:
    """An answer as it is stored: status, text, and the headers that belong to it."""

    status: int
    body: str
    headers: dict[str, str]


def checked_key(text: str) -> str:
    """The key of a header, with or without the quotation marks of the draft. Raises BadKey."""
    quoted = len(text) >= 2 and text[0] == text[-1] == '"'
    key = text[1:-1] if quoted else text
    if not 0 < len(key) <= KEY_CHARACTERS or not (key.isascii() and key.isprintable()):
        raise BadKey
    return key


def hash_of_request(method: str, path: str, body: Mapping[str, object] | None) -> str:
    """What two requests with one key must have in common."""
    text = json.dumps([method, path, body], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def find(db: sqlite3.Connection, user_id: int, key: str, request_hash: str) -> Kept | None:
    """The answer that this request had before. Raises KeyReused when another one had the key."""
    row = db.execute(
        "select request_hash, answer from idempotency"
        " where user_id = ? and key = ? and created_at > ?",
        (user_id, key, now(-KEPT_S)),
    ).fetchone()
    if row is None:
        return None
    if row["request_hash"] != request_hash:
        raise KeyReused
    return Kept(**json.loads(row["answer"]))


def keep(db: sqlite3.Connection, user_id: int, key: str, request_hash: str, answer: Kept) -> None:
    """Store the first answer, in the caller's transaction; what is a day old goes."""
    with transaction(db):
        db.execute("delete from idempotency where created_at <= ?", (now(-KEPT_S),))
        db.execute(
            "insert into idempotency (user_id, key, request_hash, answer, created_at)"
            " values (?, ?, ?, ?, ?)",
            (user_id, key, request_hash, json.dumps(asdict(answer)), now()),
        )
