"""One attempt at one job: the supervisor's side, which judges without asking the database."""

import logging
import os
import select
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from threading import Event

from draftmill import storage
from draftmill.choices.stored import in_effect
from draftmill.errors import Problem
from draftmill.jobs import endings, policies, running
from draftmill.jobs.endings import Crashed, NoProgress, OutOfMemory
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.stages import doing
from draftmill.logs import error_id
from draftmill.models import running as models
from draftmill.processes import children, exits
from draftmill.projects import fetching
from draftmill.settings import Settings
from draftmill.workers.write_end import AGAIN_S, write_end

logger = logging.getLogger(__name__)

End = Callable[[sqlite3.Connection, Job], object]


def see_through(settings: Settings, db: sqlite3.Connection, job: Job, stop: Event) -> None:
    """Run one attempt of a claimed job in a child, until the row says how it ended."""
    began = time.monotonic()
    kills = exits.MemoryKills.watch()
    child: subprocess.Popen[bytes] | None = None
    end: End | None = None
    try:
        prepare_for(in_effect(db, settings, keys=False), job)
        child = children.start_child(
            "work",
            job.id,
            str(job.attempt),
            environ={"DRAFTMILL_DATA": str(settings.data)} | children.LEAN,
        )
        end = _Watch(settings, db, job, child).until_it_ends(stop)
    except OSError as error:
        end = _crash(settings, f"its process could not be started ({error.strerror})")
    except Exception as error:
        # Whatever it was, the job must not stay at work with nobody at it.
        unforeseen = error_id(logger, "job %s lost its supervisor", job.id, error=error)
        end = _crash(settings, f"its supervisor failed (error {unforeseen} in the server log)")
    finally:
        if child:
            _end_child(child)
    if end is None:
        # After every exit: it changes nothing if the child ended its row.
        assert child
        code, moved = child.returncode, kills.moved
        kind = OutOfMemory if exits.lacked_memory(code, moved) else Crashed
        end = _crash(settings, exits.reason(code, moved), kind)
    ran_s, ending = time.monotonic() - began, end

    def write() -> None:
        running.count_time(db, job, ran_s)
        ending(db, job)

    # The slot stays taken until the end is written, or until we are told to stop.
    if write_end(db, job, write, lambda error: stop.wait(AGAIN_S)):
        _tidy(settings, db, job)


def prepare_for(settings: Settings, job: Job) -> None:
    """See to what a child alone cannot: a model that several drafts share."""
    drafts = policies.of(job.type).needs_transcript
    if drafts and settings.writer == "inside" and not job.without_model:
        models.start(settings, settings.inside_model)


class _Watch:
    """Waits for one child, and says which verb its end calls for.

    It counts time in its own ticks, none longer than two of them: a machine that was paused,
    or a supervisor that was, ends nobody.
    """

    def __init__(
        self,
        settings: Settings,
        db: sqlite3.Connection,
        job: Job,
        child: subprocess.Popen[bytes],
    ) -> None:
        self.settings = settings
        self.db = db
        self.job = job
        self.child = child
        self.patience_s = policies.of(job.type).patience_s or settings.patience_s
        self.silent = 0
        self.stuck_s = self.ran_s = self.unseen_s = 0.0

    def until_it_ends(self, stop: Event) -> End | None:
        """The verb that ends the attempt; None when the child ended by itself."""
        assert self.child.stdout
        poller = select.poll()
        poller.register(self.child.stdout, select.POLLIN)
        last = time.monotonic()
        while True:
            heard = (
                os.read(self.child.stdout.fileno(), 4096)
                if poller.poll(self.settings.tick_s * 1000)
                else None
            )
            moment = time.monotonic()
            passed_s, last = moment - last, moment
            if heard == b"":
                return None
            if stop.is_set():
                return _release
            self._take(heard, min(passed_s, 2 * self.settings.tick_s))
            end = self._judge()
            if end is not None:
                return end

    def _take(self, heard: bytes | None, passed_s: float) -> None:
        self.silent = self.silent + 1 if heard is None else 0
        self.stuck_s = 0.0 if heard and b"+" in heard else self.stuck_s + passed_s
        self.ran_s += passed_s
        self.unseen_s += passed_s

    def _judge(self) -> End | None:
        settings = self.settings
        if self.silent >= settings.silent_ticks:
            return _crash(settings, "its process stopped answering")
        if self.stuck_s > self.patience_s:
            return _give_up(f"There was no progress for {_in_words(self.patience_s)}")
        if self.job.ran_s + self.ran_s > settings.patience_total_s:
            return _fail(f"The job took more than {_in_words(settings.patience_total_s)} in all.")
        if self.unseen_s >= settings.tick_s:
            self.unseen_s = 0.0
            if self._unwanted():
                return _release
        return None

    def _unwanted(self) -> bool:
        """Whether the user wishes to cancel, or the row is gone."""
        try:
            row = self.db.execute(
                "select cancel_requested_at from jobs where id = ?", (self.job.id,)
            ).fetchone()
        except sqlite3.OperationalError:
            return False
        return row is None or row[0] is not None


