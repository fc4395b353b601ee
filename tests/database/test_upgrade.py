"""A database of an older Draftmill is brought up to date with what is in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from draftmill.accounts import users
from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import connect, prepare
from draftmill.database.schema import migrations
from draftmill.projects.filtered import Wanted, page_of
from tests.support import job_states
from tests.support.cleaning import clean, sound
from tests.support.data_folder import DataFolder
from tests.support.house import PASSWORD

FILLED = """
insert into changes (kind, object_id, user_id, version, deleted) values
 ('job', 'gone-long-ago', 1, 1, 1), ('project', 'gone-unsaid', 1, 2, 0);
update counters set n = 2;
insert into janitor_runs (at, changes_version, report)
 values ('2020-01-01T00:00:00.000Z', 1, '{}');
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The data folder of a Draftmill whose changes had no time yet, with two of them."""
    with closing(connect(tmp_path / "draftmill.db")) as db:
        migrations.apply(Database(db), stop_before="0007_times_of_changes")
        db.executescript(FILLED)
    return tmp_path


@pytest.fixture
def upgraded(old: Path) -> Iterator[DataFolder]:
    prepare(old / "draftmill.db")
    with closing(connect(old / "draftmill.db")) as db:
        yield DataFolder(old, db)


def kept(db: sqlite3.Connection) -> list[tuple[str, bool]]:
    return [(change.object_id, change.deleted) for change in changes.since(db, 0)]


def test_changes_keep_their_versions_and_count_as_of_the_upgrade(old: Path) -> None:
    before = now()
    prepare(old / "draftmill.db")
    with closing(connect(old / "draftmill.db")) as db:
        rows = db.execute("select object_id, version, at from changes order by version").fetchall()
        assert [tuple(row)[:2] for row in rows] == [("gone-long-ago", 1), ("gone-unsaid", 2)]
        assert all(before <= row["at"] <= now() for row in rows)
        assert changes.record(db, "job", "new", 1) == 3


def test_tombstones_of_before_go_a_day_after_the_upgrade(upgraded: DataFolder) -> None:
    assert clean(upgraded).counts == {"forgotten changes noted": 1}
    assert kept(upgraded.db) == [("gone-long-ago", True), ("gone-unsaid", True)]
    upgraded.age(days=0.9)
    assert clean(upgraded).counts == {}
    upgraded.age(days=0.2)
    assert clean(upgraded).counts == {"changes of deleted things trimmed": 2}
    assert kept(upgraded.db) == []
    sound(upgraded)


def test_speakers_and_titles_of_before_are_found_without_accents(tmp_path: Path) -> None:
    database = tmp_path / "draftmill.db"
    with closing(connect(database)) as db:
        migrations.apply(Database(db), stop_before="0035_folded_names")
        users.add_user(db, "mara@example.org", PASSWORD, "Mara")
        for title in ("Zebra", "Ärger"):
            job_states.heard(db, title)
        db.execute("update segments set speaker = 'Zoë Ångström' where n = 0")
        prepare(database)
        page = page_of(db, 1, Wanted(speaker="angstrom", sort="title"))
    assert [one.row["title"] for one in page.rows] == ["Ärger", "Zebra"]
