"""One attempt at one job: the supervisor's side, which judges without asking the database."""

import logging
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from threading import Event

from draftmill import attempt, children, endings, jobs, policies
from draftmill.errors import Problem
from draftmill.jobs import Job
from draftmill.settings import Settings

logger = logging.getLogger(__name__)


class NoProgress(Problem):
    code = "no_progress"
    default_hint = "Press Retry. If it happens again, try a smaller model or another server."


def see_through(settings: Settings, db: sqlite3.Connection, job: Job, stop: Event) -> None:
    """Run one attempt of a claimed job in a child, until the row says how it ended."""
    began = time.monotonic()
    child: subprocess.Popen[bytes] | None = None
    try:
        child = children.start_child(
            "work",
            job.id,
            str(job.attempt),
            environ={"DRAFTMILL_DATA": str(settings.data)},
        )
        end = _watch(settings, db, job, child, stop)
    except OSError as error:
        end = _crash(settings, f"its process could not be started ({error})")
    except Exception:
        # Whatever it was, the job must not stay at work with nobody at it.
        logger.exception("job %s lost its supervisor", job.id)
        end = _crash(settings, "its supervisor failed")
    finally:
        if child:
            _end_child(child)
    ran_s = time.monotonic() - began
    _until_written(lambda: end(db, job, child), stop)
    _until_written(lambda: jobs.add_time(db, job.id, ran_s), stop)
    _tidy(settings, db, job)


End = Callable[[sqlite3.Connection, Job, "subprocess.Popen[bytes] | None"], object]


def _watch(
    settings: Settings,
    db: sqlite3.Connection,
    job: Job,
    child: subprocess.Popen[bytes],
    stop: Event,
) -> End:
    """Wait for the child, and say which verb its end calls for."""
    assert child.stdout
    poller = select.poll()
    poller.register(child.stdout, select.POLLIN)
    policy = policies.of(job.type)
    patience_s = policy.patience_s or settings.patience_s
    silent = 0
    began = advanced = last_look = time.monotonic()
    while True:
        heard = (
            os.read(child.stdout.fileno(), 4096) if poller.poll(settings.tick_s * 1000) else None
        )
        moment = time.monotonic()
        if heard == b"":
            return _crash(settings)
        if stop.is_set():
            return _release
        silent = silent + 1 if heard is None else 0
        if heard and b"+" in heard:
            advanced = moment
        if silent >= settings.silent_ticks:
            return _crash(settings, "its process stopped answering")
        if moment - advanced > patience_s:
            return _give_up(f"There was no progress for {_minutes(patience_s)}.")
        if job.ran_s + moment - began > settings.patience_total_s:
            return _give_up(f"The job took more than {_minutes(settings.patience_total_s)}.")
        if moment - last_look >= settings.tick_s:
            last_look = moment
            if _unwanted(db, job):
                return _release


def _minutes(seconds: float) -> str:
    return f"{seconds / 3600:g} hours" if seconds >= 7200 else f"{seconds / 60:g} minutes"


def _unwanted(db: sqlite3.Connection, job: Job) -> bool:
    """Whether the user wishes to cancel, or the row is gone."""
    try:
        row = db.execute("select cancel_requested_at from jobs where id = ?", (job.id,)).fetchone()
    except sqlite3.OperationalError:
        return False
    return row is None or row[0] is not None


def _release(db: sqlite3.Connection, job: Job, child: subprocess.Popen[bytes] | None) -> object:
    return endings.release(db, job, job.attempt)


def _give_up(message: str) -> End:
    return lambda db, job, child: endings.fail(db, job, job.attempt, NoProgress(message))


def _crash(settings: Settings, reason: str = "") -> End:
    """After every exit: changes nothing if the child ended its row."""
    return lambda db, job, child: endings.crashed(
        db,
        job,
        job.attempt,
        reason or _exit_reason(child),
        delay_s=settings.crash_delay_s,
    )


def _exit_reason(child: subprocess.Popen[bytes] | None) -> str:
    code = child.returncode if child else None
    if code == -signal.SIGKILL:
        return "its process was ended by the system, often for lack of memory"
    if code == 70:
        return "its process ran out of memory"
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"its process was ended by {name}"
    return f"its process ended with code {code}"


def _end_child(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL of the whole group, also after a natural end: it may have left helpers."""
    children.end_group(child.pid)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()


def _until_written(write: Callable[[], object], stop: Event) -> None:
    """An end must be written, whatever the database does; the slot stays taken meanwhile."""
    while True:
        try:
            write()
            return
        except sqlite3.OperationalError:
            logger.exception("the end of an attempt could not be written yet")
            if stop.wait(0.5):
                return


def _tidy(settings: Settings, db: sqlite3.Connection, job: Job) -> None:
    """Remove the folders of the job's attempts in which no row names a file.

    All attempts until this one: an earlier supervisor may have died before it tidied, and a
    later attempt may be at work already. Everything of the project, if the project is gone.
    """
    project = settings.folder_of(job.project_id)
    try:
        if not db.execute("select 1 from projects where id = ?", (job.project_id,)).fetchone():
            shutil.rmtree(project, ignore_errors=True)
            return
        for folder in attempt.folder_of(settings, job).parent.glob(f"{job.id}-*"):
            if int(folder.name.rpartition("-")[2]) > job.attempt:
                continue
            named = db.execute(
                "select 1 from screenshots where project_id = ? and file like ? limit 1",
                (job.project_id, f"{folder.relative_to(project)}/%"),
            ).fetchone()
            if not named:
                shutil.rmtree(folder, ignore_errors=True)
    except sqlite3.OperationalError:
        logger.warning("the folders of job %s could not be tidied", job.id, exc_info=True)
