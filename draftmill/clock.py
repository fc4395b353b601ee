"""The time, as the rows keep it; lengths of time, as every page says them."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

MINUTES_FROM_S = 90  # below that, seconds are said


def now(after_s: float = 0.0) -> str:
    """The present, or `after_s` seconds from it, as fixed-width UTC ISO 8601 text that sorts."""
    return written(datetime.now(UTC) + timedelta(seconds=after_s))


def written(moment: datetime) -> str:
    """A moment in UTC as the text that the rows keep."""
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """The datetime of a text written by `now`."""
    return datetime.fromisoformat(text)


def nearest(number: float) -> int:
    """The nearest whole number, of two the larger: how what is known is rounded, and its minutes."""
    return math.floor(number + 0.5)


def length(seconds: float, whole: Callable[[float], int] = nearest) -> str:
    """A length of time: "48 s", "52 min", "1 h 12 min". `whole` rounds otherwise what is guessed."""
    if seconds < MINUTES_FROM_S:
        return f"{whole(seconds)} s"
    hours, minutes = divmod(whole(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def clock(seconds: float) -> str:
    """6:14, or 1:06:14 from an hour on."""
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def seconds_of(clock: str) -> float:
    """The seconds of "6:14" or "1:06:14"."""
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
