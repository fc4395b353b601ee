"""Times that run: rendered once as marks, filled in when an answer is sent.

So nothing has to be rendered again because a second went by.
"""

import math
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from draftmill.clock import MINUTES_FROM_S, length, moment, nearest
from draftmill.jobs.estimates import Left
from draftmill.jobs.line import Place

# Nobody outside this process knows it, so no title or transcript can contain a mark.
_KEY = secrets.token_hex(8)
_MARK = re.compile(rf"\{{{_KEY}:([a-z]+):([0-9.,]+)\}}")
ALMOST_S = 10.0
FRESH_S = 0.1  # a crowd that looks at one pill is told the same for so long
# What is left is said in steps: so many seconds long, below so many seconds.
STEPS = ((20, 5), (MINUTES_FROM_S, 10), (20 * 60, 60), (90 * 60, 5 * 60), (math.inf, 15 * 60))
ORDINALS = {1: "st", 2: "nd", 3: "rd"}


class Places(Protocol):
    """Who knows which jobs wait at which place, and when jobs end (seconds since 1970)."""

    def place(self, n: int) -> Place | None: ...

    def end(self, n: int) -> float | None: ...


def elapsed(since: str) -> str:
    """A mark for the time since a moment: "0:34"."""
    return _mark("elapsed", moment(since).timestamp())


def countdown(until: str) -> str:
    """A mark for the time until a moment: "in 4 s", "in 10 min", "now"."""
    return _mark("until", moment(until).timestamp())


def time_left(left: Left, further: bool = False) -> str:
    """A mark for the time until an end: "2–4 min left", "Almost done", or nothing.

    `further` puts a comma before it, where there is something to say.
    """
    return _mark("left", left.low, left.high, left.said_from, left.little, further)


def place(n: int) -> str:
    """A mark for the place of a pending job by its number: "3rd in line, starts in about 4 min"."""
    return _mark("place", n)


def ready(n: int) -> str:
    """A mark for the end of a job that another waits for: "Ready in about 4 min", or nothing."""
    return _mark("ready", n)


def _mark(kind: str, *numbers: float) -> str:
    return f"{{{_KEY}:{kind}:{','.join(f'{number:.3f}' for number in numbers)}}}"


def lasted(seconds: float) -> str:
    """A length of time that is over: "12 s", "1:05", "3:05:12"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = f"{whole % 3600 // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{minutes:0>5}" if whole >= 3600 else minutes


class Timed:
    """A rendered text with its marks, ready to be filled in many times. `places` knows the lines."""

    def __init__(self, text: str, places: Places | None = None) -> None:
        pieces = _MARK.split(text)
        self._texts = [piece.encode() for piece in pieces[::3]]
        numbers = (tuple(map(float, piece.split(","))) for piece in pieces[2::3])
        self._marks = list(zip(pieces[1::3], numbers, strict=True))
        self._places = places
        self._filled = (-math.inf, b"")  # when, and what

    def __bytes__(self) -> bytes:
        if not self._marks:
            return self._texts[0]
        present = datetime.now(UTC).timestamp()
        at, filled = self._filled
        if not 0 <= present - at < FRESH_S:
            filled = self._fill_all(present)
            self._filled = (present, filled)
        return filled

    def _fill_all(self, present: float) -> bytes:
        filled = [self._texts[0]]
        for (kind, numbers), text in zip(self._marks, self._texts[1:], strict=True):
            filled.append(self._fill(kind, numbers, present).encode())
            filled.append(text)
        return b"".join(filled)

    def _fill(self, kind: str, numbers: tuple[float, ...], present: float) -> str:
        if kind in FILL:
            return FILL[kind](present, *numbers)
        if self._places is None:
            return ""
        n = int(numbers[0])
        if kind == "place":
            return _place(self._places.place(n), present)
        end = self._places.end(n)
        return f"Ready in {_about(end - present)}" if end else ""


def fill(text: str, places: Places | None = None) -> str:
    """A rendered text with its marks filled in now."""
    return bytes(Timed(text, places)).decode()


def _elapsed(present: float, since: float) -> str:
    seconds = max(0, int(present - since))
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return f"{seconds // 60}:{seconds % 60:02d}"


def _until(present: float, at: float) -> str:
    seconds = max(0, math.ceil(at - present))
    return f"in {length(seconds, math.ceil)}" if seconds else "now"


def _left(
    present: float, low: float, high: float, said_from: float, little: float, further: float
) -> str:
    if present < said_from or (high <= present and not little):
        return ""
    if little and high - present < ALMOST_S:
        return ", almost done" if further else "Almost done"
    words = range_in_words(low - present, high - present)
    return f", {words}" if further else words[:1].upper() + words[1:]


FILL: dict[str, Callable[..., str]] = {"elapsed": _elapsed, "until": _until, "left": _left}


def range_in_words(low_s: float, high_s: float) -> str:
    """A time that is left: "20–40 s left", "2–4 min left", "about 3 min left"."""
    low, high, step = rounded_range(low_s, high_s)
    if low == high:
        return f"about {_in_unit(high, step)} left"
    if low == 0:
        return f"up to {_in_unit(high, step)} left"
    if step >= 60 and high >= 3600:
        return f"{_in_unit(low, step)}–{_in_unit(high, step)} left"
    return f"{low // (60 if step >= 60 else 1)}–{_in_unit(high, step)} left"


def rounded_range(low_s: float, high_s: float) -> tuple[int, int, int]:
    """Seconds in steps that suit them, the low end rounded down, the high end up; and the step.

    Where both are nearest to the same, they are that.
    """
    step = next(step for below, step in STEPS if high_s < below)
    low, high = max(low_s, 0.0) / step, high_s / step
    if nearest(low) == nearest(high) > 0:
        return nearest(high) * step, nearest(high) * step, step
    return math.floor(low) * step, math.ceil(high) * step, step


def _in_unit(seconds: int, step: int) -> str:
    if step < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3600 else length(seconds)


def _place(found: Place | None, present: float) -> str:
    if found is None:
        return ""
    last, teen = found.number % 10, found.number // 10 % 10 == 1
    ordinal = f"{found.number:,}{'th' if teen else ORDINALS.get(last, 'th')}"
    where = "Next in line" if found.number == 1 else f"{ordinal} in line"
    if found.starts is None:
        return where
    wait_s = found.starts - present
    return f"{where}, starts {f'in {_about(wait_s)}' if wait_s > 1 else 'in a moment'}"


def _about(seconds: float) -> str:
    """What is guessed to last so long: "about 40 s", "about 4 min"."""
    step = next(step for below, step in STEPS if seconds < below)
    return f"about {_in_unit(max(math.ceil(seconds / step), 1) * step, step)}"
