"""How far a job is, and how long it may still take: said in numbers only where they can be trusted."""

import sqlite3
from dataclasses import replace

import pytest

from draftmill.clock import now
from draftmill.jobs import estimates
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from tests.support.job_rows import make_project, newest


@pytest.fixture
def ingest(db: sqlite3.Connection) -> Job:
    """A job whose stages weigh 88, 8 and 4 with a recording, and one stage with a transcript."""
    return replace(newest(db, make_project(db), INGEST), status="running")


def after(job: Job, elapsed_s: float, done: float, **more: object) -> Job:
    """The job when its stage has counted `done` of 100 in so many seconds."""
    began = {"stage_started_at": now(), "progressed_at": now(elapsed_s)}
    values = {"total": 100.0, "stage_from": 0.0, "step": 0, "done": done} | began | more
    return replace(job, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "step", "done", "percent"),
    [
        ("media", 0, 0, 0),
        ("media", 0, 50, 44),
        ("media", 0, 100, 88),
        ("media", 1, 50, 92),
        ("media", 2, 100, 100),
        ("media", 0, 140, 88),  # more than was expected is no more than all of the stage
        ("transcript", 0, 50, 50),
    ],
)
def test_the_share_counts_every_stage_by_its_weight(
    ingest: Job, source: str, step: int, done: float, percent: float
) -> None:
    share = estimates.share(after(ingest, 60, done, step=step), source)
    assert share == pytest.approx(percent / 100)


@pytest.mark.parametrize(
    "lacking", [{"status": "pending"}, {"total": None}, {"total": 0.0}, {"step": 3}]
)
def test_there_is_no_share_of_what_cannot_be_measured(
    ingest: Job, lacking: dict[str, object]
) -> None:
    assert estimates.share(after(ingest, 60, 50, **lacking), "media") is None


@pytest.mark.parametrize(
    ("elapsed_s", "done", "text"),
    [
        (4.9, 50, ""),  # too short a time to tell a pace from
        (60, 2.9, ""),  # too small a part
        (60, 3, "25–43 min left"),
        (60, 24, "2–5 min left"),
        (24, 24, "1–2 min left"),
        (60, 25, "about 3 min left"),
        (66, 50, "about 2 min left"),
        (60, 61, "about 40 s left"),
        (60, 85, "about 20 s left"),
        (60, 90, "almost done"),
        (5, 50, "almost done"),
        (60, 100, "almost done"),
        (60, 120, "almost done"),
    ],
)
def test_the_time_left_is_as_exact_as_it_can_be_known(
    ingest: Job, elapsed_s: float, done: float, text: str
) -> None:
    assert estimates.remaining_text(after(ingest, elapsed_s, done), "transcript") == text


def test_the_stages_to_come_take_their_time_too(ingest: Job) -> None:
    job = after(ingest, 44, 50)
    assert estimates.remaining_s(job, "transcript") == pytest.approx(44, abs=0.1)
    assert estimates.remaining_s(job, "media") == pytest.approx(44 + 12, abs=0.1)


def test_what_an_earlier_attempt_did_makes_no_pace(ingest: Job) -> None:
    assert estimates.remaining_s(after(ingest, 30, 52, stage_from=50.0), "transcript") is None
    job = after(ingest, 30, 60, stage_from=50.0)
    assert estimates.remaining_s(job, "transcript") == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize("lacking", ["total", "stage_started_at", "progressed_at"])
def test_nothing_is_said_before_anything_was_measured(ingest: Job, lacking: str) -> None:
    job = after(ingest, 60, 50, **{lacking: None})
    assert estimates.remaining_s(job, "media") is None
    assert estimates.remaining_text(job, "media") == ""
