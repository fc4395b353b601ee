"""The numbers of a sentence, in digits or words, with what they count."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from draftmill.evidence.support import root
from draftmill.evidence.tokens import Token, tokens
from draftmill.language.lists import STOP

# "1/7" and "3." number a post or a point; "0:20" is a time.
NUMBERING = re.compile(r"\A\W*(?:\d{1,2}/\d{1,2}|\d{1,2}[.)](?=\s))")
CLOCK = re.compile(r"(?<![\d:.,])\d{1,3}(?::[0-5]\d){1,2}(?![\d:])")
ROUGHLY = re.compile(
    r"(?i)\b(?:about|around|roughly|nearly|almost|over|under|more than|less than|some|approximately"
    r"|close to|just)\s+\W?\Z"
)
ROUNDED = 0.05  # of a number that is said to be rough
BEHIND = 2  # words behind a number among which stands what it counts
SMALL_WORDS = 12.0  # of other languages: up to here numbers are mostly spelled in words


@dataclass(frozen=True)
class Number:
    """A number: its value, the root of what it counts ("" when unknown), and how it stands there."""

    value: float
    unit: str
    text: str
    rough: bool = False


def numbers_in(text: str, *, english: bool) -> tuple[Number, ...]:
    """The numbers of a sentence; "one" only where it counts a unit."""
    skipped = [match.span() for match in (NUMBERING.search(text), *CLOCK.finditer(text)) if match]
    starts = sorted(start for start, _ in skipped)
    ends = list(accumulate((end for _, end in sorted(skipped)), max))  # of all up to each
    found = [token for token in tokens(text, english=english) if token.text != ","]
    numbers = []
    for at, token in enumerate(found):
        if token.value is None:
            continue
        before = bisect_right(starts, token.start)
        if before and token.start < ends[before - 1]:
            continue
        rough = ROUGHLY.search(text[max(0, token.start - 20) : token.start]) is not None
        raw = text[token.start : token.end]
        numbers.append(Number(token.value, _unit(found, at), raw, rough))
    return tuple(numbers)


def holds(number: Number, said: Iterable[Number]) -> bool:
    """Whether one of the numbers that were said is this one, and counts the same.

    What counts something else does not hold where another number counts the same.
    """
    said = list(said)
    same = [other for other in said if _same(number, other)]
    if not same:
        return False
    if not number.unit or any(other.unit in ("", number.unit) for other in same):
        return True
    return all(other.unit != number.unit for other in said)


def instead(number: Number, said: Sequence[Number]) -> str:
    """The number to take instead: the only one, or the only one that counts the same."""
    for candidates in ([n for n in said if n.unit and n.unit == number.unit], said):
        if len({one.value for one in candidates}) == 1:
            return candidates[0].text
    return ""


def is_counted(number: Number) -> bool:
    """Whether a number claims something: "one" and "first" mostly do not."""
    return number.value not in (0.0, 1.0) or any(letter.isdigit() for letter in number.text)


def _same(number: Number, other: Number) -> bool:
    if number.value == other.value:
        return True
    close = abs(number.value - other.value) <= ROUNDED * abs(other.value)
    return number.rough and close and number.value % 5 == 0


def _unit(found: Sequence[Token], at: int) -> str:
    """ "18 degrees": degre. What follows within two words and is no word of grammar."""
    for token in found[at + 1 : at + 1 + BEHIND]:
        if token.value is not None:
            return ""
        if token.text not in STOP:
            return root(token.text)
        if token.text in ("and", "or", "but", "out", "to", "for", "in", "on", "when", "it"):
            return ""
    return ""
