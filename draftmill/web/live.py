"""Every pill, rendered once a change and kept: the poll is a dictionary look-up."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass

from content_actions import slot_id
from draftmill.content_types.rows import KIND
from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.database.connection import snapshot
from draftmill.database.memory import Found, Memory
from draftmill.errors import NotFound
from draftmill.jobs.job import Job, job_for, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.places import Places
from draftmill.web.present import Present
from draftmill.web.render import fragment
from draftmill.web.views import pills
from draftmill.web.views.clocks import Timed
from draftmill.web.views.desk import offered_to, part_offers_to
from draftmill.web.views.material import material_of
from draftmill.web.views.project_page import head_of


@dataclass(frozen=True)
class Shown:
    """The answer to a poll of a job: its project, its pill's id, and the text with its clocks."""

    project_id: str
    slot_id: str
    text: Timed

    def __bytes__(self) -> bytes:
        return bytes(self.text)


class Live:
    """The pills of all jobs that were asked for lately, newest states only."""

    def __init__(self, present: Present, places: Places) -> None:
        self._pills: Memory[tuple[int, str], Shown] = Memory(
            present.settings.database, lambda db, key: _rendered(db, present.settings, places, key)
        )

    def get(self, user_id: int, job_id: str) -> Shown | None:
        """The present answer to a poll of a user's own job, if it is in memory."""
        return self._pills.get((user_id, job_id))

    def read(self, user_id: int, job_id: str) -> Shown | None:
        """The same from the job's row. None if there is no such job, also for other people's."""
        return self._pills.read((user_id, job_id))

    def shown(self, db: sqlite3.Connection, user_id: int, job_id: str) -> Shown | None:
        """What is in memory, else read on an open connection."""
        return self.get(user_id, job_id) or self._pills.refresh(db, (user_id, job_id))

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread: what somebody looks at is rendered anew."""
        if change.kind == "job":
            self._pills.follow(db, (change.user_id, change.object_id))
        elif change.kind in (KIND, "settings"):
            self._pills.drop_all(lambda _: True)  # names, and what is offered, may be others
        elif change.kind == "draft":
            project_id, _, task_type = change.object_id.partition("/")
            job = newest_job(db, project_id, task_type)
            if job:
                self._pills.drop((job.user_id, job.id))


def _rendered(
    db: sqlite3.Connection, settings: Settings, places: Places, key: tuple[int, str]
) -> Found[Shown] | None:
    user_id, job_id = key
    with suppress(NotFound), snapshot(db):
        job = job_for(db, user_id, job_id)
        # With an ended ingest comes the whole transcript, and it is asked for once.
        lasting = job.type != INGEST or job.active
        answer = Timed(poll(db, settings, job), places)
        shown = Shown(job.project_id, slot_id(job.project_id, job.type), answer)
        return Found(shown, changes.rev(db, "job", job_id), lasting)
    return None


def poll(db: sqlite3.Connection, settings: Settings, job: Job, others: tuple[Job, ...] = ()) -> str:
    """The pill of a job and what comes with it out of band; the same for polls and POSTs.

    Only an ended job brings its second slot, a new draft what is offered beside the person's text,
    and an ended ingest the head of the page, and with a transcript the material and all rows.
    """
    project = row_of(db, job.project_id)
    ended = [] if job.active else [pills.row_of_job(db, settings, project, job.type, job)]
    pill = ended[0].pill if ended else pills.pill_of_job(db, settings, project, job.type, job)
    further = [pills.row_of_job(db, settings, project, o.type, o) for o in others]
    heard = job.type == INGEST and job.status == "succeeded"
    if heard:
        # What was "Generate when ready" is ready now, what was written before is of another time.
        further += [other for other in pills.rows(db, settings, project) if not other.pill.active]
    return fragment(
        "_answer.html",
        {
            "pill": pill,
            "others": [other.pill for other in further],
            "actions": [
                r.actions for r in (*ended, *further) if r.type != INGEST and not r.pill.active
            ],
            "offered": offered_to(db, project, job) if job.status == "succeeded" else None,
            "part_offers": part_offers_to(db, project, job) if job.status == "succeeded" else None,
            "head": head_of(db, settings, project, job)
            if job.type == INGEST and not job.active
            else None,
            "material": material_of(db, project) if heard else None,
        },
    )
