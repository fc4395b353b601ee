"""The jobs in memory: what programs asked for, newest states only, nothing that is gone."""

import json
import sqlite3
from pathlib import Path

import pytest

from draftmill.database import changes
from draftmill.database.changes import Change
from draftmill.jobs import endings
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.projects import deletion
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.api.states import State, States
from tests.support.job_rows import make_project, newest


@pytest.fixture
def states(db: sqlite3.Connection, tmp_path: Path) -> States:
    return States(Settings(data=tmp_path), most=2)


@pytest.fixture
def ingest(db: sqlite3.Connection) -> Job:
    return newest(db, make_project(db, ("blog", "twitter")), INGEST)


def tell(states: States, db: sqlite3.Connection) -> None:
    """What the watcher does: all changes, in their order."""
    for change in changes.since(db, 0):
        states.take(db, change)


def told(state: State | None) -> str:
    assert state
    status: str = json.loads(state.body)["status"]
    return status


def test_a_change_takes_the_place_of_the_state_that_was_asked_for(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    first = states.read(ingest.id)
    assert told(first) == "pending"
    endings.cancel(db, ingest)
    assert states.get(ingest.id) is first
    tell(states, db)
    after = states.get(ingest.id)
    assert told(after) == "cancelled"
    assert first and after
    assert (first.ended, after.ended, after.rev > first.rev) == (False, True, True)


def test_what_nobody_asked_for_takes_no_memory(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    tell(states, db)
    assert states.get(ingest.id) is None
    assert states.read("no-such-job") is None
    assert not states._states


def test_an_older_reading_never_takes_the_place_of_a_newer_one(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    old = states.read(ingest.id)
    endings.cancel(db, ingest)
    tell(states, db)
    states._keep(ingest.id, old)  # the reader was slow
    assert told(states.get(ingest.id)) == "cancelled"


def test_a_change_between_reading_and_remembering_is_not_lost(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    old = states.read(ingest.id)
    assert old
    states._states[ingest.id] = None  # remembered as asked for, and about to be kept
    endings.cancel(db, ingest)
    tell(states, db)
    states._keep(ingest.id, old)
    assert told(states.get(ingest.id)) == "cancelled"


def test_a_job_deleted_while_it_was_read_does_not_come_back(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    old = states.read(ingest.id)
    deletion.delete_project(db, row_of(db, ingest.project_id))
    tell(states, db)
    states._keep(ingest.id, old)
    assert states.get(ingest.id) is None
    assert states.read(ingest.id) is None


def test_what_was_not_asked_for_the_longest_makes_room(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    kinds = (INGEST, "blog", "twitter")
    three = [newest(db, ingest.project_id, kind).id for kind in kinds]
    for job_id in three:
        assert states.read(job_id)
    assert [states.get(job_id) is not None for job_id in three] == [False, True, True]


def test_a_job_that_cannot_be_told_hides_no_other(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    blog = newest(db, ingest.project_id, "blog")
    states.read(ingest.id), states.read(blog.id)
    db.execute("update jobs set warnings = 'broken' where id = ?", (blog.id,))
    for job in (blog, ingest):
        states.take(db, Change("job", job.id, 1, 99, False))
    assert states.get(blog.id) is None
    assert told(states.get(ingest.id)) == "pending"
