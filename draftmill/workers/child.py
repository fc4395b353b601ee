"""One attempt at one job, in a process of its own: the child's side."""

import contextlib
import logging
import math
import os
import signal
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from draftmill import errors
from draftmill.database.connection import WORKER_PATIENCE_S, connect, transaction
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import Job, find_job
from draftmill.processes import children
from draftmill.processes.exits import OUT_OF_MEMORY
from draftmill.settings import Settings

logger = logging.getLogger(__name__)
REPORT_S = 1.0
LOOK_S = 0.1
COUNT_S = 15.0
END_AGAIN_S = 0.5
TOLD_EVERY_S = 60.0


class Unexpected(Problem):
    code = "internal"
    default_hint = "Press Retry; if it fails again, look for this number in the server log."


def folder_of(settings: Settings, job: Job) -> Path:
    """Where an attempt's files go: nobody else writes there."""
    return settings.folder_of(job.project_id) / "attempts" / f"{job.id}-{job.attempt}"


def main(settings: Settings, job_id: str, attempt: int) -> None:
    """Work on a claimed job until it ends, and leave at once. Never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    channel = children.beat_channel()
    children.die_with_parent()
    db = connect(settings.database, WORKER_PATIENCE_S)
    job = find_job(db, job_id)
    if job is None or job.attempt != attempt or job.status != "running":
        os._exit(0)
    try:
        work = open_work(settings, db, job)
    except running.Fenced:
        os._exit(0)
    threading.Thread(target=_beat, args=(work, channel), daemon=True).start()
    threading.Thread(target=_report, args=(work,), daemon=True).start()
    code = carry_out(work)
    with contextlib.suppress(OSError):  # not empty: its supervisor knows what of it is to stay
        work.folder.rmdir()
    sys.stderr.flush()
    os._exit(code)


def open_work(settings: Settings, db: sqlite3.Connection, job: Job) -> Attempt:
    """The Work of a claimed job. Raises jobs.Fenced if the project is gone."""
    project = db.execute("select * from projects where id = ?", (job.project_id,)).fetchone()
    if project is None:
        raise running.Fenced
    return Attempt(settings, db, job, project, folder_of(settings, job))


def carry_out(work: Attempt) -> int:
    """Run the stages and end the job. Returns an exit code: 0 when the job's row is ended."""
    from draftmill.pipeline import run

    try:
        work.folder.mkdir(parents=True, exist_ok=True)
        run.run(work)
    except running.Fenced:
        return 0
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        end_by(work, error)
    return 0


def end_by(work: Attempt, error: Exception) -> None:
    """End a job by the error that it met, as its kind asks: try again later, or fail."""
    job, problem, error_id = work.job, errors.named(error), None
    if problem is None:
        error_id = uuid.uuid4().hex[:8]
        logger.error("job %s failed, error %s", job.id, error_id, exc_info=error)
        problem = Unexpected(f"Draftmill met an error that it does not know (error {error_id}).")
    elif problem is not error:
        logger.warning("job %s met %s: %s", job.id, problem.code, error)
    known, pace = problem, work.settings.retry_delay_s
    if known.transient:
        _until_written(work, lambda: endings.retry_later(work.db, job, known, pace))
    else:
        _until_written(work, lambda: endings.fail(work.db, job, known, error_id))


def _until_written(work: Attempt, end: Callable[[], object]) -> None:
    """Write the end of an attempt, however long the disk or the database refuses it."""
    told = -math.inf
    while True:
        try:
            with transaction(work.db):
                work.count(work.db)
                end()
            return
        except sqlite3.Error as error:
            refusal = errors.named(error)
            if refusal is None or not refusal.transient:
                raise
            if time.monotonic() - told >= TOLD_EVERY_S:
                told = time.monotonic()
                logger.warning("the end of job %s cannot be written yet: %s", work.job.id, refusal)
        # To wait for the disk is no hang: patience is for stages.
        work.touch()
        time.sleep(END_AGAIN_S)


def _beat(work: Attempt, channel: int) -> None:
    """Tell the supervisor that we live, and whether we got on. Touches no database."""
    while True:
        children.beat(channel, b"+" if work.advanced() else b".")
        time.sleep(work.settings.beat_s)


def _report(work: Attempt) -> None:
    """Write progress to the row, at most once a second, over a connection of its own."""
    db = connect(work.settings.database, WORKER_PATIENCE_S)
    last: object = None
    counted = time.monotonic()
    while True:
        try:
            written = work.report(db, last)
            if time.monotonic() - counted >= COUNT_S:
                work.count(db)
                counted = time.monotonic()
        except running.Fenced:
            # Somebody else has the job, or nobody: what the stages still do is for nothing.
            os._exit(0)
        except sqlite3.Error:
            written = last
        time.sleep(LOOK_S if written is last else REPORT_S)
        last = written
