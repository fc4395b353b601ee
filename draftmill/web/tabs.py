"""What an open page shows, and so which changes it hears of, as messages to its socket."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.errors import NotFound
from draftmill.jobs.job import Job, job_of, newest_of_each_type
from draftmill.projects.listing import PAGE, listed
from draftmill.projects.project import project_for
from draftmill.web.job_rows import SHOWN
from draftmill.web.live import Live, Shown
from draftmill.web.numbers import number_in
from draftmill.web.render import fragment
from draftmill.web.views.project_list import entry_of, said_of

logger = logging.getLogger(__name__)
LONGEST_ID = 40


class Tab(NamedTuple):
    """One open page: a project's, a job's, the list of some projects or of all jobs, or none of these.

    `since` is the number of the newest change that it may show.
    """

    project: str = ""
    job: str = ""
    jobs: bool = False
    listed: frozenset[str] = frozenset()
    since: int = 0

    @property
    def shows(self) -> "Tab":
        """The same for all pages that show the same."""
        return self._replace(since=0)


@dataclass(frozen=True)
class Message:
    """What a socket is told. Of two with one key that wait for a slow one, the newer counts."""

    key: str
    text: str

    @cached_property
    def frame(self) -> bytes:
        """It, as sockets are told it."""
        from draftmill.web.lines import framed  # websockets load with the first page

        return framed(self.text)


# What only the page's own address can tell: everything on it asks at once.
ASK = Message("ask", json.dumps({"ask": True}))


def tab_of(query: Mapping[str, str]) -> Tab:
    """The page that an address says: ?project=ID, ?job=ID, ?list=ID,ID or ?jobs=1, and &since=N."""
    ids = query.get("list", "").split(",", PAGE)[:PAGE]
    return Tab(
        project=query.get("project", "")[:LONGEST_ID],
        job=query.get("job", "")[:LONGEST_ID],
        jobs=query.get("jobs") == "1",
        listed=frozenset(one[:LONGEST_ID] for one in ids if one),
        since=number_in(query.get("since", "")) or 0,
    )


class News:
    """What changed for a user at once, told once for each kind of page that shows something of it.

    What no page shows is not even read.
    """

    def __init__(
        self, db: sqlite3.Connection, live: Live, user_id: int, changed: Sequence[Change]
    ) -> None:
        self._db = db
        self._live = live
        self._user_id = user_id
        self._changed = changed
        self._told: dict[str, Message | None] = {}

    def messages(self, tab: Tab) -> tuple[Message, ...]:
        """What a page is told of it."""
        if tab.jobs:
            return (ASK,) if any(one.kind in SHOWN for one in self._changed) else ()
        if tab.job:
            return (ASK,) if ("job", tab.job) in self._objects else ()
        found = self._of_project(tab.project) if tab.project else self._of_list(tab)
        return tuple(message for message in found if message)

    @cached_property
    def _objects(self) -> set[tuple[str, str]]:
        return {(one.kind, one.object_id) for one in self._changed}

    @cached_property
    def _jobs(self) -> dict[tuple[str, str], str]:
        """By project and type, which change whose pill: the newest job that changed."""
        found = [row for one in self._changed if (row := _job_of(self._db, one))]
        found.sort(key=lambda row: int(row["n"]))
        return {(row["project_id"], row["type"]): row["id"] for row in found}

    @cached_property
    def _projects(self) -> set[str]:
        changed = {one.object_id for one in self._changed if one.kind == "project"}
        return changed | {project_id for project_id, _ in self._jobs}

    def _of_project(self, wanted: str) -> Iterator[Message | None]:
        if any(one.deleted for one in self._changed):
            yield ASK  # whose it was is not known any more
        for (project_id, _), job_id in self._jobs.items():
            if project_id == wanted:
                yield self._once(job_id, partial(self._pill, job_id))

    def _of_list(self, tab: Tab) -> Iterator[Message | None]:
        for project_id in tab.listed & self._projects if tab.listed else ():
            yield self._once(project_id, partial(_row, self._db, self._user_id, project_id))

    def _pill(self, job_id: str) -> Message | None:
        shown = self._live.shown(self._db, self._user_id, job_id)
        return _pushed(shown) if shown else None

    def _once(self, what: str, tell: Callable[[], Message | None]) -> Message | None:
        if what not in self._told:
            self._told[what] = None
            try:
                self._told[what] = tell()
            except sqlite3.OperationalError:
                raise  # all of it is told again
            except Exception:
                logger.exception("%s cannot be shown", what)
        return self._told[what]


def missed(db: sqlite3.Connection, live: Live, user_id: int, tab: Tab) -> Iterator[Message]:
    """What changed on a user's page since it was made, or since its last socket fell silent."""
    if tab.jobs:
        yield ASK  # in case: one request for the whole page
    if tab.job and _newest_rev(db, user_id, _OF_JOB, tab.job) > tab.since:
        yield ASK
    for job in map(job_of, newest_of_each_type(db, tab.project)) if tab.project else ():
        if job.user_id == user_id and _rev(db, job) > tab.since:
            shown = live.read(user_id, job.id)
            if shown:
                yield _pushed(shown)
    for project_id in tab.listed:
        if _newest_rev(db, user_id, _OF_ROW, project_id) > tab.since:
            yield _row(db, user_id, project_id)


