"""Sends what is due: each message in a child of its own, which may hang, crash or be cut off.

The child loads what its channel needs; the server, which starts it, loads none of that.
"""

import json
import logging
import math
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from draftmill.clock import now
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.errors import Problem
from draftmill.notifications import inbox, outbox
from draftmill.notifications.outbox import Delivery, Sending
from draftmill.processes import children
from draftmill.processes.turns import NoTurn, Turns
from draftmill.settings import Settings

if TYPE_CHECKING:
    from draftmill.notifications.channels import Channel

logger = logging.getLogger(__name__)
AT_ONCE = 4
LIMIT_S = 40.0  # for one message: no channel waits so long for anybody
AGAIN_S = 1.0
CUT_OFF = {
    "outcome": "later",
    "message": "Sending was cut off, or took too long.",
    "hint": "See that the server answers.",
}


class TestsWaiting(Problem):
    code = "tests_waiting"
    status = 429
    default_message = "Other tests of yours are still being sent."
    default_hint = "Wait a moment, then send this one again."


_turns = Turns(LIMIT_S)


class Postman:
    """Starts what is due, a few at a time, in threads of its own. One in a house, for its server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = threading.Semaphore(AT_ONCE)
        self._took_over = False

    def send_due(self, db: sqlite3.Connection) -> float:
        """Start sending what is due. Returns the seconds until more is; whoever ends commits."""
        if not self._took_over:
            outbox.take_over(db)
            inbox.take_over(db)
            self._took_over = True
        while self._free.acquire(blocking=False):
            sending = outbox.claim_next(db)
            if sending is None:
                self._free.release()
                break
            threading.Thread(target=self._see_through, args=(sending,), daemon=True).start()
        return outbox.until_due_s(db) or math.inf

    def _see_through(self, sending: Sending) -> None:
        try:
            done, wait_s = _send(self._settings, sending.channel_id, sending.notification_id)
            self._record(sending, done, wait_s)
        finally:
            self._free.release()

    def _record(self, sending: Sending, done: Delivery, wait_s: float) -> None:
        """Written however long the database refuses it: what was sent must not be sent again."""
        while True:
            try:
                with closing(connect(self._settings.database, WORKER_PATIENCE_S)) as db:
                    outbox.record(db, sending, done, wait_s)
                return
            except sqlite3.Error as error:
                logger.warning("what was sent cannot be noted yet: %s", error)
                time.sleep(AGAIN_S)


def try_out(db: sqlite3.Connection, settings: Settings, channel: "Channel") -> Delivery:
    """Send a test by a channel, once. Returns what came of it. Raises TestsWaiting."""
    try:
        with _turns.turn(channel.user_id):
            done, _ = _send(settings, channel.id, 0)
    except NoTurn:
        raise TestsWaiting(retry_after_s=5.0) from None
    if done.outcome == "later":
        done = replace(done, outcome="failed")
    outbox.log(db, channel.id, done, done.outcome)
    return done


def _send(settings: Settings, channel_id: int, notification_id: int) -> tuple[Delivery, float]:
    """Have a child send it. Returns what came of it, and how long the other side asks to wait."""
    began, at = time.monotonic(), now()
    told = _told(settings, channel_id, notification_id)
    if "broke" in told:
        logger.error("a message could not be sent: %s", told["broke"])
    done = Delivery(
        about=told.get("about", ""),
        outcome=told["outcome"],
        message=told.get("message", ""),
        hint=told.get("hint", ""),
        answer=told.get("answer", ""),
        took_s=time.monotonic() - began,
        at=at,
    )
    return done, float(told.get("wait_s", 0.0))


def _told(settings: Settings, channel_id: int, notification_id: int) -> dict[str, Any]:
    try:
        answer = children.run_helper(
            *("send", str(channel_id), str(notification_id)),
            cwd=Path.cwd(),
            limit_s=LIMIT_S,
            environ={"DRAFTMILL_DATA": str(settings.data)},
        )
        told: dict[str, Any] = json.loads(answer)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return CUT_OFF
    return told
