"""Bringing a model onto this machine: the job, and the project that it needs and no list shows."""

import shutil
import sqlite3
import uuid

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, Problem
from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.policies import FETCH
from draftmill.jobs.start import Started, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.models import download, kept, room
from draftmill.models.catalogue import Offer, offer_of
from draftmill.settings import Settings
from draftmill.uploads.disk import RESERVE

HOLDS = "model"
GIGABYTE = 10**9


class NotEnoughMemory(Problem):
    code = "not_enough_memory"
    status = 507
    default_hint = "Choose a smaller model."


class NotEnoughDisk(Problem):
    code = "not_enough_disk"
    status = 507
    default_hint = "Free some space, or choose a smaller model."


class ModelAtWork(Conflict):
    code = "model_at_work"
    default_message = "This model is being downloaded."
    default_hint = "Cancel the download first."


def fetch(db: sqlite3.Connection, settings: Settings, user_id: int, name: str) -> Started:
    """Start the job that brings a model, unless one is at work on it.

    Raises ModelUnknown, NotEnoughMemory, NotEnoughDisk.
    """
    offer = offer_of(settings, name)
    check_room(settings, offer)
    with transaction(db):
        project = project_of(db, user_id, name) or _add(db, user_id, offer)
        return start_job(db, project, Wishes(FETCH))


def check_room(settings: Settings, offer: Offer) -> None:
    """Raise NotEnoughMemory or NotEnoughDisk when it could never be used, or not be kept."""
    has = room.whole_memory()
    if has is not None and has < offer.memory:
        raise NotEnoughMemory(
            f"{offer.title} needs {_gigabytes(offer.memory)} of memory, and this machine has"
            f" {_gigabytes(has)}."
        )
    settings.models.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.models).free
    lacking = offer.bytes - sum(download.came(offer.target(settings, part)) for part in offer.parts)
    if free < lacking + RESERVE:
        raise NotEnoughDisk(
            f"{offer.title} needs {_gigabytes(lacking + RESERVE)} of free disk, and there are"
            f" {_gigabytes(free)}."
        )


def project_of(db: sqlite3.Connection, user_id: int, name: str) -> sqlite3.Row | None:
    """The project that holds a model's jobs; None before the first."""
    row: sqlite3.Row | None = db.execute(
        "select * from projects where user_id = ? and sha256 = ? and holds = ?",
        (user_id, f"{HOLDS}:{name}", HOLDS),
    ).fetchone()
    return row


def last_job(db: sqlite3.Connection, user_id: int, name: str) -> Job | None:
    """The newest job that brings a model; None before the first."""
    project = project_of(db, user_id, name)
    return newest_job(db, project["id"], FETCH) if project else None


def discard(settings: Settings, name: str) -> bool:
    """Forget what has come of a model, unless a download elsewhere is at it; whether none is."""
    offer = offer_of(settings, name)
    free = [download.discard(offer.target(settings, part)) for part in offer.parts]
    if all(free) and offer.kind == "speech" and not offer.is_here(settings):
        shutil.rmtree(offer.place(settings), ignore_errors=True)
    return all(free)


def delete(db: sqlite3.Connection, settings: Settings, user_id: int, name: str) -> None:
    """Delete a model's files from this machine; of the table, or a file that somebody put there.

    Raises ModelAtWork, DownloadAtWork, ModelUnknown.
    """
    if name.endswith(kept.SUFFIX):
        kept.delete(settings, name)
        return
    offer = offer_of(settings, name)
    last = last_job(db, user_id, name)
    if last and last.active:
        raise ModelAtWork
    if not discard(settings, offer.name):
        raise download.DownloadAtWork
    if offer.kind == "speech":
        shutil.rmtree(offer.place(settings), ignore_errors=True)
    else:
        offer.place(settings).unlink(missing_ok=True)


def _add(db: sqlite3.Connection, user_id: int, offer: Offer) -> sqlite3.Row:
    project_id = str(uuid.uuid4())
    row: sqlite3.Row = db.execute(
        "insert into projects (id, user_id, title, title_by, source, file_name, sha256, holds,"
        " created_at) values (?, ?, ?, 'person', 'transcript', ?, ?, ?, ?) returning *",
        (project_id, user_id, offer.title, offer.name, f"{HOLDS}:{offer.name}", HOLDS, now()),
    ).fetchone()
    changes.record(db, "project", project_id, user_id)
    return row


def _gigabytes(size: int) -> str:
    return f"{size / GIGABYTE:.1f} GB"