def _in_words(seconds: float) -> str:
    unit_s, unit = next(
        pair
        for pair in ((3600.0, "hour"), (60.0, "minute"), (1.0, "second"))
        if seconds >= pair[0] or pair[0] == 1.0
    )
    count = f"{seconds / unit_s:.3g}"
    return f"{count} {unit}" + "s" * (count != "1")


def _release(db: sqlite3.Connection, job: Job) -> object:
    return endings.release(db, job)


def _fail(message: str) -> End:
    return lambda db, job: endings.fail(db, job, NoProgress(message))


def _give_up(message: str) -> End:
    def end(db: sqlite3.Connection, job: Job) -> object:
        present = find_job(db, job.id) or job
        problem = NoProgress(f"{message} while {doing(present.stage)}.")
        return endings.give_up(db, job, problem)

    return end


def _crash(settings: Settings, reason: str, kind: type[Crashed] = Crashed) -> End:
    return lambda db, job: endings.crashed(db, job, reason, settings.crash_delay_s, kind)


def _end_child(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL of the whole group, also after a natural end: it may have left helpers."""
    children.end_group(child.pid)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()


def _tidy(settings: Settings, db: sqlite3.Connection, job: Job) -> None:
    if job.type == policies.FETCH:
        _discard(settings, db, job)
    _remove_folders(settings, db, job)


def _discard(settings: Settings, db: sqlite3.Connection, job: Job) -> None:
    """What came of a model is kept for the next attempt, but not when nobody wants it any more."""
    try:
        present = find_job(db, job.id)
        row = db.execute(
            "select file_name from projects where id = ?", (job.project_id,)
        ).fetchone()
        if present and present.status == "cancelled" and row:
            fetching.discard(settings, row["file_name"])
    except (sqlite3.OperationalError, Problem):
        logger.warning("the download of job %s could not be discarded", job.id, exc_info=True)


def _remove_folders(settings: Settings, db: sqlite3.Connection, job: Job) -> None:
    """Remove the folders of the job's attempts in which no row names a file.

    All attempts until this one: an earlier supervisor may have died before it tidied, and a
    later attempt may be at work already. Everything of the project, if the project is gone.
    """
    project = storage.folder_of(settings, job.project_id)
    try:
        if not db.execute("select 1 from projects where id = ?", (job.project_id,)).fetchone():
            shutil.rmtree(project, ignore_errors=True)
            return
        for attempt, folder in storage.attempts_of(settings, job.project_id, job.id):
            if attempt > job.attempt:
                continue
            named = db.execute(
                "select 1 from screenshots where project_id = ? and file like ? limit 1",
                (job.project_id, f"{folder.relative_to(project)}/%"),
            ).fetchone()
            if not named:
                shutil.rmtree(folder, ignore_errors=True)
    except sqlite3.OperationalError:
        logger.warning("the folders of job %s could not be tidied", job.id, exc_info=True)
