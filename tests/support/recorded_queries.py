"""What the database is asked, and how much it has to look at for that: counted, not timed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Recorder:
    """The statements of all connections that were opened meanwhile, and the steps they took.

    A step is one instruction of SQLite's virtual machine: the same for the same data, however
    busy the machine is.
    """

    statements: list[str] = field(default_factory=list)
    steps: int = 0

    def count(self) -> int:
        self.steps += 1
        return 0  # and goes on

    def watch(self, db: sqlite3.Connection) -> None:
        db.set_trace_callback(self.statements.append)
        db.set_progress_handler(self.count, 1)


@contextmanager
def recorded() -> Iterator[Recorder]:
    """Record what is asked from here to the end of the block."""
    recorder, connect = Recorder(), sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        db = connect(*arguments, **options)
        recorder.watch(db)
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", watched)
        yield recorder


def scans(db: sqlite3.Connection, statements: list[str]) -> dict[str, str]:
    """What is read from end to end, by its name in the statement.

    That is a table, or what another query of the statement made, whose own plan is looked at too.
    """
    return {name: one for one in statements for name in _scanned(db, one)}


def _scanned(db: sqlite3.Connection, statement: str) -> Iterator[str]:
    if statement.split()[0].lower() not in ("select", "with", "insert", "update", "delete"):
        return
    for row in db.execute(f"explain query plan {statement}").fetchall():
        words = row["detail"].split()
        # Full-text search is a virtual table with an index of its own.
        if words[0] == "SCAN" and "VIRTUAL" not in words and words[1][0] != "(":
            yield words[1]
