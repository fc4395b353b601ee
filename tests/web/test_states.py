"""The jobs in memory: what programs asked for, newest states only, nothing that is gone."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from draftmill.database import changes
from draftmill.jobs import endings
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.projects import deletion
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.api import job_shapes, representations
from draftmill.web.states import State, States
from draftmill.web.watcher import Watcher
from tests.support.job_rows import make_project, newest


@pytest.fixture
def states(db: sqlite3.Connection, tmp_path: Path) -> States:
    return States(Settings(data=tmp_path), representations.state, most=2)


@pytest.fixture
def ingest(db: sqlite3.Connection) -> Job:
    return newest(db, make_project(db, ("blog", "twitter")), INGEST)


def tell(states: States, db: sqlite3.Connection) -> None:
    """All changes, in their order."""
    Watcher(Path(), [states.take]).tell(db, 0)


def while_read(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen after the next row was read and before it is remembered."""
    made = representations.job

    def slowly(*given: Any) -> job_shapes.Job:
        monkeypatch.setattr(representations, "job", made)
        shape = made(*given)
        happens()
        return shape

    monkeypatch.setattr(representations, "job", slowly)


def told(state: State | None) -> str:
    assert state
    status: str = json.loads(state.body)["status"]
    return status


def test_a_change_takes_the_place_of_the_state_that_was_asked_for(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    first = states.read(1, ingest.id)
    assert told(first) == "pending"
    endings.cancel(db, ingest)
    assert states.get(1, ingest.id) is first
    tell(states, db)
    after = states.get(1, ingest.id)
    assert told(after) == "cancelled"
    assert first and after
    assert (first.ended, after.ended, after.rev > first.rev) == (False, True, True)


def test_what_nobody_asked_for_takes_no_memory(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    tell(states, db)
    assert states.get(1, ingest.id) is None
    assert states.read(1, "no-such-job") is None
    assert not states._states._kept


def test_an_older_reading_never_takes_the_place_of_a_newer_one(
    db: sqlite3.Connection, states: States, ingest: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    states.read(1, ingest.id)

    def change() -> None:
        endings.cancel(db, ingest)
        tell(states, db)

    while_read(monkeypatch, change)
    assert told(states.read(1, ingest.id)) == "pending"
    assert told(states.get(1, ingest.id)) == "cancelled"


def test_a_change_between_reading_and_remembering_is_not_lost(
    db: sqlite3.Connection, states: States, ingest: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        endings.cancel(db, ingest)
        tell(states, db)

    while_read(monkeypatch, change)
    assert told(states.read(1, ingest.id)) == "pending"
    assert states.get(1, ingest.id) is None
    assert told(states.read(1, ingest.id)) == "cancelled"


def test_a_job_deleted_while_it_was_read_does_not_come_back(
    db: sqlite3.Connection, states: States, ingest: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        deletion.delete_project(db, row_of(db, ingest.project_id))
        tell(states, db)

    while_read(monkeypatch, change)
    assert told(states.read(1, ingest.id)) == "pending"
    assert states.get(1, ingest.id) is None
    assert states.read(1, ingest.id) is None


def test_other_people_have_no_such_job(states: States, ingest: Job) -> None:
    assert states.read(1, ingest.id)
    assert states.get(2, ingest.id) is None
    assert states.read(2, ingest.id) is None
    assert states.get(1, ingest.id), "and the owner's stays in memory"


def test_what_was_not_asked_for_the_longest_makes_room(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    kinds = (INGEST, "blog", "twitter")
    three = [newest(db, ingest.project_id, kind).id for kind in kinds]
    for job_id in three:
        assert states.read(1, job_id)
    assert [states.get(1, job_id) is not None for job_id in three] == [False, True, True]


def test_a_job_that_cannot_be_told_hides_no_other(
    db: sqlite3.Connection, states: States, ingest: Job
) -> None:
    blog = newest(db, ingest.project_id, "blog")
    states.read(1, ingest.id), states.read(1, blog.id)
    db.execute("update jobs set warnings = 'broken' where id = ?", (blog.id,))
    for job in (blog, ingest):
        changes.record(db, "job", job.id, 1)
    tell(states, db)
    assert states.get(1, blog.id) is None
    assert told(states.get(1, ingest.id)) == "pending"
