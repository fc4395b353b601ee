"""The rows of the list that are at work, rendered once a change: a poll asks for all of them at once."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from draftmill.database.changes import Change
from draftmill.database.connection import snapshot
from draftmill.database.memory import Found, Memory
from draftmill.errors import NotFound
from draftmill.jobs.job import job_for
from draftmill.projects.listing import listed
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.render import fragment
from draftmill.web.views.project_list import entry_of, said_of


@dataclass(frozen=True)
class LiveRow:
    """A project's row as HTML, the job that it waits for next ("" for none), and its end in words."""

    html: str
    job_id: str
    said: str


class LiveRows:
    """The rows of the projects whose jobs were asked for lately."""

    def __init__(self, settings: Settings) -> None:
        self._rows: Memory[tuple[int, str], LiveRow] = Memory(settings.database, _rendered)

    def get(self, user_id: int, job_ids: Iterable[str]) -> dict[str, LiveRow | None]:
        """The present row of each of a user's own jobs. None where there is no such job.

        What is in memory takes no query.
        """
        keys = [(user_id, job_id) for job_id in job_ids]
        return {key[1]: self._rows.get(key) or self._rows.read(key) for key in keys}

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread."""
        for job_id in _asked_for(db, change):
            self._rows.follow(db, (change.user_id, job_id))


def _asked_for(db: sqlite3.Connection, change: Change) -> set[str]:
    """The jobs by which a row is asked for that shows a change: all at work in its project."""
    own = {change.object_id} if change.kind == "job" else set()
    if change.kind not in _AT_WORK:
        return own
    return own | {row["id"] for row in db.execute(_AT_WORK[change.kind], (change.object_id,))}


_IN = (
    "select id from jobs indexed by one_active_job_of_a_type"
    " where status in ('pending', 'running') and project_id ="
)
_AT_WORK = {"project": f"{_IN} ?", "job": f"{_IN} (select project_id from jobs where id = ?)"}


def _rendered(db: sqlite3.Connection, key: tuple[int, str]) -> Found[LiveRow] | None:
    user_id, job_id = key
    with suppress(NotFound), snapshot(db):
        job = job_for(db, user_id, job_id)
        item = listed(db, row_of(db, job.project_id))
        html = fragment("projects/_entry.html", {"project": entry_of(item), "oob": True})
        waits_for = item.active.id if item.active else ""
        row = LiveRow(html, waits_for, "" if waits_for else said_of(item))
        # Once it has ended, the row follows other jobs, of which this key hears nothing.
        return Found(row, item.rev, lasting=job.active)
    return None
