"""The jobs that programs ask about, as JSON in memory: a status is a dictionary look-up."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from draftmill.database.changes import Change
from draftmill.database.memory import MOST, Found, Memory
from draftmill.settings import Settings


@dataclass(frozen=True)
class State:
    """One job at one revision. `ended` says that it will never change again."""

    rev: int
    body: bytes
    ended: bool

    @property
    def etag(self) -> str:
        # Weak: two readings of one revision may guess another end.
        return f'W/"{self.rev}"'


Describe = Callable[[sqlite3.Connection, tuple[int, str]], Found[State] | None]


class States:
    """The states of all jobs that were asked for lately, newest ones only.

    `describe` tells the state of a job by its user's id and its own.
    """

    def __init__(self, settings: Settings, describe: Describe, most: int = MOST) -> None:
        self._states = Memory(settings.database, describe, most)

    def get(self, user_id: int, job_id: str) -> State | None:
        """The present state of a user's own job, if it is in memory."""
        return self._states.get((user_id, job_id))

    def read(self, user_id: int, job_id: str) -> State | None:
        """The same from the job's row. None if there is no such job, also for other people's."""
        return self._states.read((user_id, job_id))

    def refresh(self, db: sqlite3.Connection, user_id: int, job_id: str) -> State | None:
        """The same on an open connection: what this process changed is seen at once."""
        return self._states.refresh(db, (user_id, job_id))

    def take(self, db: sqlite3.Connection, change: Change) -> None:
        """Hear of a change, in the watcher's thread."""
        if change.kind == "job":
            self._states.follow(db, (change.user_id, change.object_id))
