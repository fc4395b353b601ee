"""Times as programs write them in JSON, and which unit those have that do not say it.

"1.500s", "PT1.5S", "00:00:01,500" and names such as `offsetMilliseconds` say what they are. A bare
number may be seconds, milliseconds, ticks of 100 ns or nanoseconds: people say
about 13 letters a second, and the recording has a length.
"""

import math
import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

from draftmill.transcripts.formats.cues import MAX_TIME_S, seconds_of
from draftmill.transcripts.formats.json_files.parsing import UnknownJson
from draftmill.transcripts.json_values import number

S, MS, US, TICK, NS = 1.0, 1e-3, 1e-6, 1e-7, 1e-9
UNITS = (S, MS, TICK, NS)  # that numbers without a unit are written in
USUAL_RATE = 13.0  # letters a second
LIKELY = (0.4, 45.0)
POSSIBLE = (0.01, 2000.0)  # of a recording that is mostly silence, or of words cut short
SHORTEST_S = 0.25  # that a transcript may be, where a smaller unit is considered

STARTS = {
    "offsetInTicks": TICK, "offsetMilliseconds": MS, "start_ms": MS, "startMs": MS, "tStartMs": MS,
    "BeginOffsetMillis": MS, "start": None, "startTime": None, "start_time": None,
    "startOffset": None, "start_offset": None, "start_timestamp": None, "time_begin": None,
    "begin_time": None, "offset": None, "Offset": None, "ts": None, "timestamp": None,
    "data_start": None, "from": None,
}  # fmt: skip
ENDS = {
    "end_ms": MS, "endMs": MS, "EndOffsetMillis": MS, "end": None, "endTime": None,
    "end_time": None, "endOffset": None, "end_offset": None, "end_timestamp": None,
    "time_end": None, "end_ts": None, "data_end": None, "to": None,
}  # fmt: skip
LENGTHS = {
    "durationInTicks": TICK, "durationMilliseconds": MS, "dDurationMs": MS, "duration": None,
    "Duration": None, "dur": None,
}  # fmt: skip
WITH_UNIT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s?(s|ms|us|µs|ns)")
NAMED_UNITS = {"s": S, "ms": MS, "us": US, "µs": US, "ns": NS}
ISO = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d*)?)S)?")
CLOCK = re.compile(r"(?:\d{1,4}:)?\d{1,4}:\d{1,2}(?:[.,]\d{1,9})?")
NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{0,20})?")


class Time(NamedTuple):
    """When something was said. `unit` is None for numbers whose unit has to be found out."""

    start: float | None = None
    end: float | None = None
    unit: float | None = None


class Said(NamedTuple):
    """A time, and how many letters were said in it."""

    time: Time
    letters: int


def time_of(item: dict[str, Any]) -> Time:
    """When something was said, by whatever name its program gives to it."""
    for pair in (item.get("timestamp"), item.get("offsets"), _first(item.get("instances"))):
        if isinstance(pair, list) and len(pair) == 2:
            return _spanning(_moment(pair[0], None), _moment(pair[1], None))
        if isinstance(pair, dict) and (found := time_of(pair)).start is not None:
            return found
    start = _named(item, STARTS)
    end = _named(item, ENDS)
    if start and not end and (length := _named(item, LENGTHS)) and length[1] == start[1]:
        end = start[0] + length[0], start[1]
    return _spanning(start, end)


def unit_of(said: Sequence[Said], length_s: float | None, usual: float | None) -> float:
    """The unit of the times that do not say it, in seconds. Raises UnknownJson if it is not clear.

    `length_s` is the recording's length, if the file tells it; `usual` what its program writes.
    """
    bare = [one for one in said if one.time.unit is None and one.time.start is not None]
    if not bare:
        return S
    rate, last = _rate(bare), max(max(one.time.start or 0, one.time.end or 0) for one in bare)
    longest = MAX_TIME_S if length_s is None else length_s * 1.05 + 2
    fitting = [u for u in UNITS if last * u <= longest] or [
        u for u in UNITS if last * u <= MAX_TIME_S
    ]
    if _fractions(bare) and _within(rate, POSSIBLE, S):
        return S
    likely = [u for u in fitting if _within(rate, LIKELY, u) and (u == S or last * u >= SHORTEST_S)]
    if usual in likely or (likely and rate is not None):
        return usual if usual in likely else likely[0]
    if usual in fitting and not likely and _within(rate, POSSIBLE, usual or S):
        return usual or S
    raise UnknownJson("It is not clear whether the times in this JSON are seconds or milliseconds.")


def _within(rate: float | None, bounds: tuple[float, float], unit: float) -> bool:
    return rate is None or bounds[0] <= rate / unit <= bounds[1]


def _rate(said: Sequence[Said]) -> float | None:
    """Letters in one unit of time, of most texts."""
    rates = []
    for n, one in enumerate(said):
        start, end = one.time.start or 0.0, one.time.end
        if (end is None or end <= start) and n + 1 < len(said):
            end = said[n + 1].time.start
        if one.letters and end is not None and end > start:
            rates.append(one.letters / (end - start))
    return median(rates) if rates else None


def _fractions(said: Iterable[Said]) -> bool:
    return any(
        value is not None and not float(value).is_integer()
        for one in said
        for value in (one.time.start, one.time.end)
    )


def _named(
    item: dict[str, Any], names: dict[str, float | None]
) -> tuple[float, float | None] | None:
    for name, unit in names.items():
        if name in item and (found := _moment(item[name], unit)):
            return found
    return None


def _moment(value: object, unit: float | None) -> tuple[float, float | None] | None:
    """A point in time and its unit, None where the value does not tell."""
    if isinstance(value, dict):
        return _of_object(value)
    if isinstance(value, str):
        return _of_text(value.strip(), unit)
    found = number(value)
    return None if found is None else (found, unit)


def _of_object(value: dict[str, Any]) -> tuple[float, float | None] | None:
    """Google's {"seconds": "1", "nanos": 500000000}, Recall's {"relative": 1.5}."""
    if "relative" in value:
        return _moment(value["relative"], S)
    seconds, nanos = (_moment(value.get(name, 0), S) for name in ("seconds", "nanos"))
    if seconds and nanos and {"seconds", "nanos"} & value.keys():
        return seconds[0] + nanos[0] * NS, S
    return None


def _of_text(value: str, unit: float | None) -> tuple[float, float | None] | None:
    if NUMBER.fullmatch(value):
        return float(value), unit
    if match := WITH_UNIT.fullmatch(value):
        return float(match[1]) * NAMED_UNITS[match[2]], S
    if len(value) > 2 and (match := ISO.fullmatch(value)):
        hours, minutes, seconds = (
            float((part or "0").replace(",", ".")) for part in match.groups()
        )
        return hours * 3600 + minutes * 60 + seconds, S
    return (seconds_of(value), S) if CLOCK.fullmatch(value) else None


def _spanning(
    start: tuple[float, float | None] | None, end: tuple[float, float | None] | None
) -> Time:
    if start is None or not math.isfinite(start[0]):
        return Time()
    if end is None or end[1] != start[1]:
        return Time(start[0], None, start[1])
    return Time(start[0], end[0], start[1])


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None
