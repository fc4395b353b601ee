"""Whoever waits for commits hears of all but their own, with a bell and without."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database import commits as commits_module
from draftmill.database.commits import Commits
from draftmill.database.connection import connect

LONG_S = 60.0
COUNT = "update counters set n = n + 1 where name = 'changes'"


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
        other.execute(COUNT)
        assert commits.wait(LONG_S)
    assert not commits.wait(0.05)
    assert time.monotonic() - began < LONG_S / 2


def test_ones_own_commits_and_what_is_rolled_back_do_not(
    commits: Commits, db: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    db.execute(COUNT)
    other.execute("begin immediate")
    other.execute(COUNT)
    other.execute("rollback")
    assert not commits.wait(0.05)


def test_the_last_of_many_commits_is_never_missed(
    commits: Commits, db: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits_module, "SOONEST_S", 0.0005)
    (zero,) = db.execute("select n from counters where name = 'changes'").fetchone()
    many = 50

    def write() -> None:
        with closing(connect(tmp_path / "draftmill.db")) as mine:
            for _ in range(many):
                mine.execute(COUNT)

    writer = threading.Thread(target=write)
    writer.start()
    seen, began = zero, time.monotonic()
    while seen < zero + many and commits.wait(LONG_S):
        (seen,) = db.execute("select n from counters where name = 'changes'").fetchone()
    writer.join()
    assert seen == zero + many
    assert time.monotonic() - began < LONG_S / 2


def test_a_log_that_was_removed_and_made_anew_is_heard(
    commits: Commits, other: sqlite3.Connection
) -> None:
    other.execute(COUNT)
    assert commits.wait(LONG_S)
    other.execute("pragma wal_checkpoint(truncate)")
    other.execute(COUNT)
    assert commits.wait(LONG_S)


def test_a_wait_ends_when_it_is_told_to(commits: Commits) -> None:
    began = time.monotonic()
    commits.end()
    assert not commits.wait(LONG_S)
    assert time.monotonic() - began < LONG_S / 2
