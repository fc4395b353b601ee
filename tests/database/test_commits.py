"""Whoever waits for commits hears of all but their own, with a bell and without."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database.commits import Commits
from draftmill.database.connection import connect, transaction

LONG_S = 60.0
COUNT = "update counters set n = n + 1 where name = 'changes'"


def count(db: sqlite3.Connection) -> None:
    with transaction(db):
        db.execute(COUNT)


@pytest.fixture(params=["a bell", "none"])
def commits(
    db: sqlite3.Connection, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Commits]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "none":
            patch.setattr("draftmill.processes.doorbell.sys.platform", "elsewhere")
        with closing(Commits(db, tmp_path / "draftmill.db", 0.01)) as commits:
            yield commits


@pytest.fixture
def other(db: sqlite3.Connection, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "draftmill.db")) as other:
        yield other


def test_a_commit_of_another_connection_ends_the_wait(
    commits: Commits, other: sqlite3.Connection
) -> None:
    began = time.monotonic()
    for _ in range(3):
        count(other)
        assert commits.wait(LONG_S)
    assert not commits.wait(0.05)
    assert time.monotonic() - began < LONG_S / 2


def test_ones_own_commits_and_what_is_rolled_back_do_not(
    commits: Commits, db: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    count(db)
    with pytest.raises(ZeroDivisionError), transaction(other):
        other.execute(COUNT)
        raise ZeroDivisionError
    assert not commits.wait(0.05)


def test_the_last_of_many_commits_is_never_missed(
    commits: Commits, db: sqlite3.Connection, tmp_path: Path
) -> None:
    (zero,) = db.execute("select n from counters where name = 'changes'").fetchone()
    many = 50

    def write() -> None:
        with closing(connect(tmp_path / "draftmill.db")) as mine:
            for _ in range(many):
                count(mine)

    writer = threading.Thread(target=write)
    writer.start()
    seen, began = zero, time.monotonic()
    while seen < zero + many and commits.wait(LONG_S):
        (seen,) = db.execute("select n from counters where name = 'changes'").fetchone()
    writer.join()
    assert seen == zero + many
    assert time.monotonic() - began < LONG_S / 2


def test_what_nobody_rang_for_is_found_at_the_end_of_the_wait(
    commits: Commits, other: sqlite3.Connection
) -> None:
    commits.wait(0)
    other.execute(COUNT)
    assert commits.wait(0.05)
    assert not commits.wait(0.05)


def test_a_wait_ends_when_it_is_told_to(commits: Commits) -> None:
    began = time.monotonic()
    commits.end()
    assert not commits.wait(LONG_S)
    assert time.monotonic() - began < LONG_S / 2
