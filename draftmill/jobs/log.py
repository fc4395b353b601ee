"""The lines that a job keeps for its user: read the newest ones, or those after one that was seen."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.jobs.job import Job


@dataclass(frozen=True)
class Line:
    """One line of a job's log. `attempt` is 0 before the first; `at` is UTC ISO 8601 text."""

    id: int
    attempt: int
    level: str
    message: str
    at: str


COLUMNS = "id, attempt, level, message, at"


def newest(db: sqlite3.Connection, job_id: str, most: int) -> list[Line]:
    """The last lines, at most `most`, the oldest of them first."""
    rows = db.execute(
        f"select {COLUMNS} from job_logs where job_id = ? order by id desc limit ?", (job_id, most)
    )
    return [Line(*row) for row in rows][::-1]


def after(db: sqlite3.Connection, job_id: str, seen: int, most: int) -> list[Line]:
    """The first lines that came after the one with the id `seen`, at most `most`."""
    rows = db.execute(
        f"select {COLUMNS} from job_logs where job_id = ? and id > ? order by id limit ?",
        (job_id, seen, most),
    )
    return [Line(*row) for row in rows]


def everything(db: sqlite3.Connection, job_id: str) -> Iterator[Line]:
    """All lines, the oldest first, read while they are asked for."""
    rows = db.execute(f"select {COLUMNS} from job_logs where job_id = ? order by id", (job_id,))
    return (Line(*row) for row in rows)


def log_line(db: sqlite3.Connection, job: Job, message: str, level: str = "info") -> None:
    """Add a line for the user to the log of a job, under the attempt that it carries."""
    db.execute(
        "insert into job_logs (job_id, attempt, level, message, at) values (?, ?, ?, ?, ?)",
        (job.id, job.attempt, level, message, now()),
    )
