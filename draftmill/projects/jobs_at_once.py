"""What is done to many jobs of a person at once: to all in the list that match what is wanted."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound
from draftmill.jobs.job import ACTIVE, ENDED, Job, job_for
from draftmill.jobs.start import NoRecording, retry_helps, retry_job
from draftmill.projects.cancelling import cancel
from draftmill.projects.job_list import FAR, TOP, Place, Wanted, places
from draftmill.settings import Settings

MOST = 200  # jobs that one request starts or ends: others want to write too
CLEARED_AT_ONCE = 1_000
IF_NEWEST = (
    "select j.error_code, p.transcript_id from jobs j join projects p on p.id = j.project_id"
    " where j.n = ? and not exists (select 1 from jobs newer"
    " where newer.project_id = j.project_id and newer.type = j.type and newer.n > j.n)"
)


@dataclass(frozen=True)
class Done:
    """The jobs to which it was done, and whether there are more of them."""

    job_ids: tuple[str, ...] = ()
    more: bool = False


def cancel_all(db: sqlite3.Connection, settings: Settings, user_id: int, wanted: Wanted) -> Done:
    """Cancel what runs and what waits, at most MOST of them.

    They are found before anything is written: a search may look into a hundred thousand titles.
    """
    found = list(places(db, user_id, wanted, ACTIVE, most=MOST + 1))
    # What waits goes first: it must not take the place of what was cancelled.
    chosen = found[::-1][:MOST]
    with transaction(db):
        jobs = [job for place in chosen if (job := _still_active(db, user_id, place))]
        for job in jobs:
            cancel(db, settings, job)
    return Done(tuple(job.id for job in jobs), len(found) > MOST)


def _still_active(db: sqlite3.Connection, user_id: int, place: Place) -> Job | None:
    with suppress(NotFound):
        job = job_for(db, user_id, place.id)
        return job if job.active else None
    return None


@dataclass(frozen=True)
class Cleared:
    """How many left the list, and the moment by which they come back."""

    count: int
    at: str


def clear_ended(db: sqlite3.Connection, user_id: int, wanted: Wanted) -> Cleared:
    """Take what has ended out of the list; the rows stay.

    It is done in parts, for there may be a hundred thousand, and others write meanwhile.
    """
    cleared, last, at = 0, TOP, now()
    while some := _ended_after(db, user_id, wanted, last):
        with transaction(db):
            db.executemany(
                "update jobs set cleared_at = ? where n = ? and completed_at is not null",
                [(at, place.n) for place in some],
            )
            # One for all of them: whoever looks at the list asks anew.
            changes.record(db, "jobs", str(user_id), user_id)
        cleared, last = cleared + len(some), some[-1]
    return Cleared(cleared, at)


def take_back_cleared(db: sqlite3.Connection, user_id: int, at: str) -> int:
    """Show again what was cleared at a moment, in parts too; of projects in the bin nothing."""
    shown, last = 0, 0
    while some := db.execute(
        "select n from jobs where user_id = ? and n > ? and cleared_at = ? and project_id in"
        " (select id from projects where user_id = ? and binned_at is null) order by n limit ?",
        (user_id, last, at, user_id, CLEARED_AT_ONCE),
    ).fetchall():
        with transaction(db):
            db.executemany(
                "update jobs set cleared_at = null where n = ? and cleared_at = ?",
                [(row["n"], at) for row in some],
            )
            changes.record(db, "jobs", str(user_id), user_id)
        shown, last = shown + len(some), some[-1]["n"]
    return shown


def _ended_after(db: sqlite3.Connection, user_id: int, wanted: Wanted, last: Place) -> list[Place]:
    found = places(db, user_id, wanted, ENDED, last, CLEARED_AT_ONCE)
    return list(islice(found, CLEARED_AT_ONCE))


def retry_failed(db: sqlite3.Connection, user_id: int, wanted: Wanted) -> Done:
    """Try again what failed, where that can help and nothing newer has come of it; at most MOST.

    Of those that were cancelled where these are wanted. Returns the jobs that were made.
    """
    found = list(islice(_worth_a_retry(db, user_id, wanted), MOST + 1))
    started: list[str] = []
    with transaction(db):
        for job in found[:MOST]:
            with suppress(NoRecording):
                started.append(retry_job(db, job).job.id)
    return Done(tuple(dict.fromkeys(started)), len(found) > MOST)


def _worth_a_retry(db: sqlite3.Connection, user_id: int, wanted: Wanted) -> Iterator[Job]:
    ended = "cancelled" if wanted.status == "cancelled" else "failed"
    for place in places(db, user_id, wanted, (ended,), most=FAR):
        row = db.execute(IF_NEWEST, (place.n,)).fetchone()
        if row and retry_helps(row, row["error_code"]):
            yield job_for(db, user_id, place.id)
