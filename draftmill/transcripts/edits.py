"""What a person changed of a transcript: each change a version of it, with what takes it back.

Of which kinds they are, and how each is taken back, stands in undoing.py.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound

MOST_EDITS = 1000  # of a project: the oldest cannot be taken back any more


class ChangedSince(Conflict):
    code = "changed_since"
    default_message = "This was changed again since."
    default_hint = "Undo the later change first, or edit the transcript as it stands now."


class Stale(Conflict):
    default_hint = "Nothing was changed. Reload the page to see them as they are."


T = TypeVar("T")


@dataclass(frozen=True)
class Changed(Generic[T]):
    """All chapters, or speakers, as they are now, and the id by which the change is undone: None for no change."""

    all: tuple[T, ...]
    edit_id: int | None


@dataclass(frozen=True)
class Edit:
    """One change by a person. `was` and `became` are of its kind; `revision` is the transcript's after it."""

    id: int
    project_id: str
    transcript_id: int
    revision: int
    kind: str
    was: dict[str, Any]
    became: dict[str, Any]
    at: str
    undone_at: str | None


def record(
    db: sqlite3.Connection,
    project_id: str,
    transcript_id: int,
    kind: str,
    was: Mapping[str, Any],
    became: Mapping[str, Any],
    raised: bool = False,
) -> int:
    """Note a change that is made in the caller's transaction, and raise the transcript's revision.

    With `raised` the caller did that. Returns the id by which it can be undone.
    """
    with transaction(db):
        revision = _revision(db, project_id, transcript_id, by=int(not raised))
        (edit_id,) = db.execute(
            "insert into transcript_changes (project_id, transcript_id, revision, kind, was, became, at)"
            " values (?, ?, ?, ?, ?, ?, ?) returning id",
            (
                *(project_id, transcript_id, revision, kind),
                *(json.dumps(was), json.dumps(became), now()),
            ),
        ).fetchone()
        db.execute(
            "delete from transcript_changes where project_id = ?1 and id <= (select id from"
            " transcript_changes where project_id = ?1 order by id desc limit 1 offset ?2)",
            (project_id, MOST_EDITS),
        )
    return int(edit_id)


def told(side: Mapping[str, Any]) -> dict[str, Any]:
    """What a change was or became, for those who look: without how it is taken back."""
    how = ("edited", "window", "rows", "uncorrected")
    return {
        name: [told(one) if isinstance(one, dict) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in side.items()
        if name not in how and not (name == "places" and isinstance(value, list))
    }


def edits_of(
    db: sqlite3.Connection,
    project_id: str,
    most: int = MOST_EDITS,
    kind: str = "",
    before: int | None = None,
) -> list[Edit]:
    """The changes of a project, the newest first, of one kind or of all; those older than `before`, an id.

    For those who look: each without the sentences whose speaker changed, which may be thousands.
    """
    rows = db.execute(
        "select id, project_id, transcript_id, revision, kind, at, undone_at, became,"
        " json_remove(was, '$.places', '$.rows') as was from transcript_changes"
        " where project_id = ?1 and ?3 in ('', kind) and (?4 is null or id < ?4)"
        " order by id desc limit ?2",
        (project_id, most, kind, before),
    )
    return [_edit(row) for row in rows]


def newest_of(db: sqlite3.Connection, transcript_id: int, kind: str) -> Edit | None:
    """The last change of a kind that a transcript has, taken back or not."""
    row = db.execute(
        "select * from transcript_changes where transcript_id = ? and kind = ?"
        " order by id desc limit 1",
        (transcript_id, kind),
    ).fetchone()
    return _edit(row) if row else None


def is_last(db: sqlite3.Connection, edit: Edit) -> bool:
    """Whether no later change of its kind stands in its transcript, and that is the project's."""
    row = db.execute(
        "select 1 from projects where id = ?1 and transcript_id = ?2 and not exists (select 1"
        " from transcript_changes where transcript_id = ?2 and id > ?3 and kind = ?4"
        " and undone_at is null)",
        (edit.project_id, edit.transcript_id, edit.id, edit.kind),
    ).fetchone()
    return row is not None


def edit_of(db: sqlite3.Connection, project_id: str, edit_id: int) -> Edit:
    """One change of a project. Raises NotFound."""
    row = db.execute(
        "select * from transcript_changes where project_id = ? and id = ?", (project_id, edit_id)
    ).fetchone()
    if row is None:
        raise NotFound("This change is not kept any more.", "Reload the page.")
    return _edit(row)


@contextmanager
def taking_back(db: sqlite3.Connection, edit: Edit, raised: bool = False) -> Iterator[None]:
    """The transaction in which a change is taken back, which no two can do at the same time.

    Taking back is a change of the transcript too: its revision goes up, unless the caller has
    `raised` it. Raises ChangedSince.
    """
    with transaction(db):
        marked = db.execute(
            "update transcript_changes set undone_at = ? where id = ? and undone_at is null",
            (now(), edit.id),
        )
        if not marked.rowcount:
            raise ChangedSince
        yield
        _revision(db, edit.project_id, edit.transcript_id, by=int(not raised))


def _revision(db: sqlite3.Connection, project_id: str, transcript_id: int, by: int) -> int:
    """The revision of a transcript, raised; whoever looks at the project is told."""
    (revision,) = db.execute(
        "update transcripts set revision = revision + ? where id = ? returning revision",
        (by, transcript_id),
    ).fetchone()
    (user_id,) = db.execute("select user_id from projects where id = ?", (project_id,)).fetchone()
    changes.record(db, "project", project_id, user_id)
    return int(revision)


def _edit(row: sqlite3.Row) -> Edit:
    return Edit(
        id=row["id"],
        project_id=row["project_id"],
        transcript_id=row["transcript_id"],
        revision=row["revision"],
        kind=row["kind"],
        was=json.loads(row["was"]),
        became=json.loads(row["became"]),
        at=row["at"],
        undone_at=row["undone_at"],
    )
