"""Unicode text brought into one spelling, or made fit for a terminal, in linear time."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

MOST_MARKS = 30  # on one letter: Unicode's own measure of what any language needs (UAX 15)
# Where marks may be: they are no letters, but for the two that Japanese has in half width.
_RUN = re.compile(rf"[\W\uff9e\uff9f]{{{MOST_MARKS + 1},}}+")
# A letter or mark of a script that has no spaces between words.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


def normalized(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC") -> str:
    """The text in a Unicode form, with at most 30 marks on a letter.

    Marks are put in order first, which takes the square of their number: a word with a hundred
    thousand of them would take half a minute, and hold the interpreter all the while.
    """
    return text if text.isascii() else unicodedata.normalize(form, capped(text))


def capped(text: str) -> str:
    """The text without the marks beyond the thirtieth on a letter."""
    return text if text.isascii() else _RUN.sub(_capped_run, text)


def printable(text: str) -> str:
    """The text with "?" for whatever would end a line, move a cursor or turn the reading."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "?" for one in text)


def _capped_run(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in match[0]:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


@lru_cache(4096)
def _is_mark(character: str) -> bool:
    """Whether it is put in order among the marks of a letter, itself or once it is taken apart."""
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) > 0
