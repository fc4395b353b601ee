"""The content types of a data folder: what its owner made of them, read into CONTENT_TYPES."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from content_actions import CONTENT_TYPES, OWNED, ContentType
from draftmill.content_types import along
from draftmill.database.changes import Change
from draftmill.database.connection import transaction
from draftmill.errors import NotFound

KIND = "content_type"  # of a change
# What the owner says of a type of their own, as stored.
FACTS = (
    *("label", "summary", "shape", "button"),
    *("limit", "max_posts", "title_limit", "has_preview"),
)


def load(db: sqlite3.Connection) -> None:
    """Let this process know the types of a database, and no others."""
    CONTENT_TYPES.refresh(of_database(db))


def copy(kept: sqlite3.Connection, db: sqlite3.Connection) -> None:
    """Put the types of one database into another that has none. Raises sqlite3.Error."""
    with transaction(db):
        for table in ("content_types", "content_prompts"):
            for row in kept.execute(f"select * from {table}"):
                marks = ", ".join("?" * len(row))
                db.execute(f"insert into {table} values ({marks})", tuple(row))


def take(db: sqlite3.Connection, change: Change) -> None:
    """Hear of a change, in the watcher's thread."""
    if change.kind == KIND:
        load(db)


def of_database(db: sqlite3.Connection) -> list[ContentType]:
    """What came along and what is stored, also what is off or deleted."""
    found = {**along.rows(), **{row.type: row for row in _stored(db)}}
    return list(found.values())


def layout_of(
    shape: str, max_posts: int, has_preview: bool
) -> Literal["outline", "digest", "thread", "post"]:
    """How the writer without a model arranges a type of the owner's."""
    if shape == "posts":
        return "thread" if max_posts > 1 else "post"
    return "digest" if has_preview else "outline"


def _stored(db: sqlite3.Connection) -> Iterator[ContentType]:
    rows = db.execute(
        "select t.type, t.position, t.is_on, t.is_every, t.facts, t.deleted_at, p.n, p.text"
        " from content_types t left join content_prompts p on p.type = t.type"
        " and p.n = (select max(n) from content_prompts where type = t.type)"
    )
    for row in rows.fetchall():
        base = CONTENT_TYPES.program.get(row["type"]) or along.rows().get(row["type"])
        facts = json.loads(row["facts"])
        if base is None and not facts:
            continue  # a row of the program that another version of it had
        yield _row(base, facts, row)


def _row(base: ContentType | None, facts: dict[str, Any], row: sqlite3.Row) -> ContentType:
    found = replace(base, **facts) if base else _own(row["type"], facts)
    if facts and (base is None or found.shape == "posts"):
        layout = layout_of(found.shape, found.max_posts, found.has_preview)
        found = replace(found, layout=layout)
    if row["n"] is not None:
        found = replace(found, task=row["text"], prompt_n=row["n"])
    return replace(
        found,
        position=row["position"],
        on=bool(row["is_on"]),
        every=bool(row["is_every"]),
        deleted=row["deleted_at"] is not None,
    )


def _own(type: str, facts: dict[str, Any]) -> ContentType:
    return ContentType(type=type, layout="outline", prompt=OWNED, **facts)


@dataclass(frozen=True)
class PromptVersion:
    """What a type asked for once. Number 0 came along with the program. `created_at` is UTC ISO 8601."""

    n: int
    text: str
    created_at: str | None


def prompt_of(db: sqlite3.Connection, type: str, n: int) -> str:
    """The text of one version. Raises NotFound."""
    found = next((one.text for one in prompts_of(db, type) if one.n == n), None)
    if found is None:
        raise NotFound("There is no such prompt of this kind.", "Reload the page.")
    return found


def prompts_of(db: sqlite3.Connection, type: str) -> list[PromptVersion]:
    """The versions of a type's prompt, newest first."""
    rows = db.execute(
        "select n, text, created_at from content_prompts where type = ? order by n desc", (type,)
    )
    found = [PromptVersion(*row) for row in rows]
    first = along.rows().get(type)
    return [*found, PromptVersion(0, first.task, None)] if first else found
