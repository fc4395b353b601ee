"""The time, as the rows keep it."""

from datetime import UTC, datetime, timedelta


def now(after_s: float = 0.0) -> str:
    """The present, or `after_s` seconds from it, as fixed-width UTC ISO 8601 text that sorts."""
    moment = datetime.now(UTC) + timedelta(seconds=after_s)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """The datetime of a text written by `now`."""
    return datetime.fromisoformat(text)
