"""The settings in effect, in memory: read again when the owner changed one, in any process."""

import sqlite3
from contextlib import closing

from draftmill.choices.stored import in_effect
from draftmill.database.changes import Change
from draftmill.database.connection import connect
from draftmill.settings import Settings


class Present:
    """`given` are the settings of the environment, `settings` those with the owner's choices.

    Keys that are stored stay sealed: none is in either. Any thread may read.
    """

    def __init__(self, given: Settings) -> None:
        self.given = given
        with closing(connect(given.database)) as db:
            self.read(db)

    def read(self, db: sqlite3.Connection) -> None:
        """Read them now, for a page that comes before the watcher has heard of the change."""
        self.settings = in_effect(db, self.given, keys=False)

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread, before those who show what depends on it."""
        if change.kind == "settings":
            self.read(db)
