"""Numbers as they stand in a sentence: what they count, and how roughly."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from draftmill.evidence import units
from draftmill.evidence.support import root
from draftmill.evidence.tokens import APOSTROPHES, ORDINAL_ENDS, Token
from draftmill.language.lists import FILLERS, STOP, listed

EXACTLY = (1.0, 1.0)
ABOUT, OVER, UNDER = (0.95, 1.05), (1.0, 1.25), (0.82, 1.0)  # how far a rough number may be off
ROUGHLY = re.compile(
    r"(?i)\b(?:(?P<about>about|around|roughly|some|approximately|just)|(?P<over>over|more than)"
    r"|(?P<under>nearly|almost|under|less than|close to))\s+\W?\Z"
)
GRAMMAR_BEHIND = listed("and or but out to for in on when it a an per each every at than")
COMPARED = re.compile(r"(?:as|more|less|the|its|their|what|\w{2,}er)\Z")  # "three times as fast"
OUT_OF = (("of",), ("out", "of"), ("in",), ("of", "the"), ("out", "of", "the"), ("of", "all"))
EARLIEST, LATEST = 1400.0, 2100.0  # years
SHORT_FROM = 30.0  # "'30" and later are of the last century
BEFORE_YEAR = listed(
    "in since of by until till from to before after around early late mid spring summer autumn winter fall"
)
BEFORE_AMOUNT = listed("to around")
MONTHS = listed(
    "january february march april may june july august september october november december"
)
YEARS = 1000.0  # "two in 2019": from here on a number behind "in" is a year
# "The 90s"; "10s" are seconds.
BEFORE_DECADE = ("the", "late", "early", "mid")


@dataclass(frozen=True)
class Number:
    """A number: its value, what it counts ("" when unknown), and how it stands there.

    `unit` is a unit of measure, or the root of a noun. `rough` is how much less and more than the
    value may be meant. `single` is "a week". `loose` is what counts only where it was said: "that
    week". `many` are "dozens", at least so many. `of` are both numbers of "3 of 4", whose value is
    the part.
    """

    value: float
    unit: str
    text: str
    start: int = 0
    rough: tuple[float, float] = EXACTLY
    ordinal: bool = False
    single: bool = False
    loose: bool = False
    many: bool = False
    of: "tuple[Number, ...]" = ()


@dataclass(frozen=True)
class Line:
    """The words of a sentence, without commas, and the text they stand in."""

    found: Sequence[Token]
    text: str

    def word(self, at: int) -> str:
        return self.found[at].text if 0 <= at < len(self.found) else ""

    def value(self, at: int) -> float | None:
        return self.found[at].value if 0 <= at < len(self.found) else None

    def raw(self, at: int) -> str:
        return self.text[self.found[at].start : self.found[at].end]

    def is_joined(self, at: int, word: str) -> bool:
        """Whether a word stands right behind another, as in "1990s"."""
        return self.word(at + 1) == word and self.found[at + 1].start == self.found[at].end

    def ends(self, at: int) -> bool:
        """Whether a part of the sentence ends behind a word."""
        if at + 1 >= len(self.found):
            return True
        return any(
            mark in ".,;:!?)" for mark in self.text[self.found[at].end : self.found[at + 1].start]
        )

    def ends_word(self, at: int) -> bool:
        """Whether a letter stands alone, in no "a.m."."""
        return self.text[self.found[at].end : self.found[at].end + 2].strip()[:1] != "." or (
            at + 1 >= len(self.found)
        )

    def number(self, value: float, unit: str, at: int, end: int, **more: Any) -> Number:
        start = self.found[at].start
        rough = _rough(ROUGHLY.search(self.text[max(0, start - 20) : start]))
        text = self.text[start : self.found[min(end, len(self.found)) - 1].end]
        return Number(value, unit, text, start, rough, **more)


def _rough(found: re.Match[str] | None) -> tuple[float, float]:
    if not found:
        return EXACTLY
    return ABOUT if found["about"] else OVER if found["over"] else UNDER


Read = tuple[Number, int] | None  # a number, and the place behind it
Rule = Callable[[Line, int], Read]


def cardinal(line: Line, at: int) -> Read:
    value = line.value(at)
    if value is None:
        return None
    if line.raw(at).casefold().endswith(ORDINAL_ENDS) and line.raw(at)[:1].isdigit():
        return line.number(value, noun(line, at), at, at + 1, ordinal=True), at + 1
    if line.is_joined(at, "s") and (value >= YEARS or line.word(at - 1) in BEFORE_DECADE):
        return line.number(value % 100, units.DECADE, at, at + 2), at + 2
    if is_date(line, at):
        return line.number(_full_year(line, at), units.DATE, at, at + 1), at + 1
    unit = unit_behind(line, at)
    if unit == "day" and line.raw(at).casefold() == "one":  # "one day" is some day
        return line.number(value, unit, at, at + 1, loose=True), at + 1
    return line.number(value, unit, at, at + 1, single=value == 1 and unit in units.ONES), at + 1


def is_date(line: Line, at: int) -> bool:
    """Whether a number is a year: "in 1958", "of '79", "(2019)"."""
    value, before = line.value(at) or 0.0, line.word(at - 1)
    if _is_short_year(line, at):
        return True
    if not EARLIEST <= value <= LATEST or value % 1 or units.SPELLED.get(line.word(at + 1)):
        return False
    if before in BEFORE_AMOUNT and unit_behind(line, at):  # "grew to 2000 users"
        return False
    return "," not in line.raw(at) and (before in BEFORE_YEAR or before in MONTHS)


def _is_short_year(line: Line, at: int) -> bool:
    start = line.found[at].start
    return bool(re.fullmatch(r"['\u2019]\d\d", line.text[max(0, start - 1) : start + 2])) and (
        len(line.raw(at)) == 2
    )


def _full_year(line: Line, at: int) -> float:
    value = line.value(at) or 0.0
    if not _is_short_year(line, at):
        return value
    return value + (1900.0 if value >= SHORT_FROM else 2000.0)


def unit_behind(line: Line, at: int) -> str:
    """What a number counts: "18 degrees", "three long weeks", "flat loaves"; "" for nothing."""
    places = [n for n in range(at + 1, at + 5) if line.word(n) and line.word(n) not in FILLERS]
    first, second = (*(line.word(n) for n in places[:2]), "", "")[:2]
    if not first or (places[0] == at + 1 and line.ends(at)):
        return ""
    if any(mark in line.raw(places[0]) for mark in APOSTROPHES):  # "seventy who'd had a fall"
        return ""
    if first in units.LETTERS and line.raw(at)[-1:].isdigit() and line.ends_word(places[0]):
        return units.LETTERS[first]
    if first in units.SPELLED:
        is_factor = units.SPELLED[first] == units.TIMES and COMPARED.match(second)
        return units.FACTOR if is_factor else units.SPELLED[first]
    if first in GRAMMAR_BEHIND or first.startswith("#"):
        return ""
    if second and not line.ends(places[0]):
        if second in units.SPELLED and second.endswith("s"):
            return units.SPELLED[second]
        if first in STOP and second not in STOP and not second.startswith("#"):
            return units.SPELLED.get(second) or root(second)
    return "" if first in STOP else root(first)


def noun(line: Line, at: int) -> str:
    """The noun that an ordinal counts."""
    word = line.word(at + 1)
    known = units.SPELLED.get(word) or root(word)
    return "" if not word or word in STOP or line.ends(at) else known


def out_of(line: Line, at: int) -> Read:
    """ "Nine out of ten", "12 of the 40"."""
    part = cardinal(line, at)
    if not part or part[0].ordinal or line.ends(at):
        return None
    for between in OUT_OF:
        there = at + 1 + len(between)
        words = tuple(line.word(n) for n in range(at + 1, there))
        whole = cardinal(line, there) if words == between else None
        if not whole or not whole[0].value or (between == ("in",) and whole[0].value >= YEARS):
            continue
        share = part[0].value / whole[0].value
        return (
            Number(
                share,
                units.PART,
                line.text[part[0].start : line.found[there].end],
                part[0].start,
                part[0].rough,
                of=(Number(part[0].value, "", part[0].text, part[0].start), whole[0]),
            ),
            there + 1,
        )
    return None


def slash(line: Line, at: int) -> Read:
    """ "2/3"."""
    value, whole = line.value(at), line.value(at + 1)
    if value is None or not whole or not value < whole <= 10:
        return None
    if line.text[line.found[at].end : line.found[at + 1].start] != "/":
        return None
    return line.number(value / whole, units.PART, at, at + 2), at + 2
