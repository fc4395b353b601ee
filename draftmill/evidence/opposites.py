"""Words of a claim whose opposite was said of the same: "above" for below, "before" for after."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from draftmill.evidence.negation import CLAUSE, LONGEST, NEGATING
from draftmill.evidence.support import root
from draftmill.evidence.tokens import words_of
from draftmill.language.lists import STOP

# One opposite a line: what one side may say, and the other.
TABLE = """
morning mornings | afternoon afternoons evening evenings
above warmer hotter higher high | below colder cooler lower low
hot warm | cold
good great excellent | bad poor terrible
early earlier sooner | late later
young younger | old older elder elderly
new newer | old older
small smaller smallest tiny | large larger largest big bigger biggest huge
short shorter shortest | long longer longest
cheap cheaper cheapest | expensive dear dearer costly dearest
fast faster quick quickly quicker | slow slowly slower
more | less fewer
most many | few fewest fewer little
always usually mostly often | rarely seldom sometimes occasionally
increase increased increases rose grew climbed rise | decrease decreased fell dropped declined sank
win won gain gained | lose lost loses
open opened | close closed
keep keeping kept | replace replacing replaced
beginning start | end
useful | useless
polite | rude impolite
empty | full
exciting | boring dull
show shows reveal reveals | hide hides
let lets allow allows allowed | forbid forbids forbade forbidden ban
strong | weak
awake | asleep sleep sleeping
ahead | behind
inside | outside
easy easily simple | hard difficult complicated complex
safe | dangerous
possible | impossible
loud | quiet
buy bought buys | sell sold sells
accept accepted | reject rejected
love loves | hate hates
remember remembered | forget forgot
add added adds | remove removed removes
tight tighter | loose looser
thick thicker | thin thinner
before | after
than | than
beat | beat
over | under
better | worse
favour | against
accept accepted agree agreed took | refuse refused decline declined
"""
RELATIONS = ("before", "after", "than", "beat")
PHRASES = {"beats": "beat", "put on": "gained", "puts on": "gain", "turned down": "refused"}
PHRASE = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b")
DENIED_BEFORE = 4  # words before an opposite in which it is denied, in a long sentence
NEXT = 2  # what stands right behind an opposite counts so much more
NEAR = 5  # words on either side that tell what an opposite is said of


def _read() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in TABLE.strip().splitlines():
        one, other = (side.split() for side in line.split(" | "))
        for words, others in ((one, other), (other, one)):
            for word in words:
                found.setdefault(word, set()).update(others)
    return found


OPPOSITES = _read()


@dataclass(frozen=True)
class _Pivot:
    """A word with an opposite: the roots of the telling words before it and behind it."""

    word: str
    before: frozenset[str]
    behind: frozenset[str]
    next: str = ""
    denied: bool = False

    @property
    def around(self) -> frozenset[str]:
        return self.before | self.behind


def is_opposite(claim: str, said: Sequence[str]) -> bool:
    """Whether a word of the claim stands where its opposite was said, or both sides of it turned."""
    own = {pivot.word: pivot for pivot in _pivots(claim)}
    if not own:
        return False
    heard = [pivot for text in said for pivot in _pivots(text)]
    if any(_is_first(pivot, text) for pivot in own.values() for text in said):
        return True
    return any(_is_against(pivot, own, heard) for pivot in _pivots(claim))


def turns_back(claim: str, said: Iterable[str]) -> bool:
    """Whether a denial says with an opposite what was said: "not warmer" for below."""
    words = {word for text in said for word in words_of(text)}
    return any(
        OPPOSITES[one] & words and one not in words and one not in RELATIONS
        for one in words_of(claim)
        if one in OPPOSITES
    )


def _is_against(
    pivot: _Pivot,
    own: dict[str, _Pivot],
    heard: Sequence[_Pivot],
) -> bool:
    alike = [other for other in heard if other.denied == pivot.denied]
    if pivot.word in RELATIONS:
        return any(_is_turned(pivot, other) for other in alike)
    same = max((_shared(pivot, other) for other in alike if other.word == pivot.word), default=-1)
    return any(
        other.word in OPPOSITES[pivot.word]
        and (other.word not in own or _is_next(pivot, other))
        and _shared(pivot, other) > max(same, 0)
        for other in alike
    )


def _shared(one: _Pivot, other: _Pivot) -> int:
    words = [word for word in one.around & other.around if not word.startswith("#")]
    return len(words) + NEXT * _is_next(one, other)


def _is_next(one: _Pivot, other: _Pivot) -> bool:
    return bool(one.next) and one.next == other.next


def _is_first(pivot: _Pivot, text: str) -> bool:
    """Whether "Y before X" stands where "X first" was said."""
    if pivot.word not in ("before", "after"):
        return False
    words = words_of(text)
    later, sooner = (
        (pivot.before, pivot.behind) if pivot.word == "before" else (pivot.behind, pivot.before)
    )
    telling = _telling(words)
    return any(
        word == "first" and at and root(words[at - 1]) in sooner - later and later & telling
        for at, word in enumerate(words)
    )


def _is_turned(one: _Pivot, other: _Pivot) -> bool:
    """Whether both sides of "before" changed places, or stand still beside "after"."""
    straight = len(one.before & other.before), len(one.behind & other.behind)
    crossed = len(one.before & other.behind), len(one.behind & other.before)
    if one.word == other.word:
        return all(crossed) and not any(straight)
    return other.word in OPPOSITES[one.word] and all(straight) and not any(crossed)


@lru_cache(4096)
def _pivots(text: str) -> tuple[_Pivot, ...]:
    plain = PHRASE.sub(lambda match: PHRASES[match.group()], text.casefold())
    if OPPOSITES.keys().isdisjoint(words_of(plain)):
        return ()
    clauses = [words_of(part) for part in CLAUSE.split(plain)]
    words = [word for clause in clauses for word in clause]
    found, first = [], 0
    for clause in clauses:
        for at, word in enumerate(clause):
            if word in OPPOSITES:
                found.append(_pivot(words, first + at, denied=_is_denied(clause, at)))
        first += len(clause)
    return tuple(found)


def _is_denied(clause: Sequence[str], at: int) -> bool:
    """Whether a word of a clause is denied: in a long one, as captions have, only from near by."""
    reach = clause if len(clause) <= LONGEST else clause[max(0, at - DENIED_BEFORE) : at]
    return sum(word in NEGATING for word in reach) % 2 == 1


def _pivot(words: Sequence[str], at: int, *, denied: bool) -> _Pivot:
    wide = len(words) if words[at] in RELATIONS else NEAR
    before = _telling(words[max(0, at - wide) : at])
    behind = _telling(words[at + 1 : at + 1 + wide])
    both = before & behind if words[at] in RELATIONS else frozenset[str]()
    following = (root(word) for word in words[at + 1 :] if word not in STOP)
    return _Pivot(words[at], before - both, behind - both, next(following, ""), denied)


def _telling(words: Sequence[str]) -> frozenset[str]:
    return frozenset(root(word) for word in words if word not in STOP and word not in OPPOSITES)
