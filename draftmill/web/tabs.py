"""What an open page shows, and so which changes it hears of, as messages to its socket."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from content_actions import CONTENT_TYPES
from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.errors import NotFound
from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.projects.listing import PAGE, listed
from draftmill.projects.project import project_for
from draftmill.web.job_rows import SHOWN
from draftmill.web.live import Live, Shown
from draftmill.web.numbers import number_in
from draftmill.web.render import fragment
from draftmill.web.views.project_list import entry_of, said_of

LONGEST_ID = 40


@dataclass(frozen=True)
class Tab:
    """One open page: a project's, a job's, the list of some projects or of all jobs, or none of these.

    `since` is the number of the newest change that it may show.
    """

    project: str = ""
    job: str = ""
    jobs: bool = False
    listed: frozenset[str] = frozenset()
    since: int = 0


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
    """One change, told once for each kind of page that shows something of it."""

    def __init__(self, db: sqlite3.Connection, live: Live, change: Change) -> None:
        self._db = db
        self._change = change
        self._shown = _shown(db, live, change)
        self._told: dict[str, Message] = {}

    def message(self, tab: Tab) -> Message | None:
        """What a page is told of it, None for nothing."""
        if tab.jobs:
            return ASK if self._change.kind in SHOWN else None
        if tab.job:
            return ASK if (self._change.kind, self._change.object_id) == ("job", tab.job) else None
        if tab.project:
            return self._of_project(tab.project)
        project_id = self._project_id()
        if project_id not in tab.listed:
            return None
        return self._once("row", lambda: _row(self._db, self._change.user_id, project_id))

    def _of_project(self, project_id: str) -> Message | None:
        if self._change.deleted:
            return ASK  # whose it was is not known any more
        shown = self._shown
        if shown is None or shown.project_id != project_id:
            return None
        return self._once("pill", lambda: _pushed(shown))

    def _project_id(self) -> str:
        if self._change.kind == "project":
            return self._change.object_id
        return self._shown.project_id if self._shown else ""

    def _once(self, what: str, tell: Callable[[], Message]) -> Message:
        if what not in self._told:
            self._told[what] = tell()
        return self._told[what]


def missed(db: sqlite3.Connection, live: Live, user_id: int, tab: Tab) -> Iterator[Message]:
    """What changed on a user's page since it was made, or since its last socket fell silent."""
    if tab.jobs:
        yield ASK  # in case: one request for the whole page
    if tab.job and _newest_rev(db, user_id, "id", tab.job) > tab.since:
        yield ASK
    for task_type in (INGEST, *CONTENT_TYPES) if tab.project else ():
        job = newest_job(db, tab.project, task_type)
        if job and job.user_id == user_id and _rev(db, job) > tab.since:
            shown = live.read(user_id, job.id)
            if shown:
                yield _pushed(shown)
    for project_id in tab.listed:
        if _newest_rev(db, user_id, "project_id", project_id) > tab.since:
            yield _row(db, user_id, project_id)


def _rev(db: sqlite3.Connection, job: Job) -> int:
    """The rev of a job's pill, as views/pills.py has it."""
    of_draft = changes.rev(db, "draft", f"{job.project_id}/{job.type}")
    return max(changes.rev(db, "job", job.id), of_draft)


def _newest_rev(db: sqlite3.Connection, user_id: int, column: str, value: str) -> int:
    """The rev of what changed last among a user's jobs with this id or project_id; 0 for none."""
    query = (
        "select max(c.version) from jobs j join changes c on c.kind = 'job' and c.object_id = j.id"
        f" where j.{column} = ? and j.user_id = ?"
    )
    return db.execute(query, (value, user_id)).fetchone()[0] or 0


def _shown(db: sqlite3.Connection, live: Live, change: Change) -> Shown | None:
    """The pill in which a change of a job or a draft is seen."""
    job_id = change.object_id if change.kind == "job" else ""
    if change.kind == "draft":
        project_id, _, task_type = change.object_id.partition("/")
        job = newest_job(db, project_id, task_type)
        job_id = job.id if job else ""
    if not job_id or change.deleted:
        return None
    return live.get(change.user_id, job_id) or live.read(change.user_id, job_id)


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
