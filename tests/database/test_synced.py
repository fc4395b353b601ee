"""What is told before the disk has it: progress, and what a power cut may take of it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from draftmill.database import changes
from draftmill.database.connection import connect


def power_cut(database: Path, synced: int, folder: Path) -> Path:
    """The database as a machine finds it again of whose log only so many bytes were on the disk."""
    found = folder / database.name
    shutil.copy(database, found)
    log = database.with_name(f"{database.name}-wal").read_bytes()
    found.with_name(f"{found.name}-wal").write_bytes(log[:synced])
    return found


def test_connections_sync_unless_they_are_told_not_to(tmp_path: Path) -> None:
    for synced, level in ((True, 2), (False, 1)):
        with closing(connect(tmp_path / "some.db", synced=synced)) as db:
            assert db.execute("pragma synchronous").fetchone()[0] == level


def test_a_power_cut_takes_the_last_percents_and_their_numbers_are_not_given_again(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    database = tmp_path / "draftmill.db"
    ended = changes.record(db, "job", "ended", 1)
    synced = database.with_name(f"{database.name}-wal").stat().st_size
    with closing(connect(database, synced=False)) as reporting:
        told = [changes.record(reporting, "job", "at work", 1) for _ in range(9)]
    (tmp_path / "again").mkdir()
    with closing(connect(power_cut(database, synced, tmp_path / "again"))) as found:
        assert changes.rev(found, "job", "ended") == ended
        assert changes.rev(found, "job", "at work") == 0
        changes.leap(found)
        assert changes.record(found, "job", "at work", 1) > told[-1]
