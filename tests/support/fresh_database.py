"""A new database, as `prepare` makes it: made once, and copied for each test."""

import functools
import tempfile
from pathlib import Path

from draftmill.database.connection import prepare


def make(database: Path) -> None:
    """A new database, unless it is there."""
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        database.write_bytes(_prepared())


@functools.cache
def _prepared() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "draftmill.db"
        prepare(database)
        return database.read_bytes()
