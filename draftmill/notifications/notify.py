"""A line for the user about each job that ended by itself, and its way to where the user may be."""

import sqlite3

from draftmill.clock import moment, now
from draftmill.notifications.preferences import preferences_of

# An open page shows what ended within so long, by its socket at once, else by its next question.
SHOWN_WITHIN_S = 15.0


def tell(db: sqlite3.Connection, user_id: int, job_id: str, kind: str) -> None:
    """Store a notification and what is to be sent of it, in the transaction that ended the job."""
    channels = [
        row["id"]
        for row in db.execute("select id from channels where user_id = ? order by id", (user_id,))
    ]
    wished = preferences_of(db, user_id)
    binned = _is_binned(db, job_id)  # then nobody is told, as of what had ended before
    wants = bool(channels) and wished.out and not binned
    sent = wants and _took_s(db, job_id) >= wished.minutes * 60
    aside = sent and wished.where == "out"  # what is not sent is told in the app
    (number,) = db.execute(
        "insert into notifications (user_id, job_id, kind, created_at, aside, read_at, shown_at)"
        " values (:user, :job, :kind, :now, :aside, iif(:aside or :binned, :now, null),"
        " iif(:binned, :now, null)) returning id",
        {
            "user": user_id,
            "job": job_id,
            "kind": kind,
            "now": now(),
            "aside": aside,
            "binned": binned,
        },
    ).fetchone()
    if not sent:
        return
    delay_s = SHOWN_WITHIN_S if wished.only_away else 0.0
    db.executemany(
        "insert into sendings (notification_id, channel_id, user_id, only_away, run_after,"
        " delayed_at, created_at) values (?, ?, ?, ?, ?, ?, ?)",
        [
            (number, channel, user_id, wished.only_away, now(delay_s), now(), now())
            for channel in channels
        ],
    )


def _is_binned(db: sqlite3.Connection, job_id: str) -> bool:
    query = (
        "select 1 from jobs j join projects p on p.id = j.project_id"
        " where j.id = ? and p.binned_at is not null"
    )
    return db.execute(query, (job_id,)).fetchone() is not None


def _took_s(db: sqlite3.Connection, job_id: str) -> float:
    """How long its user waited for a job that has ended, in seconds."""
    began, ended = db.execute(
        "select min(created_at, coalesce(started_at, created_at)), completed_at"
        " from jobs where id = ?",
        (job_id,),
    ).fetchone()
    return (moment(ended) - moment(began)).total_seconds()
