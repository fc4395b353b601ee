"""What may heal by itself is tried again, in every stage, and what is done is not done again."""

import errno
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database.connection import connect
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.stages import STAGES, Stage, may_fail_alone
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.workers import child
from tests.support.house import until
from tests.support.job_rows import claim, make_project


@pytest.fixture
def work(db: sqlite3.Connection, tmp_path: Path) -> Iterator[Attempt]:
    """A claimed ingest, on a connection that does not wait for others."""
    make_project(db)
    job = claim(db)
    with closing(connect(tmp_path / "draftmill.db", 0.05)) as own:
        yield Attempt(
            Settings(data=tmp_path),
            own,
            job,
            row_of(own, job.project_id),
            tmp_path / "attempt",
        )


def full_disk(work: Attempt) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


ran: list[str] = []


def works(work: Attempt) -> None:
    ran.append(work.job.id)
    with work.fenced() as db:
        db.execute("update projects set title = title || '.'")


def surprise(work: Attempt) -> None:
    raise KeyError("a bug of ours")


def table(monkeypatch: pytest.MonkeyPatch, name: str, function: str) -> None:
    """Have a stage of the ingest do something else."""
    optional = may_fail_alone(name)
    stage = Stage(name, "Taking screenshots", 1, f"{__name__}:{function}", optional=optional)
    monkeypatch.setitem(STAGES, (INGEST, "media"), (stage,))


def present(work: Attempt) -> Job:
    job = find_job(work.db, work.job.id)
    assert job is not None
    return job


def lines(work: Attempt) -> str:
    return "\n".join(row[0] for row in work.db.execute("select message from job_logs"))


def test_a_full_disk_in_a_stage_is_tried_three_times_and_says_so(
    work: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    table(monkeypatch, "transcribe", "full_disk")
    for tried in (1, 2, 3):
        assert child.carry_out(work) == 0
        job = present(work)
        assert (job.status, job.retries, job.crashes) == ("pending", tried, 0)
        assert job.message == "The disk is full."
        assert job.run_after
        assert f"The disk is full. Retry {tried} of 3 in" in lines(work)
        work.db.execute("update jobs set run_after = null")
        work.job = claim(work.db)
    child.carry_out(work)
    job = present(work)
    assert (job.status, job.error_code) == ("failed", "disk_full")
    assert job.error_message == "The disk is full."
    assert job.error_hint
    assert "Given up after 3 retries" in lines(work)


def test_an_optional_stage_is_left_out_only_when_its_retries_are_used_up(
    work: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    table(monkeypatch, "screenshots", "full_disk")
    child.carry_out(work)
    assert (present(work).status, present(work).retries) == ("pending", 1)
    work.db.execute("update jobs set run_after = null, retries = 3")
    work.job = claim(work.db)
    child.carry_out(work)
    job = present(work)
    assert (job.status, job.skipped) == ("succeeded", ("screenshots",))
    assert job.warnings[0].startswith("Taking screenshots was left out: The disk is full.")


def test_a_stage_that_is_done_is_not_done_again_by_the_next_attempt(
    work: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its commit would forgive, attempt after attempt, what the stage after it meets."""
    first, second = (Stage(name, name, 1, f"{__name__}:{name}") for name in ("works", "full_disk"))
    monkeypatch.setitem(STAGES, (INGEST, "media"), (first, second))
    for tried in (1, 2, 3):
        child.carry_out(work)
        assert present(work).retries == tried
        work.db.execute("update jobs set run_after = null")
        work.job = claim(work.db)
    child.carry_out(work)
    assert present(work).status == "failed"
    assert ran.count(work.job.id) == 1


@pytest.mark.parametrize("stage", ["transcribe", "screenshots"])
def test_an_unexpected_error_has_an_id_for_its_user_and_its_traceback_in_the_server_log(
    work: Attempt, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stage: str
) -> None:
    table(monkeypatch, stage, "surprise")
    child.carry_out(work)
    job = present(work)
    told = job.error_message if stage == "transcribe" else job.warnings[0]
    assert job.status == ("failed" if stage == "transcribe" else "succeeded")
    found = re.search(r"\b[0-9a-f]{8}\b", str(told))
    assert found
    assert job.error_id == (found.group() if stage == "transcribe" else None)
    assert f"error {found.group()}" in caplog.text
    assert "a bug of ours" in caplog.text
    assert "Traceback" in caplog.text
    assert "a bug of ours" not in f"{told} {job.error_hint} {lines(work)}"


def test_the_end_of_an_attempt_is_tried_until_it_can_be_written(
    work: Attempt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The database is locked, and then set free."""
    database, job = tmp_path / "draftmill.db", work.job

    def attempt_on_its_own() -> None:
        with closing(connect(database, 0.05)) as db:
            own = Attempt(work.settings, db, job, row_of(db, job.project_id), work.folder)
            own.enter("transcribe", 0, 3)
            began.set()
            assert locked.wait(60)
            child.end_by(own, OSError(errno.ENOSPC, "No space left on device"))

    began, locked = threading.Event(), threading.Event()
    thread = threading.Thread(target=attempt_on_its_own)
    thread.start()
    assert began.wait(60)
    work.db.execute("begin immediate")
    locked.set()
    until(lambda: "cannot be written yet: The database" in caplog.text)
    assert present(work).status == "running"
    work.db.execute("commit")
    thread.join()
    assert (present(work).status, present(work).retries) == ("pending", 1)
