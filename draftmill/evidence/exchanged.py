"""Numbers that were said, but of something else: "40 of 12", "from 5 to 3", or two exchanged."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from draftmill.evidence import units
from draftmill.evidence.counting import Number
from draftmill.evidence.numbers import same
from draftmill.evidence.support import root
from draftmill.evidence.tokens import spelled, words_of
from draftmill.language.lists import FILLERS, STOP, listed

CLAUSE = re.compile(
    r"[,;:.!?\u2026\u2014](?!\d)|\s-\s|\b(?:and|but|while|whereas|because|then|against|versus)\b",
    re.I,
)
TELLING = listed("first last before after above below more less new old")
FROM_TO = re.compile(r"(?i)\bfrom\W+\Z")
BEFORE = 40  # characters before "from 5 to 3" that may say which way it went
DOWN = re.compile(
    r"(?i)\b(?:cut|fell|drop\w*|reduc\w+|shr[aui]nk\w*|lower\w*|declin\w+|decreas\w+)\b"
)
UP = re.compile(r"(?i)\b(?:rose|ris\w+|grew|grow\w*|increas\w+|climb\w*|went up|rais\w+)\b")
FEWEST_SHARED = 2  # words beside a number that are those of the other
MOST = 12  # numbers of a sentence that are compared


@dataclass(frozen=True)
class _Placed:
    """A number with what stands beside it in its clause: roots of words, other numbers."""

    number: Number
    beside: frozenset[str]


def exchanged(
    prose: str, told: tuple[Number, ...], said: Sequence[tuple[str, tuple[Number, ...]]]
) -> Iterator[tuple[Number, str]]:
    """The numbers of a sentence that belong elsewhere, each with what was said in its place."""
    for text, numbers in said:
        if turned := _turned(prose, told, text, numbers):
            yield turned
            return
    placed = [one for text, numbers in said for one in _placed(text, numbers)]
    own = _placed(prose, told)
    for one in own:
        if other := _of_another(one, [other for other in own if other is not one], placed):
            yield one.number, other.text


def _turned(
    prose: str, told: Sequence[Number], text: str, said: Sequence[Number]
) -> tuple[Number, str] | None:
    """ "From 5 to 3" where "from 3 to 5" was said."""
    spans = {(one.value, other.value): one.text for one, other in _spans(text, said)}
    for one, other in _spans(prose, told):
        if one.value != other.value and (other.value, one.value) in spans:
            return one, spans[other.value, one.value]
        before = prose[max(0, one.start - BEFORE) : one.start]
        if (DOWN if one.value < other.value else UP).search(before):
            return one, other.text
    return None


def _spans(text: str, numbers: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    counted = [number for number in numbers if not number.loose]
    for one, other in pairwise(counted):
        between = text[one.start + len(one.text) : other.start]
        opens = FROM_TO.search(text[max(0, one.start - 8) : one.start])
        if opens and re.fullmatch(r"(?i)\s+(?:\w+\s+){0,3}to\s+(?:\w+\s+){0,2}", between):
            yield one, other


@lru_cache(4096)  # what was said bears out several claims, and again after the next edit
def _placed(text: str, numbers: tuple[Number, ...]) -> list[_Placed]:
    ends = [match.start() for match in CLAUSE.finditer(text)]
    cuts = [0, *ends, len(text)]
    placed: list[_Placed] = []
    for number in [one for one in numbers if not one.loose][:MOST]:
        at = max(n for n, cut in enumerate(cuts[:-1]) if cut <= number.start)
        clause = text if number.ordinal else text[cuts[at] : cuts[at + 1]]
        inside = [
            spelled(one.value)
            for one in numbers
            if one is not number and not one.loose and cuts[at] <= one.start < cuts[at + 1]
        ]
        beside = frozenset([*_telling(clause, number), *inside])
        if not beside and placed:  # "in April it took four hours, and now it is eleven"
            beside = placed[-1].beside
        placed.append(_Placed(number, beside))
    return placed


def _telling(clause: str, number: Number) -> Iterator[str]:
    own = set(words_of(number.text))
    for word in words_of(clause):
        unit = units.SPELLED.get(word)
        if unit or word.startswith("#") or word in own or word in FILLERS:
            continue
        if (word not in STOP or word in TELLING) and root(word) != number.unit:
            yield root(word)


def _of_another(one: _Placed, others: Sequence[_Placed], said: Sequence[_Placed]) -> Number | None:
    """The number that was said beside these words, where this one was said beside others.

    One shared word is enough where `others` of the sentence took this one's place.
    """
    own = [other for other in said if _is(one.number, other.number)]
    rivals = [other for other in said if _rivals(one.number, other.number)]
    if not rivals:
        return None
    best = max(rivals, key=lambda other: len(one.beside & other.beside))
    shared = one.beside & best.beside
    mutual = any(
        same(other.number, best.number) and other.beside & mine.beside
        for other in others
        for mine in own
    )
    if len(shared) < (1 if mutual else FEWEST_SHARED):
        return None
    if any(not (one.beside & other.beside) < shared for other in own):
        return None
    return best.number


def _is(number: Number, other: Number) -> bool:
    return same(number, other) and (not number.ordinal or number.unit == other.unit)


def _rivals(number: Number, other: Number) -> bool:
    """Whether another number counts the same, or this one counts something else."""
    if same(number, other) or number.ordinal != other.ordinal or number.many or other.many:
        return False
    if number.unit == other.unit:
        return number.unit != "" or not number.ordinal
    kind = units.kind(number.unit)
    if kind and number.value == other.value and other.unit:
        return True
    return kind != "" and kind == units.kind(other.unit)
