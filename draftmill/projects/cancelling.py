"""A job that a person cancels, with what came of a model that nobody wants any more."""

import logging
import sqlite3

from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.policies import FETCH
from draftmill.projects import fetching
from draftmill.projects.project import row_of
from draftmill.settings import Settings

logger = logging.getLogger(__name__)


def cancel(db: sqlite3.Connection, settings: Settings, job: Job) -> Job:
    """End a pending job now; record the wish for a running one. An ended job stays as it is.

    A running download discards its part itself when it has stopped; one that waits has nobody else.
    """
    with transaction(db):
        cancelled = endings.cancel(db, job)
        if cancelled.type == FETCH and cancelled.status == "cancelled":
            # Within the transaction: no other download of it starts meanwhile.
            _discard(db, settings, cancelled)
    return cancelled


def _discard(db: sqlite3.Connection, settings: Settings, job: Job) -> None:
    newest = newest_job(db, job.project_id, FETCH)
    if newest is None or newest.id != job.id:
        return
    try:
        fetching.discard(settings, row_of(db, job.project_id)["file_name"])
    except (OSError, Problem):
        logger.warning("the download of job %s could not be discarded", job.id, exc_info=True)
