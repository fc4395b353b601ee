"""How far a server has read a request, and how fast it was: what llama.cpp tells beside its answer."""

import sqlite3
from typing import Any

from draftmill.models import paces

FIRST = "Reading the transcript"


def told(event: dict[str, Any], message: str) -> str | None:
    """What the server is doing while it reads, "Reading the transcript, 40 %"; None when it writes.

    `message` says what it is asked for.
    """
    counts = event.get("prompt_progress")
    if not isinstance(counts, dict):
        return None
    total, kept, read = (_count(counts.get(name)) for name in ("total", "cache", "processed"))
    if total <= kept:
        return None
    share = min(max(read - kept, 0) / (total - kept), 1.0)
    return f"{message if message.startswith('Reading') else FIRST}, {int(100 * share)} %"


def keep_pace(db: sqlite3.Connection, model: str, event: dict[str, Any]) -> None:
    """Store how fast a model of this machine read and wrote, where an event tells it."""
    counts = event.get("timings")
    if not isinstance(counts, dict):
        return
    names = ("prompt_n", "prompt_ms", "predicted_n", "predicted_ms")
    read, read_ms, wrote, wrote_ms = (_count(counts.get(name)) for name in names)
    paces.note(db, model, paces.Pace(read, read_ms / 1000, wrote, wrote_ms / 1000))


def _count(value: object) -> float:
    return value if isinstance(value, int | float) and value > 0 else 0.0
