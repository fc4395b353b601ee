"""Which lines before the times are numbers and names of cues, and not what was said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"\s?(\d{1,7})\s?")


@dataclass(frozen=True)
class _Above:
    """The last line with text above a line of times. `alone`: it is all that the cue before has."""

    line: int
    number: int | None
    touches: bool
    after_blank: bool
    alone: bool


class Numbering:
    """How a file numbers or names its cues. A cue may also say "42"."""

    def __init__(
        self, lines: Sequence[str], times: Sequence[int], spoken: Sequence[bool], webvtt: bool
    ) -> None:
        self.webvtt = webvtt
        starts = [-1, *times[:-1]]
        self.above = [
            _above(lines, spoken, start, end) for start, end in zip(starts, times, strict=True)
        ]
        first = self.above[0]
        touching = [one.touches for one in self.above if one and one.number is not None]
        counted = [one for n, one in enumerate(self.above, 1) if one and one.number == n]
        self.counts = len(counted) > 1 and len(counted) * 2 >= len(times)
        self.begins = first is not None and first.number is not None
        self.named = webvtt and first is not None and first.touches and first.after_blank
        self.touching = self.begins and touching.count(True) * 2 >= len(times)
        self.spaced = self.begins and touching.count(False) * 2 >= len(times)

    def lines(self) -> Iterator[int]:
        """The lines that are numbers or names."""
        expected = None
        for n, one in enumerate(self.above, 1):
            counted = self.counts and one is not None and one.number == n and not one.alone
            if one and (counted or self._is_name(one, expected)):
                expected = one.number + 1 if one.number is not None else None
                yield one.line
            elif expected is not None:
                expected += 1  # a number is missing here

    def _is_name(self, one: _Above, expected: int | None) -> bool:
        if one.touches and one.after_blank and (self.named or (self.webvtt and not one.alone)):
            return True
        if one.number is None:
            return False
        if self.begins and (expected is None or one.number == expected):
            return True
        if one.touches:
            if one.alone:
                return self.touching and one.after_blank
            return self.touching or one.after_blank
        return self.spaced and not one.alone


def _above(lines: Sequence[str], spoken: Sequence[bool], start: int, end: int) -> _Above | None:
    texts = [n for n in range(start + 1, end) if spoken[n]]
    if not texts:
        return None
    last = texts[-1]
    number = NUMBER.fullmatch(lines[last])
    return _Above(
        line=last,
        number=int(number.group(1)) if number else None,
        touches=last == end - 1,
        after_blank=last == 0 or not lines[last - 1].strip(),
        alone=len(texts) == 1 and start >= 0,
    )
