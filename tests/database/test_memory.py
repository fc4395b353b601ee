"""Rows in memory: found once, newest only, and nothing comes back that changed meanwhile."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database import memory
from draftmill.database.memory import Found, Memory


class Shelf:
    """Titles by key in a table, and what else happens while one of them is read."""

    def __init__(self, database: Path) -> None:
        self.db = sqlite3.connect(database, isolation_level=None)
        self.db.execute("create table shelf (key text primary key, title text, rev integer)")
        self.reads = 0
        self.meanwhile: Callable[[], object] | None = None
        self.memory: Memory[str, str] = Memory(database, self._find, most=2)

    def put(self, key: str, title: str, rev: int = 1) -> None:
        self.db.execute("insert or replace into shelf values (?, ?, ?)", (key, title, rev))

    def _find(self, db: sqlite3.Connection, key: str) -> Found[str] | None:
        self.reads += 1
        row = db.execute("select title, rev from shelf where key = ?", (key,)).fetchone()
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        if row and row[0] == "unreadable":
            raise ValueError(row[0])
        return Found(row[0], row[1], lasting=row[0] != "passing") if row else None


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "shelf.db")
    shelf.put("a", "old")
    with closing(shelf.db):
        yield shelf


def test_a_row_is_read_once(shelf: Shelf) -> None:
    assert shelf.memory.get("a") is None
    assert shelf.memory.read("a") == "old"
    assert shelf.memory.get("a") == "old"
    assert shelf.reads == 1


def test_what_is_not_there_takes_no_place(shelf: Shelf) -> None:
    shelf.memory.read("a")
    shelf.memory.read("b")
    assert shelf.memory.read("b") is None
    assert shelf.memory.get("a") == "old"
    shelf.db.execute("delete from shelf")
    assert shelf.memory.read("a") is None
    assert shelf.memory.get("a") is None


@pytest.mark.parametrize(
    "tell",
    [
        lambda memory, db: memory.drop("a"),
        lambda memory, db: memory.drop_all(lambda title: True),
        lambda memory, db: memory.follow(db, "a"),
    ],
    ids=["dropped", "all dropped", "followed"],
)
def test_what_changes_between_reading_and_keeping_is_not_kept(
    shelf: Shelf, tell: Callable[[Memory[str, str], sqlite3.Connection], None]
) -> None:
    def change() -> None:
        shelf.put("a", "new", 2)
        tell(shelf.memory, shelf.db)

    shelf.meanwhile = change
    assert shelf.memory.read("a") == "old"
    assert shelf.memory.get("a") is None
    assert shelf.memory.read("a") == "new"


def test_a_slow_reader_does_not_replace_what_is_newer(shelf: Shelf) -> None:
    shelf.memory.read("a")

    def change() -> None:
        shelf.put("a", "new", 2)
        shelf.memory.follow(shelf.db, "a")

    shelf.meanwhile = change
    assert shelf.memory.read("a") == "old"
    assert shelf.memory.get("a") == "new"


def test_a_reading_in_doubt_leaves_nothing_older_behind(shelf: Shelf) -> None:
    """The watcher reads a change while something else is dropped: no page may show the old one."""
    shelf.memory.read("a")
    shelf.put("a", "new", 2)
    shelf.meanwhile = lambda: shelf.memory.drop("b")
    shelf.memory.follow(shelf.db, "a")
    assert shelf.memory.get("a") is None


def test_what_was_pushed_out_while_it_was_read_does_not_come_back_older(shelf: Shelf) -> None:
    for key in ("b", "c"):
        shelf.put(key, "another")

    def change() -> None:
        shelf.put("a", "new", 2)
        for key in ("a", "b", "c"):
            shelf.memory.read(key)

    shelf.meanwhile = change
    assert shelf.memory.read("a") == "old"
    assert shelf.memory.get("a") is None


def test_what_nobody_asked_for_lately_is_not_read_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.memory.read("a")
    shelf.put("a", "new", 2)
    shelf.memory.follow(shelf.db, "a")
    assert (shelf.memory.get("a"), shelf.reads) == ("new", 2)
    monkeypatch.setattr(memory, "WANTED_S", 0.0)
    shelf.memory.follow(shelf.db, "a")
    assert (shelf.memory.get("a"), shelf.reads) == (None, 2)


def test_the_one_kept_longest_ago_makes_room(shelf: Shelf) -> None:
    for key in ("b", "c"):
        shelf.put(key, "another")
    for key in ("a", "b", "a", "c"):
        shelf.memory.read(key)
    assert [shelf.memory.get(key) for key in ("a", "b", "c")] == ["old", None, "another"]


@pytest.mark.parametrize("title", ["passing", "unreadable"])
def test_what_cannot_be_kept_leaves_nothing_old(shelf: Shelf, title: str) -> None:
    shelf.memory.read("a")
    shelf.put("a", title, 2)
    if title == "unreadable":
        with pytest.raises(ValueError, match=title):
            shelf.memory.follow(shelf.db, "a")
    else:
        assert shelf.memory.read("a") == title
    assert shelf.memory.get("a") is None
