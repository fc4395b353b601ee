"""What a person searches for, as words: bounded, and with nothing in it that means anything else."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.database.search_text import IN_WORDS, JOINERS, spaced
from draftmill.letters import UNSPACED, normalized

QUERY_CHARACTERS = 200
MOST_WORDS = 12
# As the index divides a text: a run of a script without spaces, of whose letters each is a word
# there, or letters and numbers, and the marks upon them.
_MARKS = "".join(map(chr, IN_WORDS)) + JOINERS
_SPACED = rf"(?!{UNSPACED.pattern})[^\W_]"
WORD = re.compile(rf"{UNSPACED.pattern}+|{_SPACED}(?:{_SPACED}|[{_MARKS}])*")
PREFIX_CHARACTERS = 2  # of one letter alone is not asked what begins with it

Piece = tuple[str, bool]  # of a text, and whether it was searched for


@dataclass(frozen=True)
class Words:
    """The words of a query, as typed and folded; the last is the beginning of one if `open_end`."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    open_end: bool

    @property
    def match(self) -> str:
        """A full-text query of quoted words: nothing in it is an operator. "" without words."""
        quoted = " ".join(f'"{" ".join(spaced(word).split())}"' for word in self.words)
        return f"{quoted}*" if self.open_end else quoted

    def inside(self, word: str) -> list[tuple[int, int]]:
        """The places in a word of a text, or in a run without spaces, that were searched for."""
        if UNSPACED.match(word):
            parts = _any_of(self.words)
            return [match.span() for match in parts.finditer(word)] if parts else []
        return [(0, len(word))] if self._has(word) else []

    def _has(self, word: str) -> bool:
        folded = fold(word)
        if folded in self.folded:
            return True
        return self.open_end and folded.startswith(self.folded[-1])


def words_of(query: str) -> Words:
    """The words of what was typed; what is longer than a query may be is left out."""
    composed = normalized(query[:QUERY_CHARACTERS])
    words = (word for word in WORD.findall(composed) if any(map(_counts, word)))
    found = tuple(itertools.islice(words, MOST_WORDS))
    open_end = bool(found) and len(found[-1]) >= PREFIX_CHARACTERS and not UNSPACED.match(found[-1])
    return Words(found, tuple(map(fold, found)), open_end)


def _counts(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"


@functools.lru_cache(64)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds the words without spaces, the longest first; None if there is none."""
    unspaced = sorted(filter(UNSPACED.match, words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, unspaced))) if unspaced else None


def fold(word: str) -> str:
    """A word without case, accents, points and strokes."""
    return spaced(word).casefold()


def marked(text: str, words: Words) -> list[Piece]:
    """A text in pieces: what was searched for, and what lies between."""
    pieces: list[Piece] = []
    end = 0
    for match in WORD.finditer(text) if words.words else ():
        for start, stop in words.inside(match[0]):
            start, stop = match.start() + start, match.start() + stop
            pieces += [(text[end:start], False)] if start > end else []
            pieces.append((text[start:stop], True))
            end = stop
    return [*pieces, (text[end:], False)] if end < len(text) else pieces


def excerpt(text: str, words: Words, characters: int) -> str:
    """So many characters of a long text, around the first place of what was searched for."""
    line = " ".join(text.split())
    places = (m.start() + span[0] for m in WORD.finditer(line) for span in words.inside(m[0]))
    first = next(places, 0)
    begin = max(0, first - characters // 3)
    start = begin and (line.find(" ", begin, first) + 1 or begin)
    cut = line[start : start + characters]
    return f"{'…' if start else ''}{cut}{'…' if start + characters < len(line) else ''}"


def joined(pieces: Sequence[Piece]) -> str:
    """The text of the pieces."""
    return "".join(text for text, _ in pieces)
