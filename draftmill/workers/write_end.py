"""The end of an attempt is written, however long the disk or the database refuses it."""

import logging
import sqlite3
from collections.abc import Callable

from draftmill import errors
from draftmill.database.connection import transaction
from draftmill.jobs.job import Job
from draftmill.logs import tell_seldom

AGAIN_S = 0.5  # until the next try

logger = logging.getLogger(__name__)
tell_seldom(__name__)


def write_end(
    db: sqlite3.Connection,
    job: Job,
    write: Callable[[], object],
    give_up: Callable[[Exception], bool],
) -> bool:
    """Try `write` in a transaction until it succeeds. False when it was given up.

    `give_up` is asked after each failure: it waits until the next try, or says that there is
    none; what it raises goes on to the caller.
    """
    while True:
        try:
            with transaction(db):
                write()
            return True
        except Exception as error:
            unforeseen = None if isinstance(error, sqlite3.Error) else error
            logger.warning(
                "the end of job %s cannot be written yet: %s",
                job.id,
                errors.named(error) or error,
                exc_info=unforeseen,
            )
            if give_up(error):
                return False
