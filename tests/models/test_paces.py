"""What a draft takes on this machine, by what was measured."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database.connection import connect, prepare
from draftmill.models import paces
from draftmill.models.paces import Pace
from draftmill.web.views.models import as_minutes


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    prepare(tmp_path / "draftmill.db")
    with closing(connect(tmp_path / "draftmill.db")) as db:
        yield db


def test_a_pace_is_known_once_both_reading_and_writing_were_measured(
    db: sqlite3.Connection,
) -> None:
    paces.note(db, "m", Pace(read=1000, read_s=50, wrote=2, wrote_s=9))
    assert paces.pace_of(db, "m") is None
    paces.note(db, "m", Pace(read=0, read_s=0, wrote=100, wrote_s=20))
    pace = paces.pace_of(db, "m")
    assert pace
    assert (pace.read_a_second, pace.wrote_a_second) == (20, 5)


def test_what_was_measured_lately_counts_most(db: sqlite3.Connection) -> None:
    for speed in (10, 10, 10, 40, 40, 40, 40, 40):
        paces.note(db, "m", Pace(speed * 10, 10, speed * 10, 10))
    pace = paces.pace_of(db, "m")
    assert pace
    assert 30 < pace.wrote_a_second < 40


def test_a_longer_talk_takes_longer_and_one_beyond_the_context_is_read_in_parts() -> None:
    pace = Pace(read=30, read_s=1, wrote=6, wrote_s=1)
    hour = pace.draft_s(60, 16_384)
    assert 8 * 60 < hour < 14 * 60
    assert pace.draft_s(30, 16_384) < hour < pace.draft_s(60, 4_096)
    assert pace.draft_s(240, 16_384) > 2 * hour


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "10 seconds"),
        (44, "40 seconds"),
        (61, "1 minute"),
        (700, "12 minutes"),
        (9000, "2.5 hours"),
    ],
)
def test_times_are_said_no_finer_than_they_are_known(seconds: float, words: str) -> None:
    assert as_minutes(seconds) == words
