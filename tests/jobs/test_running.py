"""A running attempt: it writes only while the job is its own, and its time is counted."""

import sqlite3
from dataclasses import replace

import pytest

from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.job import find_job
from draftmill.jobs.log import log_line
from tests.support.job_rows import claim, make_project


def test_a_late_success_after_a_new_claim_changes_nothing(db: sqlite3.Connection) -> None:
    make_project(db)
    old = claim(db)
    endings.crashed(db, old, "its process was ended")
    new = claim(db)
    assert (new.id, new.attempt) == (old.id, old.attempt + 1)
    with pytest.raises(running.Fenced):
        endings.succeed(db, old)
    with pytest.raises(running.Fenced), running.fenced(db, old):
        pass
    assert endings.fail(db, old, Problem("late", "")) is None
    job = find_job(db, old.id)
    assert job is not None
    assert (job.status, job.attempt) == ("running", new.attempt)


def test_what_a_fenced_attempt_wrote_is_rolled_back(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    with pytest.raises(running.Fenced), transaction(db):
        db.execute("update projects set title = 'late'")
        endings.succeed(db, replace(job, attempt=job.attempt + 1))
    assert db.execute("select title from projects").fetchone()[0] != "late"


def test_a_commit_between_crashes_begins_the_count_anew(db: sqlite3.Connection) -> None:
    make_project(db)
    for _ in range(4):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        with running.fenced(db, job):
            log_line(db, job, "a window")
        endings.crashed(db, job, "its process was ended")
    pending = find_job(db, job.id)
    assert pending is not None
    assert (pending.status, pending.crashes, pending.crashes_in_a_row) == ("pending", 4, 1)


def test_the_time_of_a_released_attempt_is_counted(db: sqlite3.Connection) -> None:
    make_project(db)
    for total_s in (60.0, 120.0):
        job = claim(db)
        running.count_time(db, job, 60.0)
        endings.release(db, job)
        running.count_time(db, job, 61.0)  # too late: it is nobody's any more
        released = find_job(db, job.id)
        assert released is not None
        assert (released.ran_s, released.crashes) == (total_s, 0)
