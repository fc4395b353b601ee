"""Lines of a plain text -> the times that stand in them, and what stands around these."""

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from draftmill.transcripts.formats.clocks import rate_of, seconds
from draftmill.transcripts.formats.labels import is_remark
from draftmill.transcripts.formats.names import may_be_name

# What follows a time is no digit and no colon: else it is half of another one.
CLOCK = (
    r"(?>\d{1,3}:[0-5]\d(?::[0-5]\d(?:[:;]\d\d(?!\d))?)?(?:[.,]\d{1,6})?)"
    r"(?!\d|[:;.,]\d|\s?[aApP]\.?[mM]\b)"
)
UNTIL = r"\s?(?:-{1,2}>|→|-|–|—|\bto\b)\s?"
# Before a time: the marks of lists, headings and bold letters; behind it a link of its own.
MARKS = r"[\s>#*_•-]{0,8}"
LINK = r"(?:\(https?://[^\s()]{1,300}\))?"
BRACKETED = re.compile(
    rf"{MARKS}[\[(<{{]\s?[*_]{{0,3}}(?P<start>{CLOCK})(?:{UNTIL}(?P<end>{CLOCK}))?[*_]{{0,3}}\s?[\])>}}]"
    rf"{LINK}[*_]{{0,3}}\s?(?:[|:–—-]\s?)?(?P<text>.*)"
)
BARE = re.compile(
    rf"{MARKS}(?P<start>{CLOCK})(?:{UNTIL}(?P<end>{CLOCK}))?[*_]{{0,3}}(?:\s?[|:–—-]\s?|\s)?(?P<text>.*)"
)
NAME = r"(?P<speaker>[^\W_][^:\n\[\]()|*]{0,60}?)[*_]{0,3}\s?"
# "Ada (0:05):", "Ada | 0:05", "Speaker 1 00:01:02", alone on a line.
UNDER_NAME = re.compile(
    rf"{MARKS}{NAME}(?:[|,–—:-]\s?)?(?P<open>[\[(]?)(?P<start>{CLOCK})[\])]?\s?:?\s?"
)
# "Ada: [0:05] Hello." and "Ada: 0:05 Hello."
BEHIND_NAME = re.compile(
    rf"{MARKS}{NAME}(?::?[*_]{{0,3}}\s?(?P<open>[\[(])(?P<start>{CLOCK})[\])]|:\s(?P<bare>{CLOCK}))"
    r"\s?[:–—-]?\s?(?P<text>\S.*)"
)
INLINE = re.compile(rf"(?=\[{CLOCK}\])")


@dataclass(frozen=True)
class Stamp:
    """A time in a piece of text, whose place among the pieces is `at`."""

    at: int
    start_s: float
    end_s: float | None
    speaker: str
    text: str
    bracketed: bool


@dataclass(frozen=True)
class _Written:
    at: int
    start: str
    end: str
    speaker: str
    text: str
    bracketed: bool


def pieces_of(text: str) -> list[str]:
    """The lines of a text, cut before the bracketed times that stand within them."""
    return [piece for line in text.split("\n") for piece in _cut(line)]


def stamps_in(pieces: Sequence[str]) -> list[Stamp]:
    """The times of a text, without those that were only spoken of."""
    written = [found for n, piece in enumerate(pieces) if (found := _written(n, piece))]
    behind = [one for one in written if one.speaker and one.text]
    if len(behind) == 1:  # "We met (10:30) and left."
        written.remove(behind[0])
    rate = rate_of(clock for one in written for clock in (one.start, one.end))
    stamps = [
        Stamp(
            one.at,
            seconds(one.start, rate) or 0.0,
            seconds(one.end, rate) if one.end else None,
            one.speaker,
            one.text,
            one.bracketed,
        )
        for one in written
    ]
    return _meant(stamps)


def _cut(line: str) -> list[str]:
    if line.count("[") < 2:
        return [line]
    places = [match.start() for match in INLINE.finditer(line)]
    bounds = [0, *(place for place in places if place > 0), len(line)]
    return [line[start:end] for start, end in itertools.pairwise(bounds)]


def _written(at: int, piece: str) -> _Written | None:
    if match := BRACKETED.fullmatch(piece) or BARE.fullmatch(piece):
        bracketed = match.re is BRACKETED
        text = match["text"].replace("**", "")  # bold that began before the time
        return _Written(at, match["start"], match["end"] or "", "", text, bracketed)
    match = UNDER_NAME.fullmatch(piece) or BEHIND_NAME.fullmatch(piece)
    speaker = " ".join(match["speaker"].split()) if match else ""
    if not match or is_remark(speaker) or not may_be_name(speaker):
        return None
    if match.re is UNDER_NAME:
        return _Written(at, match["start"], "", speaker, "", bool(match["open"]))
    start = match["start"] or match["bare"]
    return _Written(at, start, "", speaker, match["text"], bool(match["open"]))


def _meant(stamps: list[Stamp]) -> list[Stamp]:
    """The stamps without clock times that were said: where most are in brackets those that are
    not, else those that break the order, unless so many do that the text has several parts."""
    bracketed = [stamp for stamp in stamps if stamp.bracketed]
    if len(bracketed) * 2 >= len(stamps):
        return bracketed
    rising = _rising(stamps)
    return rising if len(rising) * 5 >= len(stamps) * 4 or len(stamps) < 10 else stamps


def _rising(stamps: Sequence[Stamp]) -> list[Stamp]:
    """The longest row of stamps whose times never fall."""
    tops: list[float] = []
    rows: list[int] = []
    before: list[int] = []
    for n, stamp in enumerate(stamps):
        place = bisect.bisect_right(tops, stamp.start_s)
        before.append(rows[place - 1] if place else -1)
        tops[place : place + 1] = [stamp.start_s]
        rows[place : place + 1] = [n]
    return [stamps[n] for n in _row(rows[-1] if rows else -1, before)][::-1]


def _row(n: int, before: Sequence[int]) -> Iterator[int]:
    while n >= 0:
        yield n
        n = before[n]
