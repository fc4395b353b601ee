"""What a person searches for, as words: bounded, and with nothing in it that means anything else."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.letters import normalized

QUERY_CHARACTERS = 200
MOST_WORDS = 12
# As unicode61 divides a text: letters and numbers, and the marks upon them.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
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
        quoted = " ".join(f'"{word}"' for word in self.words)
        return f"{quoted}*" if self.open_end else quoted

    def has(self, word: str) -> bool:
        """Whether a word of a text was searched for."""
        folded = fold(word)
        if folded in self.folded:
            return True
        return self.open_end and folded.startswith(self.folded[-1])


def words_of(query: str) -> Words:
    """The words of what was typed; what is longer than a query may be is left out."""
    composed = normalized(query[:QUERY_CHARACTERS])
    found = tuple(WORD.findall(composed)[:MOST_WORDS])
    open_end = bool(found) and len(found[-1]) >= PREFIX_CHARACTERS
    return Words(found, tuple(map(fold, found)), open_end)


def fold(word: str) -> str:
    """A word without case and accents."""
    letters = normalized(word.casefold(), "NFKD")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def marked(text: str, words: Words) -> list[Piece]:
    """A text in pieces: what was searched for, and what lies between."""
    pieces: list[Piece] = []
    end = 0
    for match in WORD.finditer(text):
        if words.words and words.has(match[0]):
            pieces += [(text[end : match.start()], False)] if match.start() > end else []
            pieces.append((match[0], True))
            end = match.end()
    return [*pieces, (text[end:], False)] if end < len(text) else pieces


# The bounds keep a text of a million brackets from being searched for ever.
LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
MARKS = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+|\*\*|`", re.MULTILINE)


def without_marks(markdown: str) -> str:
    """The words of a Markdown text: of links and pictures what they are called."""
    return MARKS.sub("", LINK.sub(r"\1", markdown))


def excerpt(text: str, words: Words, characters: int) -> str:
    """So many characters of a long text, around the first place of what was searched for."""
    line = " ".join(text.split())
    first = next((m.start() for m in WORD.finditer(line) if words.has(m[0])), 0)
    begin = max(0, first - characters // 3)
    start = begin and (line.find(" ", begin, first) + 1 or begin)
    cut = line[start : start + characters]
    return f"{'…' if start else ''}{cut}{'…' if start + characters < len(line) else ''}"


def joined(pieces: Sequence[Piece]) -> str:
    """The text of the pieces."""
    return "".join(text for text, _ in pieces)
