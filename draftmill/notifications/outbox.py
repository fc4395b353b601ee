"""What is still to be sent: the row is the truth, as with jobs.

A row is written in the transaction that ends the job, taken for one attempt whose number fences
what is written of it, and ends once. What was taken when everything stopped is taken again: who
sends cannot know whether the other side had it already, so it may come twice then, under the same
number, and is never lost.
"""

import math
import random
import sqlite3
from dataclasses import dataclass
from typing import Literal

from draftmill.clock import moment, now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.notifications.inbox import NOTICES

# After each try that failed for now; a server that asks for more gets it, up to an hour.
DELAYS_S = (10.0, 60.0, 300.0, 1800.0, 7200.0)
LONGEST_WAIT_S = 3600.0
LOG_KEPT_S = 30 * 24 * 3600.0

DUE = "run_after <= :now or delayed_at > :now"  # a clock that was set back delays nothing
NEXT = (
    f"select id from sendings where status = 'pending' and ({DUE}) and user_id not in"
    " (select user_id from sendings where status = 'sending') order by run_after, id limit 1"
)

Outcome = Literal["sent", "later", "failed"]


@dataclass(frozen=True)
class Sending:
    """One notification on its way to one channel, taken for one attempt."""

    id: int
    notification_id: int
    channel_id: int
    user_id: int
    attempt: int


@dataclass(frozen=True)
class Delivery:
    """What came of one try. `outcome` is "sent", "later" (tried again) or "failed"."""

    about: str
    outcome: Outcome
    message: str
    hint: str
    answer: str
    took_s: float
    at: str


def claim_next(db: sqlite3.Connection) -> Sending | None:
    """Take what is due for the longest time, of a user that nothing is being sent to just now.

    What was to be sent only if no page was open, and was shown on one, is spared.
    """
    if db.execute(NEXT, {"now": now()}).fetchone() is None:
        return None  # the usual case locks nobody out
    with transaction(db):
        _spare(db)
        row = db.execute(
            f"update sendings set status = 'sending', attempt = attempt + 1 where id = ({NEXT})"
            " returning id, notification_id, channel_id, user_id, attempt",
            {"now": now()},
        ).fetchone()
    return Sending(*row) if row else None


def _spare(db: sqlite3.Connection) -> None:
    """What an open page could show is not sent: the page shows it, also where it was not meant to."""
    spared = db.execute(
        "update sendings set status = 'spared', ended_at = :now"
        f" where status = 'pending' and only_away and attempt = 0 and ({DUE}) and exists"
        " (select 1 from notifications n where n.id = notification_id and n.shown_at is not null)"
        " returning notification_id, user_id",
        {"now": now()},
    ).fetchall()
    for notification_id, user_id in spared:
        _show(db, notification_id, user_id)


def until_due_s(db: sqlite3.Connection) -> float:
    """Seconds until something is to be sent, 0 if it is due; inf for nothing."""
    first, delayed = db.execute(
        "select (select min(run_after) from sendings where status = 'pending'),"
        " (select max(delayed_at) from sendings where status = 'pending')"
    ).fetchone()
    if first is None:
        return math.inf
    present = now()
    if delayed > present:
        return 0.0
    return max(0.0, (moment(first) - moment(present)).total_seconds())


def take_over(db: sqlite3.Connection) -> None:
    """What was being sent when everything stopped is due again: nobody is at work on it."""
    db.execute("update sendings set status = 'pending' where status = 'sending'")


def record(
    db: sqlite3.Connection, sending: Sending, done: Delivery, wait_s: float = 0.0
) -> Outcome | None:
    """Note what came of an attempt: the end, or when it is tried again.

    `wait_s` is what the other side asked for. Returns the outcome, None if the attempt had lost it.
    """
    with transaction(db):
        outcome: Outcome = done.outcome
        if outcome == "later" and sending.attempt > len(DELAYS_S):
            outcome = "failed"
        taken = _end(db, sending, outcome) if outcome != "later" else _delay(db, sending, wait_s)
        if not taken:
            return None
        log(db, sending.channel_id, done, outcome, sending.id)
        if outcome == "failed":
            _show(db, sending.notification_id, sending.user_id)
    return outcome


def _end(db: sqlite3.Connection, sending: Sending, outcome: Outcome) -> bool:
    ended = db.execute(
        "update sendings set status = ?, ended_at = ?"
        " where id = ? and attempt = ? and status = 'sending'",
        (outcome, now(), sending.id, sending.attempt),
    )
    return ended.rowcount == 1


def _delay(db: sqlite3.Connection, sending: Sending, wait_s: float) -> bool:
    own_s = DELAYS_S[sending.attempt - 1] * random.uniform(0.9, 1.1)  # noqa: S311
    delay_s = max(own_s, min(wait_s, LONGEST_WAIT_S))
    delayed = db.execute(
        "update sendings set status = 'pending', run_after = ?, delayed_at = ?"
        " where id = ? and attempt = ? and status = 'sending'",
        (now(delay_s), now(), sending.id, sending.attempt),
    )
    return delayed.rowcount == 1


def _show(db: sqlite3.Connection, notification_id: int, user_id: int) -> None:
    """What was to be told elsewhere only, and is not, is told in the app."""
    shown = db.execute(
        "update notifications set aside = 0, read_at = null, shown_at = null"
        " where id = ? and aside",
        (notification_id,),
    )
    if shown.rowcount:
        changes.record(db, kind=NOTICES, object_id=str(user_id), user_id=user_id)


def give_up(db: sqlite3.Connection, user_id: int, channel_id: int) -> None:
    """What a channel would still have told, and no other one does, is told in the app.

    In the transaction that removes the channel.
    """
    alone = db.execute(
        "select notification_id from sendings s where channel_id = ?"
        " and status in ('pending', 'sending') and not exists (select 1 from sendings other"
        " where other.notification_id = s.notification_id and other.channel_id != s.channel_id)",
        (channel_id,),
    ).fetchall()
    for row in alone:
        _show(db, row["notification_id"], user_id)


def log(
    db: sqlite3.Connection,
    channel_id: int,
    done: Delivery,
    outcome: Outcome,
    sending_id: int | None = None,
) -> None:
    """Keep a line of what came of a try, unless the channel is gone."""
    db.execute(
        "insert into deliveries (channel_id, sending_id, about, outcome, message, hint, answer,"
        " took_s, at) select id, ?, ?, ?, ?, ?, ?, ?, ? from channels where id = ?",
        (
            *(sending_id, done.about, outcome, done.message, done.hint, done.answer),
            *(done.took_s, done.at, channel_id),
        ),
    )


def deliveries_of(db: sqlite3.Connection, channel_id: int, most: int) -> list[Delivery]:
    """The newest tries of a channel, newest first."""
    rows = db.execute(
        "select about, outcome, message, hint, answer, took_s, at from deliveries"
        " where channel_id = ? order by id desc limit ?",
        (channel_id, most),
    )
    return [Delivery(*row) for row in rows]


def waiting(db: sqlite3.Connection, channel_id: int) -> int:
    """How much is still to be sent by a channel."""
    count = (
        "select count(*) from sendings where channel_id = ? and status in ('pending', 'sending')"
    )
    return int(db.execute(count, (channel_id,)).fetchone()[0])
