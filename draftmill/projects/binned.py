"""The bin: what was deleted lies there for some days with all it has, and can be had back."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from draftmill.clock import moment, now, written
from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import job_of, newest_of_each_type
from draftmill.jobs.start import retry_job
from draftmill.notifications import inbox
from draftmill.projects.deletion import delete_project, tell_all
from draftmill.projects.project import row_of
from draftmill.settings import Settings

PAGE = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class Binned:
    """A page of the bin, what was put there last first, and where the next begins (None: last)."""

    rows: list[sqlite3.Row]
    following: int | None


def move_to_bin(db: sqlite3.Connection, project: sqlite3.Row) -> None:
    """Put a project out of sight, with its jobs, and cancel those that are active.

    What holds a model is no person's: it is deleted.
    """
    if project["holds"]:
        delete_project(db, project)
        return
    with transaction(db):
        at = now()
        moved = db.execute(
            "update projects set binned_at = ? where id = ? and binned_at is null",
            (at, project["id"]),
        )
        if moved.rowcount:
            _put_jobs_away(db, project["id"], at)
            inbox.put_away(db, project["user_id"], project["id"])
            tell_all(db, project, deleted=True)


def _put_jobs_away(db: sqlite3.Connection, project_id: str, at: str) -> None:
    """They are in no list: cleared at the moment of the bin, which tells them from others."""
    for job in map(job_of, newest_of_each_type(db, project_id)):
        if job.active:
            endings.cancel(db, job)
    db.execute(
        "update jobs set cleared_at = ? where project_id = ? and cleared_at is null",
        (at, project_id),
    )


def restore(db: sqlite3.Connection, project: sqlite3.Row) -> None:
    """Put a project back to where it was; jobs that the bin had cancelled start again."""
    with transaction(db):
        back = db.execute(
            "update projects set binned_at = null where id = ? and binned_at = ?",
            (project["id"], project["binned_at"]),
        )
        if not back.rowcount:
            return
        db.execute(
            "update jobs set cleared_at = null where project_id = ? and cleared_at = ?",
            (project["id"], project["binned_at"]),
        )
        tell_all(db, project, deleted=False)
        for job in map(job_of, newest_of_each_type(db, project["id"])):
            wished = job.cancel_requested_at or ""
            if job.status == "cancelled" and wished >= project["binned_at"]:
                with suppress(Problem):  # its recording was deleted before
                    retry_job(db, job)


def page_of(db: sqlite3.Connection, user_id: int, page: int = 1, size: int = PAGE) -> Binned:
    """A page of what a user has in the bin, counted from 1."""
    rows = db.execute(
        "select * from projects where user_id = ? and binned_at is not null"
        " order by binned_at desc, n desc limit ? offset ?",
        (user_id, size + 1, (page - 1) * size),
    ).fetchall()
    return Binned(rows[:size], page + 1 if len(rows) > size else None)


def count(db: sqlite3.Connection, user_id: int) -> int:
    """How many projects a user has in the bin, counted up to MOST_COUNTED."""
    some = "select 1 from projects where user_id = ? and binned_at is not null limit ?"
    found = db.execute(f"select count(*) from ({some})", (user_id, MOST_COUNTED)).fetchone()
    return int(found[0])


def ends_at(settings: Settings, row: sqlite3.Row) -> str:
    """When a project in the bin is deleted for good, as UTC text."""
    return written(moment(row["binned_at"]) + timedelta(days=settings.bin_days))


def empty(db: sqlite3.Connection, user_id: int) -> list[str]:
    """Delete what a user has in the bin now. Returns the projects' ids: their folders may go."""
    rows = db.execute(
        "select id, binned_at from projects where user_id = ? and binned_at is not null", (user_id,)
    ).fetchall()
    return [row["id"] for row in rows if delete_binned(db, row)]


def due(db: sqlite3.Connection, before: str) -> list[sqlite3.Row]:
    """What was put into the bin before a time (UTC text): id, binned_at."""
    return db.execute(
        "select id, binned_at from projects where binned_at < ? order by binned_at", (before,)
    ).fetchall()


def delete_binned(db: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Delete a project for good, if it still lies in the bin since then."""
    with transaction(db):
        there = db.execute(
            "select 1 from projects where id = ? and binned_at = ?", (row["id"], row["binned_at"])
        ).fetchone()
        if there:
            delete_project(db, row_of(db, row["id"]))
    return there is not None
