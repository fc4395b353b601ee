"""Lists, a page at a time: projects with what a person wants to know of them, and jobs."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from draftmill.database import changes
from draftmill.database.search_schema import TITLED, numbers_of
from draftmill.database.search_text import spaced
from draftmill.jobs.job import ACTIVE, COLUMNS, Job, find_job, job_of, newest_of_each_type
from draftmill.jobs.policies import INGEST

PAGE = 20
QUERY_CHARACTERS = 200


@dataclass(frozen=True)
class Listed:
    """One row of the list of projects. `rev` is the newest change that it knows of."""

    row: sqlite3.Row
    rev: int
    picture: int | None
    drafts: tuple[str, ...]
    newest: Mapping[str, str]  # task type -> status of its newest job
    active: Job | None


def rows_of(
    db: sqlite3.Connection, user_id: int, query: str, before: int | None, size: int
) -> tuple[list[sqlite3.Row], int | None]:
    """A page of a user's projects, newest first, and where the next page begins (None: last)."""
    below = 2**62 if before is None else before
    values: dict[str, object]
    shown = "p.user_id = :user and p.holds = '' and p.binned_at is null"
    if match := match_of(query):
        first, last = numbers_of(user_id)
        found = f"{TITLED} and {shown} order by f.rowid desc"
        values = {"match": match, "first": first, "last": min(last, first + below - 1)}
    else:
        found, values = (
            f"projects p where p.n < :below and {shown} order by p.n desc",
            {"below": below},
        )
    values |= {"user": user_id, "most": size + 1}
    rows = db.execute(f"select p.* from {found} limit :most", values).fetchall()
    return rows[:size], rows[size - 1]["n"] if len(rows) > size else None


def with_transcripts(db: sqlite3.Connection, user_id: int) -> list[sqlite3.Row]:
    """The id and title of a user's newest projects that have a transcript, at most PAGE of them."""
    return db.execute(
        "select id, title from projects where user_id = ? and transcript_id is not null"
        " and binned_at is null order by n desc limit ?",
        (user_id, PAGE),
    ).fetchall()


def jobs_of(
    db: sqlite3.Connection,
    user_id: int,
    wanted: Mapping[str, str | None],
    before: int | None = None,
    size: int = PAGE,
) -> tuple[list[Job], int | None]:
    """A page of a user's jobs, newest first, and where the next page begins (None: last).

    `wanted` names columns (project_id, status, type) and what they must be; None is anything.
    """
    filters = {name: value for name, value in wanted.items() if value is not None}
    # One project has few jobs: the plus keeps SQLite from walking through all of the user's.
    owned = "+user_id = ?" if "project_id" in filters else "user_id = ?"
    there = (
        "project_id not in (select id from projects where user_id = ? and binned_at is not null)"
    )
    conditions = [owned, "n < ?", *(f"{name} = ?" for name in filters), there]
    rows = db.execute(
        f"select {COLUMNS} from jobs where {' and '.join(conditions)} order by n desc limit ?",
        (user_id, 2**62 if before is None else before, *filters.values(), user_id, size + 1),
    ).fetchall()
    following = rows[size - 1]["n"] if len(rows) > size else None
    return [job_of(row) for row in rows[:size]], following


def match_of(query: str, column: str = "") -> str:
    """A full-text query of quoted words, the last one a prefix: nothing in it is an operator.

    A `column` holds all of them. "" when there is no word.
    """
    words = query.replace('"', " ").replace("\0", " ").split()
    words = [word for word in words if any(c.isalnum() for c in word)]
    if not words:
        return ""
    match = " ".join(f'"{" ".join(spaced(word).split())}"' for word in words) + "*"
    return f"{column} : ({match})" if column else match


def listed(db: sqlite3.Connection, row: sqlite3.Row) -> Listed:
    """What the list tells of a project, by its row."""
    rev = changes.latest(db)
    picture = db.execute(
        "select n from screenshots where project_id = ? order by n limit 1", (row["id"],)
    ).fetchone()
    drafts = db.execute(
        "select type from drafts where project_id = ? and version_id is not null", (row["id"],)
    ).fetchall()
    newest = newest_of_each_type(db, row["id"], "id, type, status")
    # Of a type only the newest can be active; the others wait for an ingest.
    at_work = [job for job in newest if job["status"] in ACTIVE]
    first = min(at_work, key=lambda job: job["type"] != INGEST, default=None)
    return Listed(
        row=row,
        rev=rev,
        picture=picture["n"] if picture else None,
        drafts=tuple(draft["type"] for draft in drafts),
        newest={job["type"]: job["status"] for job in newest},
        active=find_job(db, first["id"]) if first else None,
    )
