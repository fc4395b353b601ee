"""An answer that repeats itself: small models fall into a sentence and never leave it."""

import re
from collections import Counter
from collections.abc import Iterator

from draftmill.evidence.tokens import words_of
from draftmill.writers.model.citations import CITED
from draftmill.writers.model.code import CODE
from draftmill.writers.model.thinking import answer_in

TIMES = 3  # so often said is no emphasis any more
SENTENCE_WORDS = 4  # fewer are a refrain
POINT_WORDS = 8  # fewer may hold of several points of a list: "Due date: not said in the meeting"
POINT = re.compile(r"[ \t]*+(?:[-*+\u2022|]|\d{1,3}[.)])[ \t*_|]|[ \t]{2}")
LABELLED = re.compile(r"[*_]{0,3}[^\W\d_][\w \t/-]{0,30}[*_]{0,3}:")
TAGS = re.compile(r"[ \t]*+(?:[#\uff03]\w++[ \t,;.]*+)++")
ENDS = re.compile(r"[.!?\u2026\u3002\uff01\uff1f]+")
WINDOW = 1500  # characters at the end of an answer that are nothing but
PERIOD = 500  # the same so many, again and again
FIRST_LOOK = 400
GROWTH = 1.1  # each look is at so much more than the last: looking costs what reading does


class Watch:
    """Looks at an answer as it grows, ever more rarely."""

    def __init__(self) -> None:
        self._next = FIRST_LOOK

    def sees(self, parts: list[str], characters: int) -> bool:
        """Whether what came so far repeats itself."""
        if characters < self._next:
            return False
        self._next = int(max(characters + FIRST_LOOK, characters * GROWTH))
        text = "".join(parts)
        return circles(text) or said_too_often(answer_in(text)) is not None


def said_too_often(text: str) -> str | None:
    """The first sentence that a text says for the third time, outside of code; None if none is."""
    seen: Counter[tuple[str, ...]] = Counter()
    for sentence, fewest in _sentences(text):
        words = tuple(words_of(sentence))
        seen[words] += len(words) >= fewest
        if seen[words] >= TIMES:
            return sentence
    return None


def circles(text: str) -> bool:
    """Whether a text ends in the same few characters, again and again, whatever they are."""
    end = text[-WINDOW:]
    return len(end) == WINDOW and _period(end[::-1]) <= PERIOD


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    """Each sentence, and how many words it must have to be counted. Lines of tags have none."""
    for line in CITED.sub("", CODE.sub("\n", text)).split("\n"):
        if TAGS.fullmatch(line):
            continue
        listed = POINT.match(line)
        for piece in ENDS.split(line):
            if sentence := piece.strip():
                of_few = listed or LABELLED.match(sentence)
                yield sentence, POINT_WORDS if of_few else SENTENCE_WORDS


def _period(text: str) -> int:
    """The shortest length after which a text goes on as it began.

    By the borders of its beginnings (Knuth, Morris and Pratt, "Fast pattern matching in
    strings", 1977).
    """
    borders = [0] * len(text)
    for at in range(1, len(text)):
        border = borders[at - 1]
        while border and text[at] != text[border]:
            border = borders[border - 1]
        borders[at] = border + (text[at] == text[border])
    return len(text) - borders[-1]
