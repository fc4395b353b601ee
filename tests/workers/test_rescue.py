"""Whatever becomes of a worker: its job goes on or ends, and says what happened and what to do."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from draftmill.database.connection import connect
from draftmill.jobs import endings, policies, running
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.stages import CHAPTERS, Stage
from draftmill.pipeline import run
from draftmill.processes import children
from draftmill.projects import creation, deletion
from draftmill.projects.details import Details
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.transcripts.segments import Segment
from draftmill.workers import child, supervisor
from tests.support.house import until
from tests.support.job_rows import claim, make_project, newest
from tests.support.model_server import Exchange, ModelServer, chunk, never_answers

KILLED = "its process was ended by the system (SIGKILL)"
TALK = (
    "Every pull request should be small enough to read in ten minutes.",
    "Small changes reached production within a day, and they were read before that.",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, tick_s=0.05, silent_ticks=1200, beat_s=0.1, crash_delay_s=0.0)


def present(db: sqlite3.Connection, job: Job) -> Job:
    found = find_job(db, job.id)
    assert found is not None
    return found


def lines(db: sqlite3.Connection, job: Job) -> list[str]:
    rows = db.execute("select message from job_logs where job_id = ? order by id", (job.id,))
    return [row[0] for row in rows]


# What a job says of its crashes.


def test_three_crashes_in_a_row_end_in_a_sentence_with_the_stage_and_what_to_try(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    for crash in (1, 2, 3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        running.begin_stage(db, job, "transcribe", 0, 3)
        endings.crashed(db, job, KILLED, settings.crash_delay_s)
        assert present(db, job).crashes == crash
    failed = present(db, job)
    assert failed.status == "failed"
    assert failed.error_message == f"The worker stopped three times while transcribing: {KILLED}."
    assert "smaller model" in str(failed.error_hint)
    assert "more memory" in str(failed.error_hint)
    told = [line for line in lines(db, job) if line.startswith("Interrupted")]
    assert told == [f"Interrupted while transcribing: {KILLED}"] * 3


def test_a_crash_before_any_stage_is_one_while_starting(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    job = claim(db)
    endings.crashed(db, job, KILLED, settings.crash_delay_s)
    waiting = present(db, job)
    assert waiting.message == f"The worker stopped while starting: {KILLED}."
    assert (waiting.status, waiting.retries, waiting.run_after) == ("pending", 0, None)


def test_the_log_tells_each_beginning_and_each_interruption(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    endings.crashed(db, job := claim(db), KILLED, settings.crash_delay_s)
    claim(db)
    assert lines(db, job) == [
        "Started",
        "Work begins",
        f"Interrupted while starting: {KILLED}",
        "Work goes on",
    ]


# Real workers that hang. Nobody is at the model server, or nobody that answers.


@pytest.fixture
def silent_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model server that takes a question and never answers."""
    with ModelServer(otherwise=never_answers) as server:
        monkeypatch.setenv("DRAFTMILL_LLM_BASE_URL", server.base_url)
        monkeypatch.setenv("DRAFTMILL_LLM_MODEL", "test")
        monkeypatch.setenv("DRAFTMILL_BEAT_S", "0.1")
        yield server


def endless(exchange: Exchange) -> None:
    """A word now and then, without an end."""
    exchange.open()
    with contextlib.suppress(OSError):  # the worker leaves
        while not exchange.closing.wait(0.05):
            exchange.event(chunk(content="word "))


def draft_to_write(db: sqlite3.Connection) -> Job:
    """A claimed draft of a project that was brought as a transcript."""
    db.execute(
        "insert or ignore into users (id, email, password_hash, role, created_at)"
        " values (1, 'mara@example.org', '', 'owner', '')"
    )
    facts = {
        "file_name": "talk.txt", "bytes": 9, "sha256": str(uuid.uuid4()), "language": "en",
        "timed": True, "duration_s": 20.0, "warnings": [],
    }  # fmt: skip
    segments = [Segment(n * 10.0, n * 10.0 + 9, text, n=n) for n, text in enumerate(TALK)]
    project = creation.from_transcript(db, 1, segments, facts, Details(types=("blog",))).project_id
    db.execute("update jobs set status = 'succeeded', completed_at = '' where type = ?", (INGEST,))
    db.execute("update jobs set waits = 0")
    job = claim(db, "writing")
    assert job.id == newest(db, project, "blog").id
    return job


@contextmanager
def supervised(settings: Settings, job: Job) -> Iterator[int]:
    """A supervisor at the job, in a thread of its own; the pid of its child once it writes."""

    def see() -> None:
        with closing(connect(settings.database, 60)) as own:
            supervisor.see_through(settings, own, job, threading.Event())

    thread = threading.Thread(target=see)
    thread.start()
    with closing(connect(settings.database, 60)) as db:
        until(lambda: present(db, job).stage == "write" or not thread.is_alive(), why="writing")
    yield next((p for p in children._pids() if children._is_stray(p, "work", (job.id,))), 0)
    thread.join()


