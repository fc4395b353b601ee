"""Drafts as rows: what a job writes, what Mara saves, and what is shown."""

import sqlite3
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.drafts import editing, generated, versions
from draftmill.drafts.written import Written

P, T, MARA = "p1", "blog", 1


@dataclass(frozen=True)
class Job:
    id: str
    project_id: str = P
    type: str = T
    user_id: int = MARA


def generate(db: sqlite3.Connection, job_id: str, body: str, type: str = T) -> versions.Version:
    at = now()
    db.execute(
        "insert or ignore into jobs (id, project_id, user_id, type, queue, status, origin_id,"
        " created_at, updated_at) values (?, ?, 1, ?, 'writing', 'succeeded', ?, ?, ?)",
        (job_id, P, type, job_id, at, at),
    )
    written = Written(f"Title {job_id}", body, "a-model", {"note": "Rough."}, {"quotes": [1]})
    with transaction(db):
        return generated.add_generated(db, Job(job_id, type=type), written)


def save(
    db: sqlite3.Connection, body, based_on, title="Mine", fields=None, type: str = T
) -> editing.Saved:
    return editing.save(db, P, type, MARA, title, body, fields or {}, based_on)


def shown(db: sqlite3.Connection, type: str = T) -> versions.Version:
    version = versions.current(db, P, type)
    assert version is not None
    return version


def bodies(db: sqlite3.Connection) -> list[str]:
    return [version.body for version in versions.versions(db, P, T)]


def age(db: sqlite3.Connection, minutes: float) -> None:
    """Let all versions have been saved last so many minutes ago."""
    db.execute("update draft_versions set updated_at = ?", (now(-60 * minutes),))


def began(db: sqlite3.Connection, minutes: float) -> None:
    """Let all versions have been begun so many minutes ago."""
    db.execute("update draft_versions set created_at = ?", (now(-60 * minutes),))
