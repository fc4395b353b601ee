"""Sending one message: the child's side. It prints what came of it, and writes nothing."""

import json
import sys
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from draftmill.content_types import rows
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.errors import Problem
from draftmill.notifications import channels
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.projects.ended import message_of, trial_message
from draftmill.settings import Settings

LIMITS = Limits(cpu_s=20, memory=2**30)


def main_send(settings: Settings, channel_id: int, notification_id: int) -> int:
    """The verb `send`: send a notification by a channel, or 0 for a test; print what came of it."""
    children.die_with_parent()
    LIMITS.set()
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        told: dict[str, Any] = {"about": ""}
        try:
            rows.load(db)
            channel = channels.channel_of(db, channel_id)
            if notification_id:
                message = message_of(db, settings, channel, notification_id)
            else:
                message = trial_message(settings, f"test-{uuid4().hex}")
            told["about"] = message.subject
            told |= {"outcome": "sent", "answer": channels.send(db, settings, channel, message)}
        except Problem as problem:
            told |= _refusal(problem)
        except Exception as error:
            told |= _unforeseen(error)
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    return 0


def _refusal(problem: Problem) -> dict[str, Any]:
    return {
        "outcome": "later" if problem.transient else "failed",
        "message": problem.message,
        "hint": problem.hint,
        "answer": getattr(problem, "answer", ""),
        "wait_s": problem.retry_after_s or 0.0,
    }


def _unforeseen(error: Exception) -> dict[str, Any]:
    """Where an error came up, for the log: its words may name what is a secret."""
    frames = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]
    return {
        "outcome": "failed",
        "message": "Draftmill met an error that it does not know.",
        "hint": "Look into the server log.",
        "broke": f"{type(error).__name__} at {' '.join(frames)}",
    }
