"""What is said of the time left comes from one place: the job's own pace, else what such jobs took."""

import sqlite3
from dataclasses import replace

from draftmill.clock import moment, now
from draftmill.jobs import endings, estimates, running
from draftmill.jobs.job import Job
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects.project import row_of
from tests.support.job_rows import claim, make_project, newest, with_transcript


def claimed_after_one_that_took(db: sqlite3.Connection, seconds: float) -> Job:
    project_id = make_project(db)
    with_transcript(db, project_id)
    start_job(db, row_of(db, project_id), Wishes("blog"))
    first = claim(db, "writing")
    running.count_time(db, first, seconds)
    endings.succeed(db, first)
    start_job(db, row_of(db, project_id), Wishes("blog"))
    return claim(db, "writing")


def test_a_job_is_estimated_at_its_start_by_those_before_it(db: sqlite3.Connection) -> None:
    job = claimed_after_one_that_took(db, 42.0)
    assert job.estimated_s == 42.0
    first = newest(db, job.project_id, "ingest")
    assert first.estimated_s is None  # none had gone before it


def test_pill_and_api_agree_before_a_job_has_a_pace_of_its_own(db: sqlite3.Connection) -> None:
    job = claimed_after_one_that_took(db, 42.0)
    project = row_of(db, job.project_id)
    assert estimates.remaining_text(job, "media") == "about 50 s left"
    ends_at, started_at = estimates.ends_at(db, job, project), job.started_at
    assert ends_at is not None
    assert started_at is not None
    took = moment(ends_at) - moment(started_at)
    assert took.total_seconds() == 42.0


def test_what_took_minutes_is_said_as_a_range_until_the_job_has_a_pace(
    db: sqlite3.Connection,
) -> None:
    job = claimed_after_one_that_took(db, 300.0)
    assert estimates.remaining_text(job, "media") == "4–7 min left"


def test_a_job_that_takes_longer_than_those_before_it_promises_nothing(
    db: sqlite3.Connection,
) -> None:
    job = claimed_after_one_that_took(db, 42.0)
    late = replace(job, updated_at=now(41.0))
    assert estimates.remaining_text(late, "media") == ""
