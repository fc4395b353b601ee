"""What jobs usually take, by those of their type and model that went before: whatever those were."""

import math
import sqlite3
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from draftmill.jobs import endings, history, running
from draftmill.jobs.history import Guess, guess
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects.project import row_of
from tests.support.job_rows import claim, make_project, with_transcript

SECONDS = st.floats(0.001, 1e6)
SIZES = st.none() | st.floats(0.1, 1e7)


@given(st.lists(st.tuples(SIZES, SECONDS), min_size=1, max_size=24), SIZES)
def test_whatever_was_seen_makes_a_guess(
    points: list[tuple[float | None, float]], size: float | None
) -> None:
    made = guess(points, size)
    assert 0 < made.seconds < math.inf
    assert history.LEAST_SPREAD <= made.spread < math.inf


@given(st.lists(st.floats(1, 1000), min_size=3, max_size=24, unique_by=round), st.floats(1, 1000))
def test_more_work_never_takes_less_time(sizes: list[float], size: float) -> None:
    assume(
        max(sizes) > 1.1 * min(sizes)
    )  # of jobs that are as long nobody knows what more would take
    points = [(each, 2 + 0.1 * each) for each in sizes]
    assert guess(points, size).seconds == pytest.approx(2 + 0.1 * size, rel=0.01)
    backwards = [(each, 200 - 0.1 * each) for each in sizes]
    assert guess(backwards, 2 * size).seconds >= guess(backwards, size).seconds


def test_one_job_that_met_with_something_moves_no_guess() -> None:
    points = [(float(size), 3.0 + size / 20) for size in range(60, 660, 60)]
    assert guess([*points, (300.0, 4000.0)], 300.0).seconds == pytest.approx(18, rel=0.05)


def test_few_jobs_are_believed_less_than_many() -> None:
    many = [(float(size), size / 20) for size in range(60, 660, 60)]
    assert guess(many[:1], 60.0).spread > 1.5 * guess(many, 60.0).spread


def test_what_is_larger_than_any_job_seen_is_guessed_with_care() -> None:
    points = [(float(size), size / 20) for size in range(60, 660, 60)]
    assert guess(points, 60_000.0).spread > 4 * guess(points, 300.0).spread


def ended(db: sqlite3.Connection, project_id: str, model: str, seconds: float, **row: Any) -> Job:
    """A draft that a model wrote in so many seconds."""
    start_job(db, row_of(db, project_id), Wishes("blog"))
    job = claim(db, "writing")
    running.begin(db, job, model, 1000.0, {})
    db.execute("update jobs set stage_times = json_object('write', ?)", (seconds,))
    endings.succeed(db, job)
    for name, value in row.items():
        db.execute(f"update jobs set {name} = ? where id = ?", (value, job.id))
    return job


@pytest.fixture
def project_id(db: sqlite3.Connection) -> str:
    project_id = make_project(db)
    with_transcript(db, project_id)
    return project_id


def usual(db: sqlite3.Connection, model: str) -> dict[str, Guess]:
    return history.expected(db, "blog", "media", model, 1000.0)


def test_each_model_has_a_history_of_its_own(db: sqlite3.Connection, project_id: str) -> None:
    ended(db, project_id, "large", 200.0)
    ended(db, project_id, "small", 20.0)
    db.execute("update jobs set stage_times = '{\"write\": 200}' where model = 'large'")
    assert usual(db, "small")["write"].seconds == pytest.approx(20)
    assert usual(db, "large")["write"].seconds == pytest.approx(200)
    assert usual(db, "unheard of") == {}


def test_what_was_interrupted_retried_or_failed_tells_nothing(
    db: sqlite3.Connection, project_id: str
) -> None:
    first = ended(db, project_id, "m", 20.0)
    ended(db, project_id, "m", 90.0, attempt=2)
    ended(db, project_id, "m", 90.0, retry_of=first.id)
    ended(db, project_id, "m", 90.0, status="failed")
    db.execute("update jobs set stage_times = '{\"write\": 20}' where id = ?", (first.id,))
    assert usual(db, "m")["write"].seconds == pytest.approx(20)


def test_a_job_knows_at_its_start_what_those_before_it_took(
    db: sqlite3.Connection, project_id: str
) -> None:
    ended(db, project_id, "m", 42.0)
    started = start_job(db, row_of(db, project_id), Wishes("blog")).job
    assert started.expected["write"].seconds == pytest.approx(42)
    assert started.model == ""
    kept = find_job(db, started.id)
    assert kept == started


def test_history_is_found_by_its_index(db: sqlite3.Connection) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    history.expected(db, "blog", "media", "m", 1000.0)
    history.model_lately(db, "blog", "media")
    db.set_trace_callback(None)
    for statement in asked:
        plan = [row["detail"] for row in db.execute(f"explain query plan {statement}")]
        assert not any("SCAN" in line or "TEMP B-TREE" in line for line in plan), plan
