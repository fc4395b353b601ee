"""Failures with names: what happened, and what the person can do next."""

import errno
import socket
import sqlite3
from typing import ClassVar


class Problem(Exception):
    """Something a person is told about.

    Every subclass has a stable `code` (for programs), a sentence on what happened
    (`message`) and a sentence on what to do (`hint`). `status` is the HTTP answer
    when a request meets it. A `transient` problem may heal by itself.
    """

    code: str = "internal"
    status: ClassVar[int] = 422
    transient: bool = False
    default_message: ClassVar[str] = "Draftmill met an error that it does not know."
    default_hint: ClassVar[str] = "Try again; if it stays, look into the server log."

    def __init__(
        self,
        message: str | None = None,
        hint: str | None = None,
        *,
        retry_after_s: float | None = None,
    ) -> None:
        self.message = message if message is not None else self.default_message
        self.hint = hint if hint is not None else self.default_hint
        self.retry_after_s = retry_after_s
        super().__init__(f"{self.message} {self.hint}".strip())


class NotFound(Problem):
    """The thing does not exist, or belongs to someone else: nobody can tell which."""

    code = "not_found"
    status = 404
    default_message = "There is nothing at this address."
    default_hint = "It may have been deleted. Go back to your projects."


class Conflict(Problem):
    """The request was understood, and the present state of things forbids it."""

    code = "conflict"
    status = 409
    default_message = "This cannot be done right now."
    default_hint = "Reload the page to see the present state."


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SCARCE = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM)
CUT_OFF = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ETIMEDOUT)


class DiskFull(Problem):
    code = "disk_full"
    status = 507
    transient = True
    default_message = "The disk is full."
    default_hint = "Free some space, then press Retry. Nothing that was finished is lost."


class DiskError(Problem):
    code = "disk_error"
    status = 503
    transient = True
    default_message = "The disk reported an error."
    default_hint = "Look at the disk and at the system's log, then press Retry."


class DatabaseBusy(Problem):
    code = "database_busy"
    status = 503
    transient = True
    default_message = "The database was held by another program for too long."
    default_hint = "Close what else uses the database, such as a backup, then press Retry."


class DatabaseUnreadable(Problem):
    code = "database_unreadable"
    status = 503
    transient = True
    default_message = "The database cannot be opened or written."
    default_hint = "See that the data folder exists and may be written, then press Retry."


class SystemBusy(Problem):
    code = "system_busy"
    status = 503
    transient = True
    default_message = "The system has no more processes, threads, files or memory to give."
    default_hint = "Close other programs or raise the system's limits, then press Retry."


class NetworkFailed(Problem):
    code = "network"
    status = 503
    transient = True
    default_message = "The network failed."
    default_hint = "Check the connection, then press Retry."


class DatabaseDamaged(Problem):
    code = "database_damaged"
    status = 500
    default_message = "The database is damaged."
    default_hint = "Stop Draftmill, put a backup of the data folder in place and start it again."


OF_SQLITE: dict[int, type[Problem]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DiskError,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_PROTOCOL: DatabaseBusy,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreadable,
    sqlite3.SQLITE_READONLY: DatabaseUnreadable,
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
}


def named(error: BaseException) -> Problem | None:
    """The Problem that an error stands for; None for one that nobody foresaw."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary code; the rest tells variants apart.
        kind = OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        return kind() if kind else None
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return SystemBusy()
    return None


OUT_OF_MEMORY = (
    "bad_alloc",
    "bad allocation",
    "allocate memory",
    "out of memory",
    "failed to map segment",  # of a library that is loaded
)


def lacks_memory(error: BaseException) -> bool:
    """Whether memory could not be had: a MemoryError, or the words of a library or a loader.

    What an error arose from counts too.
    """
    said = str(error).lower() if isinstance(error, Exception) else ""
    if isinstance(error, MemoryError) or any(words in said for words in OUT_OF_MEMORY):
        return True
    return error.__cause__ is not None and lacks_memory(error.__cause__)


def _of_system(error: OSError) -> Problem | None:
    if error.errno in FULL:
        return DiskFull()
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror) or (
        error.errno in CUT_OFF
    ):
        return NetworkFailed()
    if error.errno in SCARCE:
        return SystemBusy()
    # Exactly this class: decoders call a broken container an input error too, by one of theirs.
    if type(error) is OSError and error.errno == errno.EIO:
        return DiskError()
    return None
