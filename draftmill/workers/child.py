"""One attempt at one job, in a process of its own: the child's side."""

import contextlib
import logging
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from draftmill import errors, storage
from draftmill.choices.stored import in_effect
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import Job, find_job
from draftmill.logs import error_id
from draftmill.models.running import ModelLacksMemory
from draftmill.processes import children
from draftmill.processes.exits import OUT_OF_MEMORY
from draftmill.processes.limits import limit_memory
from draftmill.settings import Settings
from draftmill.speech import memory
from draftmill.speech.present import heard_with
from draftmill.workers import memory_turns
from draftmill.workers.write_end import AGAIN_S, write_end

logger = logging.getLogger(__name__)
REPORT_S = 1.0
LOOK_S = 0.1
COUNT_S = 15.0


class Unexpected(Problem):
    code = "internal"
    default_hint = "Press Retry; if it fails again, look for this number in the server log."


def folder_of(settings: Settings, job: Job) -> Path:
    """Where an attempt's files go: nobody else writes there."""
    return storage.stored(settings, job.project_id, storage.attempt_name(job.id, job.attempt))


def main(settings: Settings, job_id: str, number: int) -> None:
    """Work on a claimed job until it ends, and leave at once. Never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    channel = children.beat_channel()
    children.die_with_parent()
    db = connect(settings.database, WORKER_PATIENCE_S)
    job = find_job(db, job_id)
    if job is None or job.attempt != number or job.status != "running":
        os._exit(0)
    settings = heard_with(in_effect(db, settings), str(job.parameters.get("model", "")))
    limit_memory(memory.room(settings))
    try:
        attempt = open_attempt(settings, db, job)
    except running.Fenced:
        os._exit(0)
    threading.Thread(target=_beat, args=(attempt, channel), daemon=True).start()
    threading.Thread(target=_report, args=(attempt,), daemon=True).start()
    code = carry_out(attempt)
    with contextlib.suppress(OSError):  # not empty: its supervisor knows what of it is to stay
        attempt.folder.rmdir()
    sys.stderr.flush()
    os._exit(code)


def open_attempt(settings: Settings, db: sqlite3.Connection, job: Job) -> Attempt:
    """The Attempt at a claimed job. Raises running.Fenced if the project is gone."""
    project = db.execute("select * from projects where id = ?", (job.project_id,)).fetchone()
    if project is None:
        raise running.Fenced
    return Attempt(settings, db, job, project, folder_of(settings, job))


def carry_out(attempt: Attempt) -> int:
    """Run the stages and end the job. Returns an exit code: 0 when the job's row is ended."""
    from draftmill.pipeline import run

    try:
        attempt.folder.mkdir(parents=True, exist_ok=True)
        run.run(attempt)
    except running.Fenced:
        return 0
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        end_by(attempt, error)
    return 0


def end_by(attempt: Attempt, error: Exception) -> None:
    """End a job by the error that it met, as its kind asks: try again later, or fail."""
    db, job, unforeseen = attempt.db, attempt.job, None
    problem = errors.named(error)
    if problem is None:
        unforeseen = error_id(logger, "job %s failed", job.id, error=error)
        problem = Unexpected(f"Draftmill met an error that it does not know (error {unforeseen}).")
    elif problem is not error:
        logger.warning("job %s met %s: %s", job.id, problem.code, error)
    if problem.transient:
        _write_end(attempt, partial(_try_later, attempt, problem))
    else:
        _write_end(attempt, partial(endings.fail, db, job, problem, unforeseen))


def _try_later(attempt: Attempt, problem: Problem) -> None:
    """After a while; a draft whose model finds no memory waits for a transcription that has it."""
    settings, db, job = attempt.settings, attempt.db, attempt.job
    lacks = isinstance(problem, ModelLacksMemory)
    if not (lacks and memory_turns.hold_lacking(settings, db, job)):
        endings.retry_later(db, job, problem, settings.retry_delay_s)


def _write_end(attempt: Attempt, end: Callable[[], object]) -> None:
    def write() -> None:
        attempt.count(attempt.db)
        end()

    def give_up(error: Exception) -> bool:
        refusal = errors.named(error) if isinstance(error, sqlite3.Error) else None
        if refusal is None or not refusal.transient:
            raise error
        # To wait for the disk is no hang: patience is for stages.
        attempt.touch()
        time.sleep(AGAIN_S)
        return False

    write_end(attempt.db, attempt.job, write, give_up)


def _beat(attempt: Attempt, channel: int) -> None:
    """Tell the supervisor that we live, and whether we got on. Touches no database."""
    while True:
        children.beat(channel, b"+" if attempt.advanced() else b".")
        time.sleep(attempt.settings.beat_s)


def _report(attempt: Attempt) -> None:
    """Write progress to the row, at most once a second, over a connection of its own.

    It is told before the disk has it: a power cut may take the last percents, nothing else.
    """
    db = connect(attempt.settings.database, WORKER_PATIENCE_S, synced=False)
    last: object = None
    counted = time.monotonic()
    while True:
        try:
            written = attempt.report(db, last)
            if time.monotonic() - counted >= COUNT_S:
                attempt.count(db)
                counted = time.monotonic()
        except running.Fenced:
            # Somebody else has the job, or nobody: what the stages still do is for nothing.
            os._exit(0)
        except sqlite3.Error:
            written = last
        time.sleep(LOOK_S if written is last else REPORT_S)
        last = written
