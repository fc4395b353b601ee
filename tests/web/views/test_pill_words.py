"""What a pill says of the time: in a line, at work, and after it was started again."""

import re
import sqlite3
from pathlib import Path

import pytest

from draftmill.clock import moment, now
from draftmill.jobs import endings, running
from draftmill.jobs.history import Guess
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web import live
from draftmill.web.api import representations
from draftmill.web.places import Places
from draftmill.web.views import pills
from draftmill.web.views.clocks import fill
from tests.support.job_rows import claim, make_project, newest


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def words(db: sqlite3.Connection, settings: Settings, job: Job) -> str:
    """The text of the answer to a poll."""
    answer = fill(live.poll(db, settings, newest(db, job.project_id, job.type)), Places(settings))
    return " ".join(re.sub(r"<[^>]*>", " ", answer).split())


def at_work(db: sqlite3.Connection, begun_s: float, done: float) -> Job:
    """An ingest that has run for so many seconds and heard so much of 200 s."""
    job = claim(db)
    running.begin(db, job, "m", 200.0, {"transcribe": Guess(100.0, 0.2), "chapters": Guess(1, 0.2)})
    running.begin_stage(db, job, "transcribe", 0, 3)
    running.progress(db, job, done, 200.0, "s", "", 0.0)
    db.execute(
        "update jobs set started_at = ?1, stage_started_at = ?1, counted_at = ?1 where id = ?2",
        (now(-begun_s), job.id),
    )
    return job


def test_a_running_job_says_what_is_left_after_five_seconds(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    job = at_work(db, 3, 6)
    assert " left" not in words(db, settings, job)
    db.execute(
        "update jobs set started_at = ?1, stage_started_at = ?1, counted_at = ?1", (now(-50),)
    )
    running.progress(db, job, 100.0, 200.0, "s", "", 0.0)
    said = words(db, settings, job)
    assert re.search(r"44 %, \d0–\d0 s left", said), said


def test_a_job_that_was_interrupted_says_so_and_its_clock_goes_on(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    first = at_work(db, 150, 60)
    endings.crashed(db, first, "killed")
    again = claim(db)
    running.begin_stage(db, again, "transcribe", 0, 3)
    said = words(db, settings, again)
    assert "Started again" in said
    assert re.search(r"Started again, 2:3\d in all", said), (
        "the clock tells from the first beginning on"
    )
    endings.release(db, again)
    running.begin_stage(db, claim(db), "transcribe", 0, 3)
    assert "Started again twice" in words(db, settings, again)


def test_who_waits_is_told_a_place_and_a_time_and_nothing_of_others(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    at_work(db, 50, 100)
    second = newest(db, make_project(db, sha="b"), INGEST)
    third = newest(db, make_project(db, sha="c"), INGEST)
    assert re.search(r"Next in line, starts in about \d0 s", words(db, settings, second))
    assert "2nd in line " in words(db, settings, third), "nobody knows what the second takes"


def test_who_waits_for_the_transcript_is_told_when_it_is_ready(
    db: sqlite3.Connection, settings: Settings
) -> None:
    blog = newest(db, make_project(db, ("blog",)), "blog")
    assert "Ready in" not in words(db, settings, blog)
    at_work(db, 50, 100)
    said = words(db, settings, blog)
    assert re.search(r"Waiting for the transcript .*Ready in about \d0 s", said), said


def test_pill_and_api_tell_one_range(db: sqlite3.Connection, settings: Settings) -> None:
    make_project(db)
    job = newest(db, at_work(db, 50, 100).project_id, INGEST)
    project = row_of(db, job.project_id)
    between = representations.job(db, project, job).estimated_end_range
    assert between
    pill = pills.row_of_job(db, settings, project, INGEST, job).pill
    low, high, *_ = map(float, re.findall(r"\d{10}\.\d{3}", pill.detail))
    assert moment(between.earliest).timestamp() == pytest.approx(low, abs=0.002)
    assert moment(between.latest).timestamp() == pytest.approx(high, abs=0.002)
