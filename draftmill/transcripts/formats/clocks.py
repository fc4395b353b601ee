"""Written times -> seconds: "1:02:03,5", "00:01:02:12" with frames, "-0:01", "00: 01: 02, 500"."""

import math
import re
from collections.abc import Iterable

USUAL_RATES = (24.0, 25.0, 30.0, 50.0, 60.0)  # frames a second
DROPPED_RATE = 30000 / 1001  # what a semicolon before the frames says
CLOCK = r"(?>[-−]?\d{1,9}(?:\s?[:;.,]\s?-?\d{1,9}){1,4})"
SEPARATORS = re.compile(r"[:;.,]")
NUMBERS = re.compile(r"\d+")
LIKELY_LETTERS_A_SECOND = 14.0


def seconds(clock: str, rate: float = 0.0) -> float | None:
    """The seconds of a time, 0 for one before the beginning, None for what is no time.

    `rate` is how many frames a second has, where the time ends with frames: see `rate_of`.
    """
    numbers, separators = NUMBERS.findall(clock), SEPARATORS.findall(clock)
    rest = 0.0
    if _has_fraction(separators) or (len(numbers) == 4 and len(numbers[-1]) == 3):
        rest = float(f"0.{numbers.pop()}")
    elif len(numbers) == 4:
        rest = int(numbers.pop()) / (rate or _least_rate(0, separators))
    if not 0 < len(numbers) < 4:
        return None
    whole = 0
    for number in numbers:
        whole = whole * 60 + int(number)
    return 0.0 if "-" in clock or "−" in clock else whole + rest


def rate_of(clocks: Iterable[str]) -> float:
    """Frames a second of times that end with frames: the least usual rate that they fit in."""
    most, separators = 0, [":"]
    for clock in clocks:
        numbers, between = NUMBERS.findall(clock), SEPARATORS.findall(clock)
        if len(numbers) == 4 and not _has_fraction(between) and len(numbers[-1]) < 3:
            most, separators = max(most, int(numbers[-1])), [*between, *separators][:3]
    return _least_rate(most, separators)


def unit_of(spans: Iterable[tuple[float, float]], letters: int) -> float:
    """What numbers that may be seconds or milliseconds count, in seconds: 1.0 or 0.001.

    `spans` are the starts and ends of pieces of speech with so many `letters` in all: the unit is
    the one in which they are spoken at the more likely pace.
    """
    total = sum(max(end - start, 0.0) for start, end in spans)
    if total <= 0 or letters == 0:
        return 1.0
    pace = letters / total
    return min((1.0, 0.001), key=lambda unit: abs(math.log(pace / unit / LIKELY_LETTERS_A_SECOND)))


def _has_fraction(separators: list[str]) -> bool:
    """Whether the last number is a fraction; "00.01.02" has hours, minutes and seconds."""
    if len(separators) == 2 and separators[0] == separators[1]:
        return False
    return bool(separators) and separators[-1] in ".,"


def _least_rate(most: int, separators: list[str]) -> float:
    if ";" in separators and most < 30:
        return DROPPED_RATE
    return next((rate for rate in USUAL_RATES if rate > most), most + 1.0)
