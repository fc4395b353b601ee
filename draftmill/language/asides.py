"""What is said in a recording and is no thought of its speaker: songs, introductions, lent voices.

These show in the sentences around them, so a whole recording is read at once.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from draftmill.language.aside_patterns import (
    BIOGRAPHY,
    DIRECT_SPEECH,
    INTRODUCTION,
    LENT,
    OWN_VOICE_AGAIN,
    QUOTED_ANSWER,
    TO_THE_AUDIENCE,
)
from draftmill.language.words import bare_words
from draftmill.transcripts.segments import SUNG, TURN, Segment

NEAR = 4  # sentences between two of a biography
LONGEST_LENT = 4  # sentences of a lent voice that has no end
QUOTED = re.compile(r"(?<!\d)\"|[“”„]")
MARK = re.compile(r"[\"“”„]")
WORD = re.compile(r"[^\s:—–]+")
LETTER = re.compile(r"\w")
FEWEST_QUOTED = 4  # words: fewer between quotation marks are a term
LONGEST_QUOTED = 6  # sentences of a quotation; one that is open longer was never closed
MOST_QUOTED = 120  # words of it
FEWEST_SUNG = 3
REFRAIN, FEWEST_REFRAINS, VERSES = 6, 3, 4  # words of a line, how often, lines between two
UNQUOTE = re.compile(r"(?i)\b(?:end|close)\s++(?:of\s++)?quote\b|\bunquote\b")


def asides(said: Sequence[Segment]) -> list[str]:
    """Why each sentence is no passage, "" where it may be one."""
    songs, read = sung(said), _biographies(said)
    return [
        "sung"
        if at in songs
        else "introduction"
        if at in read or _is_introduction(segment.text)
        else "lent"
        if lent
        else ""
        for at, (segment, lent) in enumerate(zip(said, _lent(said), strict=True))
    ]


def sung(said: Sequence[Segment]) -> set[int]:
    """Songs: marked with notes, or lines that come again, as a chorus does."""
    lines = [" ".join(bare_words(segment.text)) for segment in said]
    pairs = Counter(pair for pair in pairwise(lines) if _is_verse(pair))
    chorus = {at for at, pair in enumerate(pairwise(lines)) if pairs[pair] > 1}
    marked = {at for at, segment in enumerate(said) if SUNG in segment.flags}
    return marked | chorus | {at + 1 for at in chorus} | _refrains(lines)


def _refrains(lines: Sequence[str]) -> set[int]:
    """A long line that comes again and again, with the few lines between, as verses stand."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        places.setdefault(line, []).append(at)
    return {
        at
        for line, found in places.items()
        if len(found) >= FEWEST_REFRAINS and len(line.split()) >= REFRAIN
        for one, other in pairwise(found)
        if other - one <= VERSES + 1
        for at in range(one, other + 1)
    }


def _is_verse(pair: tuple[str, str]) -> bool:
    return all(len(line.split()) >= FEWEST_SUNG for line in pair)


def _is_introduction(text: str) -> bool:
    return bool(INTRODUCTION.search(text) or TO_THE_AUDIENCE.search(text))


def _biographies(said: Sequence[Segment]) -> set[int]:
    """Sentences of a biography that is read: several close together, or after an introduction."""
    marks = [
        at
        for at, segment in enumerate(said)
        if BIOGRAPHY.search(segment.text) or INTRODUCTION.search(segment.text)
    ]
    found: set[int] = set()
    for one, other in pairwise(marks):
        if other - one <= NEAR:
            found.update(range(one, other + 1))
    return found


def _lent(said: Sequence[Segment]) -> Iterator[bool]:
    """Whether each sentence is what its speaker puts into somebody else's mouth."""
    lent = quoted(said)
    left, speaker = 0, ""
    for at, segment in enumerate(said):
        others = segment.speaker != speaker or TURN in segment.flags
        if others or OWN_VOICE_AGAIN.match(segment.text):
            left = 0
        speaker = segment.speaker
        begins = DIRECT_SPEECH.search(segment.text) or QUOTED_ANSWER.search(segment.text)
        if begins and not QUOTED.search(segment.text):
            left = LONGEST_LENT
        yield at in lent or left > 0 or bool(LENT.search(segment.text))
        left = 0 if UNQUOTE.search(segment.text) else max(0, left - 1)


@dataclass(frozen=True)
class _Opened:
    """Where a quotation begins: its sentence, its word counted from the first, its mark."""

    at: int
    word: int
    straight: bool


def quoted(said: Sequence[Segment]) -> set[int]:
    """Sentences within quotation marks; of a quotation that is never closed only its first."""
    found: set[int] = set()
    opened: _Opened | None = None
    words = 0
    for at, segment in enumerate(said):
        if opened and (segment.speaker != said[at - 1].speaker or TURN in segment.flags):
            opened = None
        for word, mark, opens in _quotation_marks(segment.text):
            if opens:
                found.update({at} if opened and opened.at == at else ())
                opened = _Opened(at, words + word, mark == '"')
            elif opened and opened.straight == (mark == '"'):
                found.update(_span(opened, at, words + word))
                opened = None
        if opened and opened.at == at:
            found.add(at)
        words += len(segment.text.split())
    return found


def _span(opened: _Opened, at: int, word: int) -> range:
    """The sentences of a quotation that is closed, none where it is a term or too long for one."""
    length = word - opened.word + 1
    long_enough = at > opened.at or length >= FEWEST_QUOTED
    short_enough = at - opened.at < LONGEST_QUOTED and length <= MOST_QUOTED
    return range(opened.at, at + 1) if long_enough and short_enough else range(0)


def _quotation_marks(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each mark with its word's number and whether it opens: it does before a word's letters."""
    if not MARK.search(text):
        return
    for number, word in enumerate(WORD.findall(text)):
        letter = LETTER.search(word)
        for mark in MARK.finditer(word):
            before = mark.start() < letter.start() if letter else mark[0] in "“„"
            yield number, mark[0], before