@pytest.mark.parametrize("of_its_type", [False, True])
def test_a_job_without_progress_fails_with_that_reason_and_frees_its_slot(
    db: sqlite3.Connection,
    settings: Settings,
    silent_model: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    of_its_type: bool,
) -> None:
    job = draft_to_write(db)
    if of_its_type:
        monkeypatch.setitem(policies.POLICIES, "blog", policies.Policy(patience_s=4.0))
    else:
        settings = Settings(**vars(settings) | {"patience_s": 4.0})
    with supervised(settings, job) as child:
        assert child
    failed = present(db, job)
    assert (failed.status, failed.error_code) == ("failed", "no_progress")
    assert failed.error_message == "There was no progress for 4 seconds while writing."
    assert failed.error_hint
    assert not children._is_stray(child, "work", (job.id,))
    assert failed.ran_s >= 4.0


def test_all_attempts_together_have_a_limit(
    db: sqlite3.Connection, settings: Settings, silent_model: ModelServer
) -> None:
    job = draft_to_write(db)
    db.execute("update jobs set status = 'pending', ran_s = 59.0 where id = ?", (job.id,))
    job = claim(db, "writing")
    assert job.ran_s == 59.0
    with supervised(Settings(**vars(settings) | {"patience_total_s": 61.0}), job):
        pass
    failed = present(db, job)
    assert (failed.status, failed.error_code) == ("failed", "no_progress")
    assert failed.error_message == "The job took more than 1.02 minutes in all."


def test_an_optional_stage_that_hangs_is_left_out_and_the_rest_goes_on(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    job = claim(db)
    running.begin_stage(db, job, "screenshots", 1, 3)
    supervisor._give_up("There was no progress for 15 minutes")(db, job)
    left = present(db, job)
    assert (left.status, left.skipped, left.crashes) == ("pending", ("screenshots",), 0)
    assert left.warnings == (
        "There was no progress for 15 minutes while taking screenshots. This step was left out.",
    )


def test_a_frozen_child_is_ended_and_gone_before_its_job_is_anybodys(
    db: sqlite3.Connection, settings: Settings, silent_model: ModelServer
) -> None:
    job = draft_to_write(db)
    with supervised(Settings(**vars(settings) | {"silent_ticks": 60}), job) as child:
        assert child
        os.kill(child, signal.SIGSTOP)
        until(lambda: present(db, job).status == "pending", why="the job to be free")
        assert not children._is_stray(child, "work", (job.id,))
    assert "Interrupted while writing: its process stopped answering" in lines(db, job)


def test_a_child_that_lost_its_job_leaves_by_itself(
    db: sqlite3.Connection, settings: Settings, silent_model: ModelServer
) -> None:
    job = draft_to_write(db)
    silent_model.then(endless)
    with supervised(settings, job) as child:
        assert child
        # Somebody else claimed it: what the old attempt still does is for nothing.
        db.execute("update jobs set attempt = attempt + 1 where id = ?", (job.id,))
        until(lambda: not children._is_stray(child, "work", (job.id,)), why="the child to leave")
    assert present(db, job).status == "running"


def test_a_child_frozen_before_it_could_ask_for_the_death_signal_is_found_and_ended() -> None:
    job_id = str(uuid.uuid4())
    child = subprocess.Popen(
        children.child_command("work", job_id, "1"), stdin=subprocess.PIPE, start_new_session=True
    )
    child.send_signal(signal.SIGSTOP)
    children.end_strays("work", str(uuid.uuid4()))
    assert child.poll() is None
    until(lambda: children._is_stray(child.pid, "work", (job_id,)), why="the command line")
    children.end_strays("work", job_id)
    assert child.wait(10) == -signal.SIGKILL
    assert child.stdin
    child.stdin.close()


def test_time_is_counted_once_though_child_and_supervisor_both_count(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    job = claim(db)
    work = Attempt(settings, db, job, row_of(db, job.project_id), settings.data)
    running.count_time(db, job, 40.0)
    work.count(db)
    running.count_time(db, job, 41.0)
    assert present(db, job).ran_s == 41.0
    # Its consumer dies: what was counted stays, and the next attempt adds to it.
    endings.crashed(db, job, "its worker was stopped", settings.crash_delay_s)
    again = claim(db)
    running.count_time(db, again, 2.0)
    running.count_time(db, job, 99.0)
    assert present(db, job).ran_s == 43.0


def test_a_project_that_goes_while_a_stage_reads_it_is_no_error(
    db: sqlite3.Connection, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    project_id = make_project(db)
    job = claim(db)
    work = Attempt(settings, db, job, row_of(db, project_id), settings.data / "attempt")
    deletion.delete_project(db, work.project)
    stage = Stage("chapters", "Finding chapters", 1, CHAPTERS.function)
    with pytest.raises(running.Fenced):
        run._run_one(work, stage)
    assert child.carry_out(work) == 0
    assert caplog.text == ""
