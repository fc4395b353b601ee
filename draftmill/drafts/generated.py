"""What a job wrote becomes a version.

It never takes the place of a person's edit: it is offered beside it.
"""

import sqlite3
from contextlib import suppress
from typing import Protocol

from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.drafts.checking import BadDraft, checked
from draftmill.drafts.versions import Version, current, insert, one, show
from draftmill.drafts.written import Written


class GeneratingJob(Protocol):
    """What must be known of the job that wrote a draft."""

    @property
    def id(self) -> str: ...
    @property
    def project_id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def user_id(self) -> int: ...


def add_generated(db: sqlite3.Connection, job: GeneratingJob, written: Written) -> Version:
    """Store what a job wrote, in the transaction in which it succeeds. A second time adds nothing.

    The draft moves to it unless it shows a person's edit. What was refused is a version before it.
    """
    with transaction(db):
        known = one(db, "v.job_id = ?", (job.id,))
        if known is not None:
            return known
        with suppress(BadDraft):  # a title that is too long, for one, costs only what was refused
            if written.refused:
                _inserted(db, job, written.refused, None)
        new = _inserted(db, job, written, job.id)
        shown = current(db, job.project_id, job.type)
        if shown is None or shown.author == "writer":
            show(db, new)
        changes.record(
            db, kind="draft", object_id=f"{new.project_id}/{new.type}", user_id=job.user_id
        )
        return new


def _inserted(
    db: sqlite3.Connection, job: GeneratingJob, written: Written, job_id: str | None
) -> Version:
    return insert(
        db,
        job.project_id,
        job.type,
        checked(job.type, written.title, written.body, written.fields),
        author="writer",
        job_id=job_id,
        evidence=written.evidence,
        model=written.model,
        prompt=written.prompt,
    )
