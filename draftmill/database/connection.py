"""Connections and transactions. Raw sqlite3: importing sqlite_utils costs a child 90 ms."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from draftmill.database.search_text import add_functions
from draftmill.processes import doorbell

WEB_PATIENCE_S = 3.0
WORKER_PATIENCE_S = 60.0


class _Connection(sqlite3.Connection):
    """A connection that knows what to ring after a commit."""

    bell: Path


def bell_of(database: Path) -> Path:
    """The file that rings when something was committed to a database."""
    return database.with_name(f"{database.name}-bell")


def connect(
    database: Path, patience_s: float = WEB_PATIENCE_S, *, synced: bool = True
) -> sqlite3.Connection:
    """An autocommit connection to the database, for one thread.

    `patience_s` is how long a statement waits for another writer before it raises
    sqlite3.OperationalError ("database is locked"). What one that is not `synced` commits outlives
    every process and may be lost with the machine's power, until any other commits after it: that
    one syncs the log of both (https://sqlite.org/pragma.html#pragma_synchronous).
    """
    db = sqlite3.connect(database, patience_s, isolation_level=None, factory=_Connection)
    db.bell = bell_of(database)
    add_functions(db)
    db.row_factory = sqlite3.Row
    db.execute("pragma foreign_keys = on")
    db.execute(f"pragma synchronous = {'full' if synced else 'normal'}")
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, and those who wait for commits are woken. Inside an open one it joins that."""
    if db.in_transaction:
        yield db
        return
    db.execute("begin immediate")
    try:
        yield db
        db.execute("commit")
    except BaseException:
        if _open(db):
            db.execute("rollback")
        raise
    if isinstance(db, _Connection):
        doorbell.ring(db.bell)


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """What is read within is all of one moment. Nothing that is written within stays."""
    db.execute("begin")
    try:
        yield
    finally:
        db.execute("rollback")


def _open(db: sqlite3.Connection) -> bool:
    return db.in_transaction


def prepare(database: Path) -> None:
    """Create the database, or bring it up to the newest schema. Safe to call from several processes."""
    from sqlite_utils import Database

    from draftmill.database.schema import migrations

    database.parent.mkdir(parents=True, exist_ok=True)
    db = connect(database, WORKER_PATIENCE_S)
    try:
        db.execute("pragma journal_mode = wal")
        with transaction(db):
            migrations.apply(Database(db))
    finally:
        db.close()
