"""The numbers of a sentence, held to those that were said."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, combinations, permutations

from draftmill.evidence import units
from draftmill.evidence.counting import ABOUT, EXACTLY, Line, Number, cardinal
from draftmill.evidence.number_words import RULES, is_opening
from draftmill.evidence.tokens import tokens
from draftmill.language.lists import listed

# "1/7" and "3." number a post or a point; "0:20" is a time.
NUMBERING = re.compile(r"\A\W*(?:\d{1,2}/\d{1,2}|\d{1,2}[.)](?=\s))")
CLOCK = re.compile(r"(?<![\d:.,])\d{1,3}(?::[0-5]\d){1,2}(?![\d:])")
IDIOM = re.compile(r"(?i)\b(?:24/7|50[-/]50|fifty-fifty|one-on-one|second to none)\b")
MOST_TOLD = 40  # numbers from which one may be reckoned: pairs are tried
OFF_BY = 0.03  # a factor that is reckoned
SMALL_WORDS = 12.0  # of other languages: up to here numbers are mostly spelled in words
MANY_MORE = 1000.0  # times "thousands": what is more is not called so
# What a writer counts himself: "the second lesson" is wrong only where another was said.
COUNTED_BY_WRITER = listed(
    "lesso point mista reaso step thing part item quest topic tip takea probl chall insig"
)


@lru_cache(4096)  # a sentence is judged by them several times, and those of an edited text again
def numbers_in(text: str, *, english: bool) -> tuple[Number, ...]:
    """The numbers of a sentence."""
    matches = (NUMBERING.search(text), *CLOCK.finditer(text), *IDIOM.finditer(text))
    skipped = sorted(match.span() for match in matches if match)
    starts = [start for start, _ in skipped]
    ends = list(accumulate((end for _, end in skipped), max))  # of all up to each
    numbers = []
    for number in _read(text, english=english):
        before = bisect_right(starts, number.start)
        if not before or number.start >= ends[before - 1]:
            numbers.append(number)
    return tuple(numbers)


def _read(text: str, *, english: bool) -> Iterator[Number]:
    found = [token for token in tokens(text, english=english) if token.text != ","]
    line, at = Line(found, text), 0
    rules = RULES if english else (cardinal,)
    while at < len(found):
        opens = found[at].value is not None or (
            english and is_opening(found[at].text, line.word(at + 1))
        )
        number = next((one for rule in rules if (one := rule(line, at))), None) if opens else None
        if number:
            yield number[0]
        at = number[1] if number else at + 1


def holds(number: Number, said: Iterable[Number]) -> bool:
    """Whether one of the numbers that were said is this one, and counts the same.

    What counts something else does not hold where another number counts the same.
    """
    said = [each for one in said for each in (one, *one.of)]
    if number.of and not any(same(number, other) for other in said):
        part, whole = number.of
        return part.value <= whole.value and all(
            holds(one, said) or not is_counted(one) for one in number.of
        )
    found = [other for other in said if same(number, other)]
    if not found:
        return number.ordinal and _is_writers(number, said)
    if not number.unit or units.kind(number.unit):
        return True
    if any(other.unit in ("", number.unit) for other in found):
        return True
    return all(other.unit != number.unit or other.ordinal != number.ordinal for other in said)


def counts_same(number: Number, said: Iterable[Number]) -> bool:
    """Whether just so many of just this were said."""
    if number.ordinal or number.unit in ("", units.PART, units.TIMES, units.FACTOR):
        return False
    return any(other.unit == number.unit and same(number, other) for other in said)


def is_reckoned(number: Number, said: Iterable[Number]) -> bool:
    """Whether a number follows from two that were said: "three times as fast", "five years later"."""
    told = [one for one in said if not (one.loose or one.ordinal or one.many or one.single)]
    told = told[:MOST_TOLD]
    if number.unit == units.FACTOR:
        return any(
            _is_factor(number.value, one.value, other.value)
            for one, other in permutations(told, 2)
            if one.unit == other.unit or not (one.unit and other.unit)
        )
    if units.kind(number.unit) != "time":
        return False
    years = sorted({one.value for one in told if one.unit == units.DATE})
    spans = (later - earlier for earlier, later in combinations(years, 2))
    return any(_measures_same(number, Number(span, "year", "")) for span in spans)


def _is_factor(factor: float, one: float, other: float) -> bool:
    return factor > 1 and abs(one - factor * other) <= OFF_BY * one


def contradicted(number: Number, said: Sequence[Number]) -> bool:
    """Whether "once" stands where another number of times was said."""
    if number.value != 1.0 or number.unit != units.TIMES:
        return False
    alike = [one for one in said if one.unit == number.unit]
    return bool(alike) and all(one.value != 1.0 for one in alike)


def instead(number: Number, said: Sequence[Number]) -> str:
    """The number to take instead: the only one, or the only one that counts the same."""
    told = [one for one in said if not one.loose]
    for candidates in ([n for n in told if n.unit and n.unit == number.unit], told):
        if len({(one.value, one.unit) for one in candidates}) == 1:
            return candidates[0].text
    return ""


def is_counted(number: Number) -> bool:
    """Whether a number claims something: "one" and "first" mostly do not."""
    if number.loose:
        return False
    is_written = any(letter.isdigit() for letter in number.text)
    return number.value not in (0.0, 1.0) or number.single or is_written


def is_cardinal(number: Number) -> bool:
    """Whether a number counts as a word of its sentence: "40", no "third" and no "a week"."""
    return not (number.ordinal or number.single or number.loose or number.many)


def _is_writers(number: Number, said: Iterable[Number]) -> bool:
    """Whether a writer may have counted so himself."""
    return number.unit in COUNTED_BY_WRITER and not any(
        other.ordinal and other.unit == number.unit for other in said
    )


def same(number: Number, other: Number) -> bool:
    """Whether a number is another: the same value of the same, also in another unit."""
    if number.many or other.many:
        most = number.value if other.many else MANY_MORE * number.value
        return number.many and number.value <= other.value <= most
    if number.ordinal != other.ordinal:
        return number.ordinal and number.value == other.value and not other.unit
    kinds = units.kind(number.unit), units.kind(other.unit)
    if all(kinds):
        return _measures_same(number, other)
    if kinds[0] == "factor":
        return False
    if kinds[0] and other.unit:  # "nine weeks" are no nine loaves
        return kinds[0] == "times" and _equals(number, other)
    if kinds[1] and number.unit and not units.is_money(other.unit) and kinds[1] != "times":
        return False
    return _equals(number, other)


def _measures_same(number: Number, other: Number) -> bool:
    one, another = units.kind(number.unit), units.kind(other.unit)
    if {one, another} == {"part", "factor"}:  # "half the price" is "twice as cheap"
        return _equals(number, replace(other, value=1 / other.value if other.value else 0.0))
    if one != another:
        return False
    if number.unit == other.unit:
        return _equals(number, other)
    amounts = (number.value, number.unit), (other.value, other.unit)
    return units.alike(*amounts, number.rough)


def _equals(number: Number, other: Number) -> bool:
    """Whether the values are one; a rough one may be off, an even one also for "about"."""
    if abs(number.value - other.value) <= 1e-9 * abs(other.value):
        return True
    if number.rough == EXACTLY:
        return False
    least, most = (off * number.value for off in number.rough)
    is_even = number.value % 5 == 0 or number.value < 1 or number.rough != ABOUT
    return is_even and least <= other.value <= most
