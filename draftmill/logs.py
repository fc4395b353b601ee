"""The server's log: what fails again and again is told seldom, what nobody foresaw by an id.

A line that begins at the margin is a record of ours: strangers choose file names, addresses and
errors' words, and none of them ends a line or reaches a terminal as anything but letters.
"""

import logging
import os
import sqlite3
import time
from typing import Any

from draftmill.letters import printable

SELDOM_S = 60.0
LONGEST = 4_000  # characters of a message, or of a line of a traceback


class Lines(logging.Formatter):
    """A record on one line, with its traceback indented below; control characters as “?”."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return _shown(super().formatMessage(record).rstrip("\n"))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return self.formatStack(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return "\n".join(f"  {_shown(line)}" for line in stack_info.split("\n"))


def write_lines() -> None:
    """Have this process write warnings and worse to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # What is wrong with a stranger's form is told to the stranger.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)


def _shown(text: str) -> str:
    return printable(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


class Seldom(logging.Filter):
    """Lets the same message pass once a minute; what SQLite says is told in one line."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error: Any = record.exc_info[1] if record.exc_info else None
        if isinstance(error, sqlite3.Error):
            record.msg, record.exc_info = f"{record.getMessage()}: {error}", None
            record.args = ()
        moment = time.monotonic()
        if moment - self._told.get(record.getMessage(), -SELDOM_S) < SELDOM_S:
            return False
        self._told = {m: at for m, at in self._told.items() if moment - at < SELDOM_S}
        self._told[record.getMessage()] = moment
        return True


_seldom = Seldom()


def tell_seldom(*names: str) -> None:
    """Have what these loggers are told several times a second, as on a full disk, told seldom."""
    for name in names:
        logging.getLogger(name).addFilter(_seldom)


def error_id(logger: logging.Logger, message: str, *arguments: object, error: Exception) -> str:
    """Log an error that nobody foresaw with its traceback. Returns the id by which it is found."""
    known_by = os.urandom(4).hex()
    logger.error(f"{message}, error %s", *arguments, known_by, exc_info=error)
    return known_by
