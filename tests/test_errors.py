"""What the system and SQLite say has a name; every problem says what happened and what to do."""

import errno
import importlib
import pkgutil
import re
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import draftmill
from draftmill import errors
from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem


def sqlite_error(tmp_path: Path, spoil: Callable[[sqlite3.Connection], object]) -> sqlite3.Error:
    """The real error that SQLite raises after `spoil`."""
    with (
        closing(connect(tmp_path / "spoilt.db", 0)) as db,
        pytest.raises(sqlite3.Error) as raised,
    ):
        spoil(db)
        db.execute("create table more (x)")
        db.execute("insert into more values (randomblob(100000))")
    return raised.value


def fill(db: sqlite3.Connection) -> None:
    db.execute("pragma max_page_count = 1")


def test_a_full_database_is_a_full_disk(tmp_path: Path) -> None:
    prepare(tmp_path / "spoilt.db")
    problem = errors.named(sqlite_error(tmp_path, fill))
    assert isinstance(problem, errors.DiskFull)
    assert problem.transient


def test_a_locked_database_is_busy_and_a_wrong_statement_is_nobodys_trouble(
    tmp_path: Path,
) -> None:
    prepare(tmp_path / "spoilt.db")
    with closing(connect(tmp_path / "spoilt.db")) as other:
        other.execute("begin immediate")
        busy = sqlite_error(tmp_path, lambda db: db.execute("begin immediate"))
    assert isinstance(errors.named(busy), errors.DatabaseBusy)
    wrong = sqlite_error(tmp_path, lambda db: db.execute("select * from nowhere"))
    assert isinstance(wrong, sqlite3.OperationalError)
    assert errors.named(wrong) is None


def test_a_damaged_database_is_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "spoilt.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(sqlite3.DatabaseError) as raised:
        connect(tmp_path / "spoilt.db")
    problem = errors.named(raised.value)
    assert isinstance(problem, errors.DatabaseDamaged)
    assert not problem.transient


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
        (OSError(errno.EFBIG, "File too large"), "disk_full"),
        (OSError(errno.EIO, "Input/output error"), "disk_error"),
        (OSError(errno.EMFILE, "Too many open files"), "system_busy"),
        (RuntimeError("can't start new thread"), "system_busy"),
        (ConnectionResetError(), "network"),
        (TimeoutError(), "network"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "network"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "network"),
    ],
)
def test_what_the_system_says_has_a_name_and_is_tried_again(error: Exception, code: str) -> None:
    problem = errors.named(error)
    assert problem is not None
    assert (problem.code, problem.transient) == (code, True)


@pytest.mark.parametrize(
    "error", [FileNotFoundError(), PermissionError(), ValueError(), KeyError()]
)
def test_what_nobody_foresaw_has_no_name(error: Exception) -> None:
    assert errors.named(error) is None


def problems() -> list[type[Problem]]:
    """Every class of problem of the whole program."""
    for module in pkgutil.walk_packages(draftmill.__path__, "draftmill."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, new = [], [Problem]
    while new:
        found += new
        new = [sub for kind in new for sub in kind.__subclasses__()]
    return [kind for kind in found if kind.__module__.startswith("draftmill.")]


def test_every_problem_has_a_code_and_says_in_sentences_what_happened_and_what_to_do() -> None:
    for kind in problems():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code), kind
        for sentence in (kind.default_message, kind.default_hint):
            assert re.fullmatch(r"[A-Z0-9].*[.A-Z]", sentence, re.DOTALL), (kind, sentence)
    unknown = {kind.__name__ for kind in problems() if kind.code == Problem.code}
    assert unknown == {"Problem", "Unexpected", "Surprise"}
