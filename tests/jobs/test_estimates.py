"""How far a job is, and when it will end: said in numbers only where they can be trusted."""

import math
import sqlite3
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draftmill.clock import now
from draftmill.jobs import estimates
from draftmill.jobs.estimates import Left, text_of
from draftmill.jobs.history import Guess
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.projects.project import row_of
from tests.support.job_rows import make_project, newest

BEGAN = 1.8e9
FIFTH = Guess(20.0, 0.2)
EMPTY: dict[str, Any] = dict.fromkeys(field.name for field in fields(Job))
MADE_UP = Job(**EMPTY | {"type": INGEST, "status": "running", "warnings": (), "skipped": ()})


@pytest.fixture
def ingest(db: sqlite3.Connection) -> Job:
    """A job whose stages weigh 88, 8 and 4 with a recording, and one stage with a transcript."""
    job = newest(db, make_project(db), INGEST)
    return replace(job, status="running", attempt=1, started_at=now())


def after(job: Job, elapsed_s: float, done: float, **more: object) -> Job:
    """The job when its stage has counted `done` of 100 in so many seconds."""
    times = {"started_at": 0.0, "stage_started_at": 0.0, "counted_at": 0.1}
    times |= {"progressed_at": elapsed_s}
    values = {name: text_of(BEGAN + seconds) for name, seconds in times.items()}
    counted = {"total": 100.0, "stage_from": 0.0, "step": 0, "done": done}
    return replace(job, **{**values, **counted, **more})  # type: ignore[arg-type]


def seconds_left(job: Job, elapsed_s: float, source: str = "transcript") -> tuple[float, ...]:
    left = estimates.time_left(job, source)
    assert left
    return tuple(end - BEGAN - elapsed_s for end in (left.low, left.likely, left.high))


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


def test_a_jobs_own_pace_tells_when_it_ends(ingest: Job) -> None:
    low, likely, high = seconds_left(after(ingest, 60, 50), 60)
    assert likely == pytest.approx(60, rel=0.02)
    assert 30 < low < likely < high < 100
    later = seconds_left(after(ingest, 90, 75), 90)
    assert later[2] - later[0] < high - low, "and the better, the more is done"


def test_the_stages_to_come_take_their_time_too(ingest: Job) -> None:
    alone = seconds_left(after(ingest, 44, 50), 44)[1]
    assert seconds_left(after(ingest, 44, 50), 44, "media")[1] == pytest.approx(alone + 12, abs=1)
    known = after(ingest, 44, 50, expected={"screenshots": Guess(30, 0.1), "chapters": FIFTH})
    assert seconds_left(known, 44, "media")[1] == pytest.approx(alone + 50, abs=1)


def test_before_anything_is_measured_history_tells(ingest: Job) -> None:
    job = after(ingest, 8, 0, total=None, expected={"chapters": FIFTH})
    low, likely, high = seconds_left(job, 8)
    assert 6 < low < likely < high < 22
    assert estimates.time_left(replace(job, expected={}), "transcript") is None


def test_what_takes_far_longer_than_usual_promises_nothing(ingest: Job) -> None:
    job = after(ingest, 60, 0, total=None, expected={"chapters": FIFTH})
    assert estimates.time_left(job, "transcript") is None


def test_history_and_pace_are_weighed_by_what_they_are_worth(ingest: Job) -> None:
    slow = {"chapters": Guess(400.0, 0.3)}  # where its own pace says 100 s
    early = seconds_left(after(ingest, 3, 3, expected=slow), 3)[1]
    late = seconds_left(after(ingest, 80, 80, expected=slow), 80)[1]
    assert early > 200
    assert late < 60


def test_the_time_before_the_first_units_is_no_pace(ingest: Job) -> None:
    """A model is loaded for 30 s, then half of the work takes 10 s: the other half does too."""
    job = after(ingest, 40, 50, counted_at=text_of(BEGAN + 30))
    assert seconds_left(job, 40)[1] < 15


def test_what_an_earlier_attempt_did_makes_no_pace(ingest: Job) -> None:
    job = after(ingest, 30, 60, stage_from=50.0, attempt=2)
    assert seconds_left(job, 30)[1] == pytest.approx(120, rel=0.02)
    history = after(ingest, 1, 50, stage_from=50.0, attempt=2, expected={"chapters": FIFTH})
    assert seconds_left(history, 1)[1] < 12, "and half of what is usual is done"


@pytest.mark.parametrize("lacking", [{"status": "pending"}, {"progressed_at": None, "attempt": 2}])
def test_nothing_is_said_of_what_does_not_run(ingest: Job, lacking: dict[str, object]) -> None:
    assert estimates.time_left(after(ingest, 60, 50, **lacking), "media") is None


def test_a_range_too_wide_to_help_is_not_reliable(db: sqlite3.Connection, ingest: Job) -> None:
    wide, narrow = after(ingest, 60, 1), after(ingest, 60, 50)
    assert not (estimates.time_left(wide, "transcript") or never()).reliable
    assert (estimates.time_left(narrow, "transcript") or never()).reliable
    project = row_of(db, ingest.project_id)
    assert estimates.ends_at(db, wide, project) is None
    assert estimates.ends_at(db, narrow, project)


def never() -> Left:
    raise AssertionError


def test_little_is_left_only_when_most_is_done(ingest: Job) -> None:
    fast = after(ingest, 5, 53)
    assert not (estimates.time_left(fast, "transcript") or never()).little
    assert (estimates.time_left(after(ingest, 5, 95), "transcript") or never()).little


@given(
    elapsed_s=st.floats(0, 1e5),
    done=st.floats(-1, 120),
    first_s=st.none() | st.floats(0, 1e5),
    usual=st.none() | st.tuples(st.floats(0.001, 1e6), st.floats(0.06, 3)),
    attempt=st.integers(1, 3),
)
def test_an_end_lies_ahead_and_within_its_range(
    elapsed_s: float,
    done: float,
    first_s: float | None,
    usual: tuple[float, float] | None,
    attempt: int,
) -> None:
    counted_at = None if first_s is None else text_of(BEGAN + first_s)
    expected = {"transcribe": Guess(*usual), "chapters": FIFTH} if usual else {}
    job = after(MADE_UP, elapsed_s, done, expected=expected, counted_at=counted_at, attempt=attempt)
    left = estimates.time_left(job, "media")
    if left:
        assert BEGAN + elapsed_s - 0.001 <= left.low <= left.likely <= left.high < math.inf


@pytest.mark.parametrize(
    ("unit", "done", "total", "said"),
    [
        ("s", 12.9, 48.6, "12 of 49 s"),
        ("s", 725, 3130, "12 of 52 min"),
        ("s", 199, 200, "3 of 3 min"),
        ("s", 225, 226, "3 of 4 min"),
        ("words", 1412, None, "1,412 words so far"),
        ("", 3, 7, ""),
    ],
)
def test_the_amount_is_said_in_its_own_unit(
    ingest: Job, unit: str, done: float, total: float | None, said: str
) -> None:
    assert estimates.amount(replace(ingest, unit=unit, done=done, total=total)) == said
