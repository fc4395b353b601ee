"""Times that run: rendered once as marks, filled in when an answer is sent.

So nothing has to be rendered again because a second went by.
"""

import math
import re
import secrets
from datetime import UTC, datetime

from draftmill.clock import moment

# Nobody outside this process knows it, so no title or transcript can contain a mark.
_KEY = secrets.token_hex(8)
_MARK = re.compile(rf"\{{{_KEY}:([eu]):([0-9.]+)\}}")


def elapsed(since: str) -> str:
    """A mark for the time since a moment: "0:34"."""
    return f"{{{_KEY}:e:{moment(since).timestamp():.3f}}}"


def countdown(until: str) -> str:
    """A mark for the time until a moment: "in 4 s", "in 10 min", "now"."""
    return f"{{{_KEY}:u:{moment(until).timestamp():.3f}}}"


def lasted(seconds: float) -> str:
    """A length of time that is over: "12 s", "1:05", "3:05:12"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = f"{whole % 3600 // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{minutes:0>5}" if whole >= 3600 else minutes


class Timed:
    """A rendered text with its marks, ready to be filled in many times."""

    def __init__(self, text: str) -> None:
        pieces = _MARK.split(text)
        self._texts = [piece.encode() for piece in pieces[::3]]
        self._marks = list(zip(pieces[1::3], map(float, pieces[2::3]), strict=True))

    def __bytes__(self) -> bytes:
        if not self._marks:
            return self._texts[0]
        present = datetime.now(UTC).timestamp()
        filled = [self._texts[0]]
        for (kind, at), text in zip(self._marks, self._texts[1:], strict=True):
            filled.append(_fill(kind, at, present))
            filled.append(text)
        return b"".join(filled)


def fill(text: str) -> str:
    """A rendered text with its marks filled in now."""
    return bytes(Timed(text)).decode()


def _fill(kind: str, at: float, present: float) -> bytes:
    if kind == "u":
        seconds = max(0, math.ceil(at - present))
        if seconds == 0:
            return b"now"
        return b"in %d s" % seconds if seconds < 90 else b"in %d min" % math.ceil(seconds / 60)
    seconds = max(0, int(present - at))
    if seconds >= 3600:
        return b"%d:%02d:%02d" % (seconds // 3600, seconds % 3600 // 60, seconds % 60)
    return b"%d:%02d" % (seconds // 60, seconds % 60)
