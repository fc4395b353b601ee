"""The times of a sentence's words after a person wrote it anew.

Words that stand in both keep their times; what is new shares the time between them. Both texts
are compared by patience: words that occur once in each are found first, in one order that is
longest, so that the time it takes is in proportion to their length.
"""

import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from draftmill.letters import UNSPACED
from draftmill.transcripts.segments import Word

Pair = tuple[int, int]  # where a word stands in the old text, and where in the new one


def retimed(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """The words of `text`, said where `words` were. Without words there are none."""
    if not words:
        return ()
    old, tokens = list(words), text.split()
    if UNSPACED.search(text) and len(tokens) == 1:
        old, tokens = [one for word in words for one in _letters(word)], list(tokens[0])
    kept = pairs([word.text for word in old], tokens)
    result: list[Word] = []
    for (before, first), (after, last) in pairwise([(-1, -1), *kept, (len(old), len(tokens))]):
        start_s, end_s = _gap(old, before, after)
        result += spread(tokens[first + 1 : last], start_s, end_s)
        if after < len(old):
            result.append(old[after])
    return tuple(result)


def pairs(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The places that hold the same word, in order in both."""
    result: list[Pair] = []
    anchors = [(-1, -1), *_anchors(old, new), (len(old), len(new))]
    for (before, first), (after, last) in pairwise(anchors):
        if before >= 0:
            result.append((before, first))
        result += _alike(old, new, (before + 1, after), (first + 1, last))
    return result


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Words that occur once in both, as many as stand in one order."""
    often, again = Counter(old), Counter(new)
    places = {word: n for n, word in enumerate(new) if again[word] == 1}
    return _rising([(n, places[w]) for n, w in enumerate(old) if often[w] == 1 and w in places])


def _rising(found: Sequence[Pair]) -> list[Pair]:
    """The longest run of pairs that rises in the second place too (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int | None] = []
    for n, (_, place) in enumerate(found):
        pile = bisect.bisect_left(tops, place)
        before.append(piles[pile - 1] if pile else None)
        tops[pile : pile + 1], piles[pile : pile + 1] = [place], [n]
    result: list[Pair] = []
    at = piles[-1] if piles else None
    while at is not None:
        result.append(found[at])
        at = before[at]
    return result[::-1]


def _alike(old: Sequence[str], new: Sequence[str], a: Pair, b: Pair) -> Iterator[Pair]:
    """The same words at the beginnings and at the ends of two stretches."""
    most = min(a[1] - a[0], b[1] - b[0])
    first = 0
    while first < most and old[a[0] + first] == new[b[0] + first]:
        yield a[0] + first, b[0] + first
        first += 1
    last = 0
    while last < most - first and old[a[1] - last - 1] == new[b[1] - last - 1]:
        last += 1
    yield from ((a[1] - n, b[1] - n) for n in range(last, 0, -1))


def _gap(words: Sequence[Word], before: int, after: int) -> tuple[float, float]:
    """The seconds that the words between two places take; between neighbours, the pause."""
    if after - before > 1:
        return words[before + 1].start_s, words[after - 1].end_s
    start_s = words[before].end_s if before >= 0 else words[0].start_s
    end_s = words[after].start_s if after < len(words) else words[-1].end_s
    return start_s, max(start_s, end_s)


def spread(tokens: Sequence[str], start_s: float, end_s: float) -> Iterator[Word]:
    """Words over a time, each as long as it is written."""
    letters, done = sum(map(len, tokens)), 0
    for token in tokens:
        first = start_s + (end_s - start_s) * done / letters
        done += len(token)
        last = start_s + (end_s - start_s) * done / letters
        yield Word(round(first, 3), round(last, 3), token)


def _letters(word: Word) -> Iterator[Word]:
    for one in spread(list(word.text), word.start_s, word.end_s):
        yield one._replace(probability=word.probability)
