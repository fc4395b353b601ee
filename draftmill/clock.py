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
