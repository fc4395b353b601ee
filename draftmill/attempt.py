"""One attempt at one job, in a process of its own: the child's side."""

import logging
import os
import signal
import sqlite3
import sys
import threading
import time
import uuid
from pathlib import Path

from draftmill import children, endings, jobs, store
from draftmill.errors import Problem
from draftmill.jobs import Job
from draftmill.settings import Settings
from draftmill.work import Work

logger = logging.getLogger(__name__)
REPORT_S = 1.0
LOOK_S = 0.1


class Unexpected(Problem):
    code = "internal"


def folder_of(settings: Settings, job: Job) -> Path:
    """Where an attempt's files go: nobody else writes there."""
    return settings.folder_of(job.project_id) / "attempts" / f"{job.id}-{job.attempt}"


def main(settings: Settings, job_id: str, attempt: int) -> None:
    """Work on a claimed job until it ends, and leave at once. Never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    channel = children.beat_channel()
    children.die_with_parent()
    db = store.connect(settings.database, store.WORKER_PATIENCE_S)
    job = jobs.find(db, job_id)
    if job is None or job.attempt != attempt or job.status != "running":
        os._exit(0)
    try:
        work = open_work(settings, db, job)
    except jobs.Fenced:
        os._exit(0)
    threading.Thread(target=_beat, args=(work, channel), daemon=True).start()
    threading.Thread(target=_report, args=(work,), daemon=True).start()
    code = carry_out(work)
    sys.stderr.flush()
    os._exit(code)


def open_work(settings: Settings, db: sqlite3.Connection, job: Job) -> Work:
    """The Work of a claimed job, with its folder made. Raises jobs.Fenced if the project is gone."""
    project = db.execute("select * from projects where id = ?", (job.project_id,)).fetchone()
    if project is None:
        raise jobs.Fenced
    folder = folder_of(settings, job)
    folder.mkdir(parents=True, exist_ok=True)
    return Work(settings, db, job, project, folder)


def carry_out(work: Work) -> int:
    """Run the stages and end the job. Returns an exit code: 0 when the job's row is ended."""
    from draftmill.pipeline import stages

    try:
        stages.run(work)
    except jobs.Fenced:
        return 0
    except MemoryError:
        return 70
    except Problem as problem:
        return _end(work, problem)
    except sqlite3.OperationalError as error:
        logger.exception("job %s lost its database", work.job.id)
        return _end(work, DatabaseBusy(f"The database did not answer: {error}."))
    except Exception:
        error_id = uuid.uuid4().hex[:8]
        logger.exception("job %s failed, error %s", work.job.id, error_id)
        unexpected = Unexpected(
            f"Draftmill met an error that it does not know (error {error_id}).",
            "Press Retry; if it fails again, look for this number in the server log.",
        )
        endings.fail(work.db, work.job, work.job.attempt, unexpected, error_id)
    return 0


class DatabaseBusy(Problem):
    code = "database_busy"
    transient = True
    default_hint = "It is tried again by itself."


def _end(work: Work, problem: Problem) -> int:
    if problem.transient:
        pace = work.settings.retry_delay_s
        endings.retry_later(work.db, work.job, work.job.attempt, problem, pace)
    else:
        endings.fail(work.db, work.job, work.job.attempt, problem)
    return 0


def _beat(work: Work, channel: int) -> None:
    """Tell the supervisor that we live, and whether we got on. Touches no database."""
    while True:
        os.write(channel, b"+" if work.advanced() else b".")
        time.sleep(work.settings.beat_s)


def _report(work: Work) -> None:
    """Write progress to the row, at most once a second, over a connection of its own."""
    db = store.connect(work.settings.database, store.WORKER_PATIENCE_S)
    last: object = None
    while True:
        try:
            written = work.report(db, last)
        except jobs.Fenced:
            return
        except sqlite3.OperationalError:
            written = last
        time.sleep(LOOK_S if written is last else REPORT_S)
        last = written
