"""What came of models whose download nobody goes on with, such as one cancelled while it waited."""

import sqlite3
from contextlib import suppress

from draftmill.jobs.policies import FETCH
from draftmill.maintenance.rounds import Cleaning


def delete_model_parts(cleaning: Cleaning, db: sqlite3.Connection) -> None:
    """Delete parts that have not grown for as long as any orphan is kept, unless a job may."""
    at_work = db.execute(
        "select 1 from jobs where type = ? and status in ('pending', 'running')", (FETCH,)
    ).fetchone()
    if at_work:
        return
    oldest = cleaning.moment - cleaning.settings.orphan_hours * 3600
    models = cleaning.settings.models
    for file in (*models.glob(".*.part"), *models.glob("*/.*.part")):
        with suppress(OSError):
            found = file.stat()
            if found.st_mtime < oldest:
                file.unlink()
                cleaning.report.freed_bytes += found.st_size
                cleaning.report.add("parts of models deleted")
