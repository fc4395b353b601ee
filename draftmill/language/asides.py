"""What is said in a recording and is no thought of its speaker: songs, introductions, lent voices.

These show in the sentences around them, so a whole recording is read at once.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from draftmill.language.lists import (
    BIOGRAPHY,
    DIRECT_SPEECH,
    INTRODUCTION,
    LENT,
    OWN_VOICE_AGAIN,
)
from draftmill.language.words import bare_words
from draftmill.transcripts.segments import SUNG, Segment

NEAR = 4  # sentences between two of a biography
LONGEST_LENT = 4  # sentences of a lent voice that has no end
QUOTED = re.compile(r"[\"“”]")
QUOTATION = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")
FEWEST_QUOTED = 4  # words: fewer between quotation marks are a term
FEWEST_SUNG = 3


def asides(said: Sequence[Segment]) -> list[str]:
    """Why each sentence is no passage, "" where it may be one."""
    sung, read = _sung(said), _biographies(said)
    return [
        "sung"
        if at in sung
        else "introduction"
        if at in read or INTRODUCTION.search(segment.text)
        else "lent"
        if lent
        else ""
        for at, (segment, lent) in enumerate(zip(said, _lent(said), strict=True))
    ]


def _sung(said: Sequence[Segment]) -> set[int]:
    """Songs: marked with notes, or two lines that come again one after the other, as a chorus does."""
    lines = [" ".join(bare_words(segment.text)) for segment in said]
    pairs = Counter(pair for pair in pairwise(lines) if _is_verse(pair))
    chorus = {at for at, pair in enumerate(pairwise(lines)) if pairs[pair] > 1}
    marked = {at for at, segment in enumerate(said) if SUNG in segment.flags}
    return marked | chorus | {at + 1 for at in chorus}


def _is_verse(pair: tuple[str, str]) -> bool:
    return all(len(line.split()) >= FEWEST_SUNG for line in pair)


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
    quoting, left, speaker = False, 0, ""
    for segment in said:
        if segment.speaker != speaker or OWN_VOICE_AGAIN.match(segment.text):
            left = 0
            quoting = quoting and segment.speaker == speaker
        speaker = segment.speaker
        opened = quoting
        quoting = _still_quoting(segment.text, quoting)
        if DIRECT_SPEECH.search(segment.text) and not QUOTED.search(segment.text):
            left = LONGEST_LENT
        yield opened or quoting or left > 0 or _is_lent(segment.text)
        left = max(0, left - 1)


def _still_quoting(text: str, quoting: bool) -> bool:
    """Whether a quotation is open at the end of a text."""
    for mark in QUOTED.findall(text):
        quoting = mark == "“" or (mark == '"' and not quoting)
    return quoting


def _is_lent(text: str) -> bool:
    spans = (one or other for one, other in QUOTATION.findall(text))
    return bool(LENT.search(text)) or any(len(span.split()) >= FEWEST_QUOTED for span in spans)
