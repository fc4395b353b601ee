"""One row for each object that changed, numbered: "what is new since 4711" is an index look-up."""

import sqlite3
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.database.connection import transaction

LEAP = 1_000_000  # SQLite syncs its log after a thousand commits at the latest


@dataclass(frozen=True)
class Change:
    """The latest change of one object. Its `version` is the object's `rev` everywhere."""

    kind: str
    object_id: str
    user_id: int
    version: int
    deleted: bool


def record(
    db: sqlite3.Connection, kind: str, object_id: str, user_id: int, deleted: bool = False
) -> int:
    """Note that an object is new, changed or deleted, in the caller's transaction.

    Returns the object's new version, larger than every version given before.
    """
    with transaction(db):
        (version,) = db.execute(
            "update counters set n = n + 1 where name = 'changes' returning n"
        ).fetchone()
        db.execute(
            "insert into changes (kind, object_id, user_id, version, deleted, at)"
            " values (?, ?, ?, ?, ?, ?) on conflict (kind, object_id) do update set"
            " user_id = excluded.user_id, version = excluded.version,"
            " deleted = excluded.deleted, at = excluded.at",
            (kind, object_id, user_id, version, int(deleted), now()),
        )
    return int(version)


def since(db: sqlite3.Connection, version: int, limit: int = 500) -> list[Change]:
    """The changes after `version`, oldest first, at most `limit`."""
    rows = db.execute(
        "select kind, object_id, user_id, version, deleted from changes"
        " where version > ? order by version limit ?",
        (version, limit),
    ).fetchall()
    return [Change(r[0], r[1], r[2], r[3], bool(r[4])) for r in rows]


def rev(db: sqlite3.Connection, kind: str, object_id: str) -> int:
    """The version of an object, 0 if nothing was ever recorded of it."""
    row = db.execute(
        "select version from changes where kind = ? and object_id = ?", (kind, object_id)
    ).fetchone()
    return int(row[0]) if row else 0


def was_deleted(db: sqlite3.Connection, kind: str, object_id: str, user_id: int) -> bool:
    """Whether a user's own object was deleted; nobody knows it any more after a day."""
    row = db.execute(
        "select deleted from changes where kind = ? and object_id = ? and user_id = ?",
        (kind, object_id, user_id),
    ).fetchone()
    return bool(row and row[0])


def latest(db: sqlite3.Connection) -> int:
    """The number of the newest change of all."""
    return int(db.execute("select n from counters where name = 'changes'").fetchone()[0])


def leap(db: sqlite3.Connection) -> None:
    """Number what changes from now on above all that any page was ever told.

    A power cut may take changes that were told already (`connection.connect`), and a page that
    stayed open would take what has their numbers again for old.
    """
    with transaction(db):
        db.execute("update counters set n = n + ? where name = 'changes'", (LEAP,))
