"""The rows of the list of all jobs, rendered once a change; and since when a user has news."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from draftmill.choices.stored import in_effect
from draftmill.content_types.rows import KIND
from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.database.connection import snapshot
from draftmill.database.memory import Found, Memory
from draftmill.errors import NotFound
from draftmill.jobs.job import ACTIVE, job_for
from draftmill.projects.job_list import Facts, facts_of
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.render import fragment
from draftmill.web.views.job_list import entry_of

SHOWN = ("job", "project", "draft", "jobs")  # kinds of changes that the list may show


@dataclass(frozen=True)
class JobRow:
    """A row as HTML with its clocks still as marks, and its state in words.

    `made` is the newest change that it knows of.
    """

    id: str
    made: int
    facts: Facts
    status: str
    html: str
    state: str

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def ended(self) -> str:
        """Its id once it has ended, "" before."""
        return "" if self.active else self.id

    @property
    def said(self) -> str:
        """Its end, for a screen reader."""
        return "" if self.active else f"{self.state}."


class JobRows:
    """The rows that were asked for lately, and the number of each user's newest change."""

    def __init__(self, settings: Settings) -> None:
        self._rows: Memory[tuple[int, str], JobRow] = Memory(
            settings.database, lambda db, key: _rendered(db, settings, key)
        )
        self._newest: dict[int, int] = {}

    def news(self, db: sqlite3.Connection, user_id: int) -> int:
        """The number of the newest change; from here on it is heard of."""
        newest = changes.latest(db)
        return max(newest, self._newest.setdefault(user_id, newest))

    def newest(self, user_id: int) -> int | None:
        """The number of the user's newest change, None while nobody has looked."""
        return self._newest.get(user_id)

    def kept(self, user_id: int, job_ids: Sequence[str]) -> list[JobRow] | None:
        """The rows of these jobs if all of them are in memory."""
        found = [self._rows.get((user_id, job_id)) for job_id in job_ids]
        rows = [row for row in found if row]
        return rows if len(rows) == len(found) else None

    def shown(self, db: sqlite3.Connection, user_id: int, job_ids: Sequence[str]) -> list[JobRow]:
        """The rows of a user's own jobs as they are now; those that are gone are left out."""
        rows = []
        for job_id, facts in facts_of(db, user_id, job_ids).items():
            row = self._rows.get((user_id, job_id))
            if row is None or row.facts != facts:
                row = self._rows.refresh(db, (user_id, job_id))
            rows += [row] if row else []
        return rows

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread."""
        if change.kind == "job":
            self._rows.follow(db, (change.user_id, change.object_id))
        if change.kind in (KIND, "settings"):
            self._rows.drop_all(lambda row: True)
        if change.kind in SHOWN:
            self.told(change.user_id, change.version)

    def told(self, user_id: int, version: int) -> None:
        """Note that something of a user's is new, for those who ask before the watcher heard of it."""
        if self._newest.get(user_id, version) <= version:
            self._newest[user_id] = version


def _rendered(
    db: sqlite3.Connection, settings: Settings, key: tuple[int, str]
) -> Found[JobRow] | None:
    user_id, job_id = key
    with suppress(NotFound, KeyError), snapshot(db):
        job = job_for(db, user_id, job_id)
        facts = facts_of(db, user_id, [job_id])[job_id]
        chosen = in_effect(db, settings, keys=False)
        entry = entry_of(db, chosen, row_of(db, job.project_id), job, facts)
        made = changes.latest(db)
        # Nothing stands around it: a list whose last row has left is empty.
        html = fragment("jobs/_entry.html", {"job": entry, "rev": made}).strip()
        state = f"{facts.title}, {entry.pill.label}: {entry.pill.word}"
        return Found(JobRow(job_id, made, facts, job.status, html, state), made)
    return None
