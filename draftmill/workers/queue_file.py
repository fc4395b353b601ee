"""The file of a queue as Huey reads and writes it: messages that say nothing, and a bell beside it."""

import contextlib
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage

from draftmill import errors
from draftmill.processes.doorbell import Doorbell, ring

logger = logging.getLogger(__name__)
ASLEEP_S = 60.0  # until what nobody rang for is found
LOOK_S = 0.05  # where no bell rings
HARMED = (errors.DatabaseDamaged, errors.DatabaseUnreadable, errors.DiskError)


class JsonSerializer(Serializer):  # type: ignore[misc]
    """A message is its id and its task's name: nothing that could run when it is read."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps([data.id, data.name]).encode()

    def _deserialize(self, data: bytes) -> Message:
        id_, name = json.loads(data)
        return Message(id_, name, *[None] * 4, (), {}, *[None] * (len(Message._fields) - 8))


class QueueFile(SqliteStorage):  # type: ignore[misc]
    """Huey's file, which can be thrown away at any moment and is made anew by whoever comes next.

    One that cannot be read or written throws itself away. It has no write-ahead log: who closed
    an old file would take the log of the new one away by its name. After any error the
    connection is closed: a commit that failed, on a full disk for instance, leaves its
    transaction open in Huey's.
    """

    bell: Doorbell | None = None

    def listen(self) -> None:
        """From now on `dequeue` sleeps until there is a message, or until `bell.end`."""
        self.bell = Doorbell(self._bell_file, LOOK_S)
        self.blocking = True
        self._turn = threading.Lock()

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        super().enqueue(data, priority)
        self.ring()

    def ring(self) -> None:
        """Wake whoever sleeps in `dequeue`."""
        ring(self._bell_file)

    def dequeue(self) -> bytes | None:
        if self.bell is None:
            return self._next()
        with self._turn:  # one thread listens for all
            message = self._next()
            while message is None and not self.bell.ended:
                self.bell.wait(ASLEEP_S)
                message = self._next()
            return message

    @property
    def _bell_file(self) -> Path:
        return Path(f"{self.filename}-bell")

    def _next(self) -> bytes | None:
        message: bytes | None = super().dequeue()
        return message

    def _create_connection(self) -> sqlite3.Connection:
        Path(self.filename).parent.mkdir(parents=True, exist_ok=True)
        connection: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl:
            connection.execute(statement)
        self._inode = _inode(self.filename)
        return connection

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[sqlite3.Cursor]:
        if self._conn is not None and self._inode != _inode(self.filename):
            self._drop()
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except sqlite3.Error as error:
            self._drop()
            if isinstance(errors.named(error), HARMED):
                logger.warning("the queue file %s is made anew: %s", self.filename, error)
                with contextlib.suppress(OSError):
                    delete(Path(self.filename))
            raise

    def _drop(self) -> None:
        # Another thread may have closed it a moment ago.
        with contextlib.suppress(AttributeError):
            self.close()


def _inode(file: str) -> int | None:
    try:
        return Path(file).stat().st_ino
    except OSError:
        return None


def delete(file: Path) -> None:
    """Delete a queue's file with all that stands beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)
