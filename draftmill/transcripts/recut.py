"""A sentence that a person wrote anew, found by its words where another transcription cuts them otherwise.

It may be cut in two, joined with its neighbours, or both. What is found is the stretch of words that
takes its time and has its words; what the person wrote goes there, shared among the sentences as
their words are.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from draftmill.letters import UNSPACED
from draftmill.transcripts.name_matching import key
from draftmill.transcripts.retimed import pairs, spread
from draftmill.transcripts.segments import Word

NEAR = 0.6  # of the words, in one order
SLACK_S = 1.0  # by which two recognisers may differ about when a word is said, at least
SLACK = 0.5  # the same, as a share of a sentence's time
EDGE_S = 0.3  # the same for a word that was heard otherwise, at the edge of the stretch


@dataclass(frozen=True)
class Edited:
    """A sentence that a person wrote anew; `written` and `at` are what, and when."""

    start_s: float
    end_s: float
    heard: str
    written: str
    at: str


@dataclass(frozen=True)
class Spoken:
    """A word of the new transcript: `row` is its sentence, `n` its place in it."""

    row: int
    n: int
    text: str
    middle_s: float


@dataclass(frozen=True)
class Put:
    """Words that belong in the place of those from `first` to before `last` of a sentence."""

    row: int
    first: int
    last: int
    words: tuple[str, ...]
    at: str


def spoken(
    row: int, text: str, words: Sequence[Word], start_s: float, end_s: float
) -> list[Spoken]:
    """The words of a sentence with their times, which are guessed where they are not known."""
    tokens = tokens_of(text)
    if [word.text for word in words] != tokens:
        words = list(spread(tokens, start_s, end_s))
    return [
        Spoken(row, n, word.text, (word.start_s + word.end_s) / 2) for n, word in enumerate(words)
    ]


def tokens_of(text: str) -> list[str]:
    """Words, or the letters of what is written without spaces."""
    words = text.split()
    return list(words[0]) if len(words) == 1 and UNSPACED.search(text) else words


def glue_of(text: str) -> str:
    """What stands between the tokens of a text."""
    return "" if len(text.split()) == 1 and UNSPACED.search(text) else " "


def around_s(one: Edited) -> tuple[float, float]:
    """Between which seconds it may be said."""
    slack_s = max(SLACK_S, SLACK * (one.end_s - one.start_s))
    return one.start_s - slack_s, one.end_s + slack_s


def found(one: Edited, said: Sequence[Spoken]) -> list[Put] | None:
    """Where a person's words go among those said around their time; None where that is not clear.

    `said` are the sentences in the order of time, without words that another edit took.
    """
    begins_s, ends_s = around_s(one)
    near = [word for word in said if begins_s <= word.middle_s <= ends_s]
    place = _stretch(one, near)
    stretch = near[slice(*place)] if place else []
    return _shared(one, stretch) if stretch and _is_whole(stretch) else None


def _is_whole(stretch: Sequence[Spoken]) -> bool:
    """Whether no word between was left out: one that another edit took."""
    return all(
        (after.row, after.n) in ((one.row, one.n + 1), (one.row + 1, 0))
        for one, after in pairwise(stretch)
    )


def _stretch(one: Edited, near: Sequence[Spoken]) -> tuple[int, int] | None:
    """The words that are most like what was heard, or like what was written in its place."""
    words = [key(word.text) for word in near]
    best, most = None, NEAR
    for text in (one.heard, one.written):
        old = [key(word) for word in tokens_of(text)]
        same = pairs(old, words)
        if not same:
            continue
        first, last = _widened(one, near, same[0], same[-1], len(old))
        alike = 2 * len(same) / (len(old) + last - first)
        if alike >= most:
            best, most = (first, last), alike
    return best


def _widened(
    one: Edited, near: Sequence[Spoken], begins: tuple[int, int], ends: tuple[int, int], length: int
) -> tuple[int, int]:
    """The stretch with words at its edges that were heard otherwise at the same time."""
    (before, first), (after, last) = begins, ends
    while before > 0 and first > 0 and near[first - 1].middle_s >= one.start_s - EDGE_S:
        before, first = before - 1, first - 1
    missing, last = length - 1 - after, last + 1
    while missing > 0 and last < len(near) and near[last].middle_s <= one.end_s + EDGE_S:
        missing, last = missing - 1, last + 1
    return first, last


def _shared(one: Edited, stretch: Sequence[Spoken]) -> list[Put] | None:
    """What was written, cut where the sentences are; None where one of them would get no word."""
    written = tokens_of(one.written)
    starts = [n for n, word in enumerate(stretch) if n == 0 or word.row != stretch[n - 1].row]
    same = [
        (-1, -1),
        *pairs([key(word.text) for word in stretch], [key(word) for word in written]),
        (len(stretch), len(written)),
    ]
    cuts = [0, *(_cut(same, start) for start in starts[1:]), len(written)]
    puts, glue = [], glue_of(one.written)
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(stretch)
        words = written[cuts[n] : cuts[n + 1]]
        if not any(key(word) for word in words):
            return None
        text = (glue.join(words),)  # as the person wrote it, whatever parts the words around it
        puts.append(Put(stretch[start].row, stretch[start].n, stretch[end - 1].n + 1, text, one.at))
    return puts


def _cut(same: Sequence[tuple[int, int]], start: int) -> int:
    """Where the written words are cut for a sentence that begins with the word `start`."""
    after = bisect_left(same, start, key=lambda pair: pair[0])
    (old, new), (old_next, new_next) = same[after - 1], same[after]
    between = old_next - old - 1
    share = (start - old - 1) / between if between else 1.0
    return new + 1 + round((new_next - new - 1) * share)


def rewritten(said: Sequence[Spoken], glue: str, puts: Sequence[Put]) -> str:
    """The text of a sentence with a person's words in their places."""
    parts: list[str] = []
    at = 0
    for put in sorted(puts, key=lambda one: one.first):
        parts += [word.text for word in said[at : put.first]]
        parts += put.words
        at = put.last
    return glue.join([*parts, *(word.text for word in said[at:])])
