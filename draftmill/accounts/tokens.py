"""API tokens: secrets by which a program acts for a user. Made, shown once, used, revoked."""

import sqlite3
from dataclasses import dataclass

from draftmill.accounts.secret import hash_of, new_secret
from draftmill.accounts.users import User
from draftmill.clock import moment, now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem

PREFIX = "dm_"
NAME_CHARACTERS = 80
MOST_TOKENS = 100
USED_EVERY_S = 60.0
LARGEST_ID = 2**63 - 1  # a database knows no larger number


class NoTokenName(Problem):
    code = "no_token_name"
    default_message = "A token needs a name."
    default_hint = f"Name the program that will use it, in up to {NAME_CHARACTERS} characters."


class TokenNameTaken(Conflict):
    code = "token_name_taken"
    default_message = "There is already a token of this name."
    default_hint = "Take another name, or revoke that one first."


class TooManyTokens(Conflict):
    code = "too_many_tokens"
    default_message = f"There are {MOST_TOKENS} tokens already."
    default_hint = "Revoke one that is not used any more."


@dataclass(frozen=True)
class Token:
    """One token of a user, without its secret. Times are UTC ISO 8601 text."""

    id: int
    name: str
    created_at: str
    last_used_at: str | None


@dataclass(frozen=True)
class Holder:
    """Who a secret belongs to. `used_at` is in Unix seconds, 0 if it was never used."""

    user: User
    token_id: int
    used_at: float


def add(db: sqlite3.Connection, user_id: int, name: str) -> str:
    """Make a token of 256 random bits and return its secret, which is stored only as a hash.

    Raises NoTokenName, TokenNameTaken, TooManyTokens.
    """
    name = _clean(name)
    secret = PREFIX + new_secret()
    with transaction(db):
        names = {token.name for token in tokens_of(db, user_id)}
        if name in names:
            raise TokenNameTaken
        if len(names) >= MOST_TOKENS:
            raise TooManyTokens
        (token_id,) = db.execute(
            "insert into api_tokens (user_id, name, token_hash, created_at) values (?, ?, ?, ?)"
            " returning id",
            (user_id, name, hash_of(secret), now()),
        ).fetchone()
        changes.record(db, "token", str(token_id), user_id)
    return secret


def any_token(db: sqlite3.Connection) -> bool:
    """Whether any program may ask."""
    return db.execute("select 1 from api_tokens").fetchone() is not None


def tokens_of(db: sqlite3.Connection, user_id: int) -> list[Token]:
    """A user's tokens, newest first."""
    rows = db.execute(
        "select id, name, created_at, last_used_at from api_tokens where user_id = ?"
        " order by id desc",
        (user_id,),
    )
    return [Token(*row) for row in rows]


def revoke(db: sqlite3.Connection, user_id: int, token_id: int) -> None:
    """End a token at once. Raises NotFound, also for other people's."""
    token_id = min(token_id, LARGEST_ID)
    with transaction(db):
        gone = db.execute(
            "delete from api_tokens where id = ? and user_id = ?", (token_id, user_id)
        )
        if gone.rowcount == 0:
            raise NotFound("There is no such token.", "It may have been revoked already.")
        changes.record(db, "token", str(token_id), user_id, deleted=True)


def find(db: sqlite3.Connection, secret: str) -> Holder | None:
    """Who holds this secret, unless it was revoked or never was one."""
    row = db.execute(
        "select t.id, t.last_used_at, u.id as user_id, u.email, u.name, u.role"
        " from api_tokens t join users u on u.id = t.user_id where t.token_hash = ?",
        (hash_of(secret),),
    ).fetchone()
    if row is None:
        return None
    used_at = moment(row["last_used_at"]).timestamp() if row["last_used_at"] else 0.0
    user = User(row["user_id"], row["email"], row["name"], row["role"])
    return Holder(user, row["id"], used_at)


def exists(db: sqlite3.Connection, token_id: int) -> bool:
    """Whether a token still opens the door."""
    row = db.execute("select 1 from api_tokens where id = ?", (token_id,)).fetchone()
    return row is not None


def touch(db: sqlite3.Connection, token_id: int) -> None:
    """Note that a token was used just now. No change is recorded: nobody must hear of it."""
    db.execute("update api_tokens set last_used_at = ? where id = ?", (now(), token_id))


def free_name(db: sqlite3.Connection, user_id: int, name: str) -> str:
    """`name`, or with a number behind it when the user has such a token already."""
    taken = {token.name for token in tokens_of(db, user_id)}
    numbered = (f"{name} {n}" for n in range(2, MOST_TOKENS + 3))
    return next(free for free in (name, *numbered) if free not in taken)


def _clean(name: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not text or len(text) > NAME_CHARACTERS:
        raise NoTokenName
    return text
