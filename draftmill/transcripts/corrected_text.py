"""Corrections in a text and in its words. How a name is found stands in name_matching.py."""

import bisect
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from draftmill.transcripts.name_matching import needle, spans, squeezed
from draftmill.transcripts.segments import Segment, Word


@dataclass(frozen=True)
class Correction:
    """One row of `corrections`: what the transcript says, what was meant, and since when."""

    heard: str
    meant: str
    id: int = 0
    made_at: str = ""


@dataclass(frozen=True)
class Place:
    """A found name: the span of its characters, and what belongs there."""

    start: int
    end: int
    text: str


class Sought:
    """Corrections that are looked for in many texts: those that a text cannot have cost it next to nothing."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._all = [(one, needle(one.heard)) for one in corrections]

    def likely(self, text: str) -> list[Correction]:
        """Those whose letters stand in a text."""
        letters = squeezed(text)
        return [one for one, wanted in self._all if wanted in letters]

    def changes(self, text: str, since: str = "") -> Iterator[tuple[Correction, int]]:
        """Those made after `since` that change a text, one after the other, and in how many places."""
        letters = squeezed(text)
        for one, wanted in self._all:
            if wanted in letters and (not since or one.made_at > since):
                text, count = corrected(text, [one])
                if count:
                    yield one, count
                    letters = squeezed(text)


def apply(segment: Segment, corrections: Iterable[Correction]) -> Segment:
    """The sentence with the corrections in its text and in its words.

    Words that become one take the start of the first and the end of the last.
    """
    for correction in corrections:
        text = _corrected(segment.text, correction)
        if text != segment.text:
            words = tuple(_corrected_words(segment, correction))
            segment = replace(segment, text=text, words=words)
    return segment


def corrected(text: str, corrections: Iterable[Correction]) -> tuple[str, int]:
    """The text with the corrections in it, and in how many places it changed."""
    count = 0
    for correction in corrections:
        found = list(places_in(text, correction))
        count += len(found)
        text = _with(text, 0, len(text), found)
    return text, count


def _corrected(text: str, correction: Correction) -> str:
    return _with(text, 0, len(text), list(places_in(text, correction)))


def _with(text: str, start: int, end: int, places: Iterable[Place]) -> str:
    """A stretch of the text with the places in it corrected."""
    parts, at = [], start
    for place in places:
        parts += [text[at : place.start], place.text]
        at = place.end
    return "".join([*parts, text[at:end]])


def places_in(text: str, correction: Correction) -> Iterator[Place]:
    """Where a correction changes the text: whole words that were heard and do not already read as meant."""
    heard = spans(text, correction.heard)
    first = next(heard, None)
    if first is None:
        return
    right = deque(spans(text, correction.meant))
    free = reach = 0  # up to where text was replaced, and up to where it reads as meant
    for span in chain([first], heard):
        start, end = span
        same = 0
        while right and right[0][0] <= start:
            reads = right.popleft()
            same, reach = (end, reach) if reads == span else (same, max(reach, reads[1]))
        if start >= free and reach < end and text[start:end] != correction.meant:
            free = end
            yield Place(start, end, correction.meant)
        reach = max(reach, same)


def _corrected_words(segment: Segment, correction: Correction) -> Iterator[Word]:
    """The sentence's words with the correction: the words of a place become those meant."""
    words = segment.words
    text, starts = _written(words, " " if " " in segment.text else "")
    at = 0
    for first, last, places in _by_words(list(places_in(text, correction)), starts):
        end = starts[last] + len(words[last].text)
        yield from words[at:first]
        yield from _shared(words[first : last + 1], _with(text, starts[first], end, places))
        at = last + 1
    yield from words[at:]


def _by_words(
    places: Sequence[Place], starts: Sequence[int]
) -> Iterator[tuple[int, int, list[Place]]]:
    """The places with the first and last word of each, those together that share a word."""
    groups: list[tuple[int, int, list[Place]]] = []
    for place in places:
        first = bisect.bisect_right(starts, place.start) - 1
        last = bisect.bisect_right(starts, place.end - 1) - 1
        if groups and first <= groups[-1][1]:
            first, _, earlier = groups.pop()
            earlier.append(place)
            groups.append((first, last, earlier))
        else:
            groups.append((first, last, [place]))
    return iter(groups)


def _written(words: Sequence[Word], glue: str) -> tuple[str, list[int]]:
    """The words as one line, and where in it each begins."""
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word.text) + len(glue)
    return glue.join(word.text for word in words), starts


def _shared(words: Sequence[Word], text: str) -> Iterator[Word]:
    """The text's words over the time of the old ones: one by one, or shared by their length."""
    tokens = text.split()
    if len(tokens) == len(words):
        for word, token in zip(words, tokens, strict=True):
            yield word._replace(text=token)
        return
    start, end = words[0].start_s, words[-1].end_s
    letters = sum(map(len, tokens))
    probability = min(word.probability for word in words)
    for token in tokens:
        after = end if token is tokens[-1] else start + (end - start) * len(token) / letters
        yield Word(start, round(after, 3), token, probability)
        start, letters = round(after, 3), letters - len(token)
