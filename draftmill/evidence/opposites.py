"""Words of a claim whose opposite was said of the same: "above" for below, "before" for after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from draftmill.evidence.negation import denies
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
most many | few fewest little
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
easy easily | hard difficult
safe | dangerous
simple | complicated complex
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
"""
RELATIONS = ("before", "after", "than")
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

    @property
    def around(self) -> frozenset[str]:
        return self.before | self.behind


def is_opposite(claim: str, said: Sequence[str]) -> bool:
    """Whether a word of the claim stands where its opposite was said, or both sides of it turned."""
    own = {pivot.word: pivot for pivot in _pivots(claim)}
    if not own:
        return False
    heard = [(pivot, denies(text)) for text in said for pivot in _pivots(text)]
    words = {pivot.word for pivot, _ in heard}
    denied = denies(claim)
    return any(_is_against(pivot, own, heard, words, denied=denied) for pivot in own.values())


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
    heard: Sequence[tuple[_Pivot, bool]],
    words: set[str],
    *,
    denied: bool,
) -> bool:
    if pivot.word in RELATIONS:
        return any(_is_turned(pivot, other) for other, one in heard if one == denied)
    if pivot.word in words:
        return False
    return any(
        other.word in OPPOSITES[pivot.word]
        and other.word not in own
        and pivot.around & other.around
        for other, one in heard
        if one == denied
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
    words = words_of(text)
    return tuple(_pivot(words, at) for at, word in enumerate(words) if word in OPPOSITES)


def _pivot(words: Sequence[str], at: int) -> _Pivot:
    wide = len(words) if words[at] in RELATIONS else NEAR
    before, behind = (
        _telling(words[max(0, at - wide) : at]),
        _telling(words[at + 1 : at + 1 + wide]),
    )
    both = before & behind if words[at] in RELATIONS else frozenset[str]()
    return _Pivot(words[at], before - both, behind - both)


def _telling(words: Sequence[str]) -> frozenset[str]:
    return frozenset(root(word) for word in words if word not in STOP and word not in OPPOSITES)
