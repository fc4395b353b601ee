"""What a person wrote that no sentence of a newer transcript has: kept until they apply or drop it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound
from draftmill.transcripts.recut import Edited
from draftmill.transcripts.sentence_edits import Saved, save

MOST_SHOWN = 200

# One that was put somewhere waits again once that is undone.
_WAITS = (
    "project_id = ? and settled_at is null and (change_id is null or exists (select 1"
    " from transcript_changes c where c.id = change_id and c.undone_at is not null))"
)


class Gone(NotFound):
    default_message = "This edit is not kept here any more."
    default_hint = "Reload the page."


@dataclass(frozen=True)
class Left:
    """An edit without a place: `heard` stood where it was made, `written` is what the person wrote.

    `sentences` are those said at its time now, by their numbers from 1 and what they say.
    """

    id: int
    start_s: float
    end_s: float
    heard: str
    written: str
    at: str
    sentences: tuple[tuple[int, str], ...] = ()


def count(db: sqlite3.Connection, project_id: str) -> int:
    """How many wait for a person."""
    (number,) = db.execute(
        f"select count(*) from left_edits where {_WAITS}", (project_id,)
    ).fetchone()
    return int(number)


def left_of(db: sqlite3.Connection, project_id: str) -> list[Left]:
    """Those that wait, in the order of time, each with what is said at its time now."""
    rows = db.execute(
        "select id, start_s, end_s, heard, written, at from left_edits"
        f" where {_WAITS} order by start_s, id limit ?",
        (project_id, MOST_SHOWN),
    ).fetchall()
    said = _said(db, project_id) if rows else []
    found = [Left(*row) for row in rows]
    return [replace(one, sentences=_at(said, one.start_s, one.end_s)) for one in found]


def apply(
    db: sqlite3.Connection,
    project_id: str,
    left_id: int,
    n: int,
    text: str | None = None,
    revision: int | None = None,
) -> Saved:
    """Put one into the place of the n-th sentence, or `text` instead of it; undoing that keeps it.

    Raises NotFound, BadSentence, StaleSentence.
    """
    with transaction(db):
        one = _one(db, project_id, left_id)
        saved = save(db, project_id, n, one["written"] if text is None else text, revision)
        if saved.edit_id is not None and not _waits(db, project_id, left_id):
            raise Gone  # applied elsewhere, or dropped: this page is old
        db.execute(
            "update left_edits set change_id = ?1, settled_at = case when ?1 is null then ?2 end"
            # The second of two presses changes nothing, and the first one can still be undone.
            " where id = ?3 and (?1 is not null or not exists (select 1 from transcript_changes c"
            " where c.id = change_id and c.undone_at is null))",
            (saved.edit_id, now(), left_id),
        )
        _tell(db, project_id)
        return saved


def drop(db: sqlite3.Connection, project_id: str, left_id: int) -> None:
    """Show it no more. Raises NotFound."""
    _settle(db, project_id, left_id, now())


def restore(db: sqlite3.Connection, project_id: str, left_id: int) -> None:
    """Show one again that was dropped. Raises NotFound."""
    _settle(db, project_id, left_id, None)


def taken(db: sqlite3.Connection, project_id: str) -> list[Edited]:
    """Those that wait, which now wait no more: another transcript may have a place for them.

    Inside the caller's transaction.
    """
    rows = db.execute(
        "select start_s, end_s, heard, written, at, id from left_edits"
        f" where {_WAITS} order by start_s, id",
        (project_id,),
    ).fetchall()
    db.executemany("delete from left_edits where id = ?", [(row["id"],) for row in rows])
    return [Edited(*row[:5]) for row in rows]


def add(db: sqlite3.Connection, project_id: str, left: Iterable[Edited]) -> None:
    """Keep what has no place, inside the caller's transaction."""
    db.executemany(
        "insert into left_edits (project_id, start_s, end_s, heard, written, at)"
        " values (?, ?, ?, ?, ?, ?)",
        [(project_id, one.start_s, one.end_s, one.heard, one.written, one.at) for one in left],
    )


def _settle(db: sqlite3.Connection, project_id: str, left_id: int, at: str | None) -> None:
    with transaction(db):
        _one(db, project_id, left_id)
        db.execute("update left_edits set settled_at = ? where id = ?", (at, left_id))
        _tell(db, project_id)


def _one(db: sqlite3.Connection, project_id: str, left_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "select * from left_edits where project_id = ? and id = ?", (project_id, left_id)
    ).fetchone()
    if row is None:
        raise Gone
    return row


def _waits(db: sqlite3.Connection, project_id: str, left_id: int) -> bool:
    query = f"select 1 from left_edits where {_WAITS} and id = ?"
    return db.execute(query, (project_id, left_id)).fetchone() is not None


def _tell(db: sqlite3.Connection, project_id: str) -> None:
    (user_id,) = db.execute("select user_id from projects where id = ?", (project_id,)).fetchone()
    changes.record(db, "project", project_id, user_id)


def _said(db: sqlite3.Connection, project_id: str) -> list[sqlite3.Row]:
    return db.execute(
        "select s.start_s, s.end_s, s.text from projects p"
        " join segments s on s.transcript_id = p.transcript_id where p.id = ?"
        " order by s.window, s.n",
        (project_id,),
    ).fetchall()


def _at(said: list[sqlite3.Row], start_s: float, end_s: float) -> tuple[tuple[int, str], ...]:
    """The sentences said between two times, else the nearest one."""
    there = [
        (n, row["text"])
        for n, row in enumerate(said, 1)
        if row["start_s"] < end_s and row["end_s"] > start_s
    ]
    if not there and said:
        near = min(range(len(said)), key=lambda n: abs(said[n]["start_s"] - start_s))
        there = [(near + 1, said[near]["text"])]
    return tuple(there)