def _rev(db: sqlite3.Connection, job: Job) -> int:
    """The rev of a job's pill, as views/pills.py has it."""
    of_draft = changes.rev(db, "draft", f"{job.project_id}/{job.type}")
    return max(changes.rev(db, "job", job.id), of_draft)


# The kinds and ids of what a page of one job, and a row of the list, show changes of.
_OF_JOB = "values ('job', :id)"
_OF_ROW = "select 'job', id from jobs where project_id = :id union all values ('project', :id)"


def _newest_rev(db: sqlite3.Connection, user_id: int, objects: str, object_id: str) -> int:
    """The rev of what changed last among a user's own of these objects; 0 for none."""
    # From what is shown to its changes: SQLite must not walk through all changes for the newest.
    query = (
        f"with shown (kind, object_id) as ({objects}) select max(version)"
        " from shown cross join changes using (kind, object_id) where user_id = :user"
    )
    return db.execute(query, {"user": user_id, "id": object_id}).fetchone()[0] or 0


# By kind: the job in whose pill a change is seen. Read as columns: there may be a crowd of them.
_JOB_OF = {
    "job": "select n, id, project_id, type from jobs where id = ?",
    "draft": "select n, id, project_id, type from jobs where project_id = ? and type = ?"
    " order by n desc limit 1",
}


def _job_of(db: sqlite3.Connection, change: Change) -> sqlite3.Row | None:
    if change.deleted or change.kind not in _JOB_OF:
        return None
    which = change.object_id.split("/", 1)
    found: sqlite3.Row | None = db.execute(_JOB_OF[change.kind], which).fetchone()
    return found


def _pushed(shown: Shown) -> Message:
    """The answer to a poll, for a socket."""
    content = bytes(shown).decode()
    told = {"content": content, "target": f"#{shown.slot_id}", "swap": "outerMorph"}
    return Message(shown.slot_id, json.dumps(told, ensure_ascii=False))


def _row(db: sqlite3.Connection, user_id: int, project_id: str) -> Message:
    """A row of the list as it is now, or that it is gone."""
    key = f"project-{project_id}"
    try:
        item = listed(db, project_for(db, user_id, project_id))
        row = fragment("projects/_entry.html", {"project": entry_of(item), "oob": True})
        said = "" if item.active else said_of(item)
        content = row + (fragment("projects/_said.html", {"said": [said]}) if said else "")
    except NotFound:
        content = f'<div hx-swap-oob="delete:#{key}"></div>'
    return Message(key, json.dumps({"content": content}, ensure_ascii=False))
