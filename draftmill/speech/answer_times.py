"""When a server says that words were said: numbers or texts, seconds or milliseconds."""

from collections.abc import Callable, Iterable
from typing import Any

from draftmill.transcripts.formats.json_files.parsing import UnknownJson
from draftmill.transcripts.formats.json_files.times import S, Said, time_of, unit_of

Span = tuple[float | None, float | None]  # seconds
SpanOf = Callable[[dict[str, Any]], Span]
OWN_NAMES = {"t0": "start", "t1": "end", "startSecond": "start", "endSecond": "end"}


def spans_in(items: Iterable[tuple[dict[str, Any], str]], duration_s: float) -> SpanOf:
    """What tells start and end of an item of an answer about `duration_s` seconds of sound.

    `items` are its timed items with their texts: nothing in an answer says the unit, but all of
    them lie within the sound.
    """
    said = [Said(time_of(_named(item)), sum(map(str.isalnum, text))) for item, text in items]
    try:
        unit = unit_of(said, duration_s, S)
    except UnknownJson:
        unit = S

    def span_of(item: dict[str, Any]) -> Span:
        found = time_of(_named(item))
        scale = unit if found.unit is None else found.unit
        start, end = (
            None if value is None else value * scale for value in (found.start, found.end)
        )
        return start, end

    return span_of


def _named(item: dict[str, Any]) -> dict[str, Any]:
    return {OWN_NAMES.get(name, name): value for name, value in item.items()}
