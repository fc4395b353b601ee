"""What is told of many ends at once, in parts that let others write, and of a project in the bin."""

import sqlite3

import pytest

from draftmill.clock import now
from draftmill.notifications import inbox, notify
from tests.support.job_rows import make_project

TYPES = ("blog", "newsletter", "twitter", "linkedin")
MOST = 3


def end_all(db: sqlite3.Connection, first: str) -> None:
    """The five jobs of a project end at once, all but the first of them well."""
    db.execute("update jobs set completed_at = ?", (now(),))
    for n, job in enumerate(db.execute("select id from jobs order by n").fetchall()):
        notify.tell(db, 1, job["id"], "succeeded" if n else first)


@pytest.mark.parametrize(
    ("first", "shown"), [("failed", [1, 4, 5]), ("succeeded", [3, 4, 5])], ids=str
)
def test_of_many_ends_what_failed_is_shown_first_of_all(
    db: sqlite3.Connection, first: str, shown: list[int]
) -> None:
    make_project(db, TYPES)
    end_all(db, first)
    claim = inbox.claim(db, 1, MOST)
    assert [notice.id for notice in claim.notices] == shown
    assert sorted(claim.numbers) == [1, 2, 3, 4, 5]
    elsewhere = inbox.shown_lately(db, 1, 60, MOST)
    assert [notice.id for notice in elsewhere] == shown


def test_very_many_are_noted_in_parts(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "AT_ONCE", 2)
    make_project(db, TYPES)
    end_all(db, "failed")
    said: list[str] = []
    db.set_trace_callback(said.append)
    claim = inbox.claim(db, 1, MOST, 10)
    assert len(claim.numbers) == 5
    assert said.count("commit") == 3
    inbox.unclaim(db, 1, claim.numbers)
    assert said.count("commit") == 6
    assert inbox.claim(db, 1, MOST, 10) == claim
    inbox.confirm(db, 1, claim.numbers)
    assert said.count("commit") == 12
    assert not db.execute("select 1 from notifications where doubted_at is not null").fetchone()


def test_what_ends_in_the_bin_is_told_nowhere(db: sqlite3.Connection) -> None:
    make_project(db, TYPES)
    db.execute("update projects set binned_at = ?", (now(),))
    end_all(db, "succeeded")
    assert inbox.unread(db, 1) == 0
    assert not inbox.waits(db, 1)
