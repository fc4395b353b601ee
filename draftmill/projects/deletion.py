"""Deleting projects with all they have, and their files; or a recording alone."""

import shutil
import sqlite3

from draftmill import storage
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.settings import Settings


class IngestAtWork(Conflict):
    code = "ingest_at_work"
    default_message = "The recording is being transcribed right now."
    default_hint = "Cancel the transcription first, or wait until it is done."


def delete_project(db: sqlite3.Connection, project: sqlite3.Row) -> None:
    """Delete a project's rows in one transaction; a worker at it finds its row gone and stops.

    Its files go afterwards, by `remove_files`.
    """
    with transaction(db):
        tell_all(db, project, deleted=True)
        db.execute(
            "delete from checkpoints where origin_id in"
            " (select origin_id from jobs where project_id = ?)",
            (project["id"],),
        )
        db.execute("delete from projects where id = ?", (project["id"],))


def tell_all(db: sqlite3.Connection, project: sqlite3.Row, deleted: bool) -> None:
    """Note that a project came or went, with its jobs and its drafts."""
    jobs = db.execute("select id from jobs where project_id = ?", (project["id"],)).fetchall()
    for row in jobs:
        changes.record(db, "job", row["id"], project["user_id"], deleted)
    drafts = db.execute("select type from drafts where project_id = ?", (project["id"],)).fetchall()
    for row in drafts:
        key = f"{project['id']}/{row['type']}"
        changes.record(db, "draft", key, project["user_id"], deleted)
    changes.record(db, "project", project["id"], project["user_id"], deleted)


def delete_projects_of(db: sqlite3.Connection, user_id: int) -> list[str]:
    """Delete every project of a user, as `delete_project` does. Returns their ids: their folders may go."""
    with transaction(db):
        owned = db.execute("select * from projects where user_id = ?", (user_id,)).fetchall()
        for project in owned:
            delete_project(db, project)
    return [project["id"] for project in owned]


def remove_files(settings: Settings, project_id: str) -> None:
    """Remove a deleted project's folder."""
    shutil.rmtree(storage.folder_of(settings, project_id), ignore_errors=True)


def delete_recording(db: sqlite3.Connection, settings: Settings, project: sqlite3.Row) -> None:
    """Delete the recording alone: transcript, pictures and drafts stay. Raises IngestAtWork."""
    with transaction(db):
        ingest = newest_job(db, project["id"], INGEST)
        if ingest and ingest.active:
            raise IngestAtWork
        db.execute("update projects set file = null where id = ?", (project["id"],))
        db.execute("delete from voice_windows where project_id = ?", (project["id"],))
        changes.record(db, "project", project["id"], project["user_id"])
    if project["file"]:
        storage.stored(settings, project["id"], project["file"]).unlink(missing_ok=True)
