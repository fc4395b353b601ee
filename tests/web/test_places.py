"""Who waits where: looked at when a job's state changes, not at each step of one that runs."""

import sqlite3
from pathlib import Path

import pytest

from draftmill.clock import moment, now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.jobs import endings, running
from draftmill.jobs.history import Guess
from draftmill.jobs.line import Place
from draftmill.jobs.policies import INGEST
from draftmill.settings import Settings
from draftmill.web.places import Places
from tests.support.job_rows import claim, make_project, newest


class Told:
    """Places that hear of every change, as from the watcher."""

    def __init__(self, db: sqlite3.Connection, settings: Settings) -> None:
        self.db, self.seen = db, 0
        self.places = Places(settings)
        self.asked: list[str] = []

    def hear(self) -> Places:
        self.db.set_trace_callback(self.asked.append)
        for change in changes.since(self.db, self.seen):
            self.seen = change.version
            self.places.take(self.db, change)
        self.db.set_trace_callback(None)
        return self.places

    def looks(self) -> int:
        """How often the lines were worked out."""
        looks = sum("order by n limit 300" in statement for statement in self.asked)
        self.asked.clear()
        return looks // 2  # queues


@pytest.fixture
def told(db: sqlite3.Connection, tmp_path: Path) -> Told:
    return Told(db, Settings(data=tmp_path))


def three(db: sqlite3.Connection) -> list[int]:
    """The numbers of three ingests in a queue with one worker, each expected to take 60 s."""
    made = [newest(db, make_project(db, sha=sha), INGEST) for sha in "abc"]
    db.execute("update jobs set expected = '{\"transcribe\": [60, 0.1]}' where type = 'ingest'")
    return [job.n for job in made]


def test_each_has_a_place_and_an_expected_start(db: sqlite3.Connection, told: Told) -> None:
    numbers = three(db)
    places = [told.hear().place(n) for n in numbers]
    assert [place and place.number for place in places] == [1, 2, 3]
    starts = [place.starts or 0 for place in places if place]
    assert [round(start - starts[0]) for start in starts] == [0, 60, 120]
    assert starts[0] == pytest.approx(moment(now()).timestamp(), abs=5)


def test_the_line_moves_up_when_one_begins(db: sqlite3.Connection, told: Told) -> None:
    first, second, third = three(db)
    told.hear()
    at_work = claim(db)
    running.begin(db, at_work, "m", 60.0, {"transcribe": Guess(60, 0.1)})
    running.begin_stage(db, at_work, "transcribe", 0, 3)
    places = told.hear()
    assert places.place(first) is None
    assert [(p and p.number) for p in map(places.place, (second, third))] == [1, 2]
    end = places.end(first)
    assert end
    assert (places.place(second) or never()).starts == pytest.approx(end)


def never() -> Place:
    raise AssertionError


def test_a_step_forward_moves_nobody(db: sqlite3.Connection, told: Told) -> None:
    three(db)
    at_work = claim(db)
    told.hear()
    told.looks()
    for done in range(20):
        running.progress(db, at_work, done, 100, "s", "", 0)
        told.hear()
    assert told.looks() == 0
    endings.cancel(db, at_work)
    endings.succeed(db, at_work)
    told.hear()
    assert told.looks() == 1


def test_many_changes_of_one_moment_are_one_look(db: sqlite3.Connection, told: Told) -> None:
    with transaction(db):
        three(db)
    told.hear()
    assert told.looks() == 1


def test_who_waits_for_the_ingest_is_in_no_line(db: sqlite3.Connection, told: Told) -> None:
    blog = newest(db, make_project(db, ("blog",)), "blog")
    assert told.hear().place(blog.n) is None


def test_nobody_knows_when_a_turn_comes_behind_what_was_never_seen(
    db: sqlite3.Connection, told: Told
) -> None:
    numbers = three(db)
    db.execute("update jobs set expected = '{}' where n = ?", (numbers[0],))
    places = [told.hear().place(n) for n in numbers]
    assert [place and place.starts is not None for place in places] == [True, False, False]
