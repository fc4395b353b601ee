"""A line for the user about each job that ended by itself."""

import sqlite3

from draftmill.clock import now


def tell(db: sqlite3.Connection, user_id: int, job_id: str, kind: str) -> None:
    """Store a notification, in the transaction that ended the job."""
    db.execute(
        "insert into notifications (user_id, job_id, kind, created_at) values (?, ?, ?, ?)",
        (user_id, job_id, kind, now()),
    )
