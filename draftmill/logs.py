"""The server's log: what fails again and again is told seldom, what nobody foresaw by an id."""

import logging
import sqlite3
import time
import uuid
from typing import Any

SELDOM_S = 60.0


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
    known_by = uuid.uuid4().hex[:8]
    logger.error(f"{message}, error %s", *arguments, known_by, exc_info=error)
    return known_by
