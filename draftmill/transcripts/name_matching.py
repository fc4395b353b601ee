"""Finding a name in what was said, however it was written.

Names are compared without case, spaces, hyphens and apostrophes, over one to four whole words:
"draft mill", "Draft-Mill" and "draftmill's" all hold "draftmill".
"""

import functools
import re
import unicodedata
from collections.abc import Iterator

from draftmill.letters import UNSPACED, normalized

MOST_WORDS = 4

# Letters of any script with their marks: everything but spaces and punctuation.
_LETTERS = (
    r"[^\s\x00-/:-@\[-`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u2000-\u206f\u3000-\u303f\uff01-\uff0f]+"
)
WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")
JOINT = re.compile(r"[-‐‑]\s?|\s+")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
SYMBOL = re.compile(r"[+#&@$%*/=]")


@functools.lru_cache(maxsize=4096)
def key(text: str) -> str:
    """What is compared: the letters and digits alone, without case."""
    composed = normalized(text, "NFKC")
    return "".join(c for c in composed if unicodedata.category(c)[0] in "LMN").casefold()


def spans(text: str, name: str) -> Iterator[tuple[int, int]]:
    """The places of a name in a text, as (start, end) of its characters without a possessive 's."""
    if wanted := needle(name):
        most = max(MOST_WORDS, len(WORD.findall(name)))
        return _spelled(text, wanted, most) if wanted in squeezed(text) else iter(())
    if UNSPACED.search(name):
        found = re.finditer(re.escape(name), text, re.IGNORECASE)
    elif SYMBOL.search(name):  # the letters of "C++" alone would find vitamin C
        found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    else:
        return iter(())
    return (match.span() for match in found)


@functools.lru_cache(maxsize=4096)
def needle(name: str) -> str:
    """What stands in every `squeezed` text that has the name; "" where that would say nothing."""
    return "" if UNSPACED.search(name) or SYMBOL.search(name) else key(name)


@functools.lru_cache(maxsize=4)
def squeezed(text: str) -> str:
    """The text without what may stand inside a name: a quick look whether a search is worth it."""
    text = normalized(text, "NFKC").casefold()
    for mark in (" ", "-", "‐", "'", "’"):
        text = text.replace(mark, "")
    return "".join(text.split())


def _spelled(text: str, wanted: str, most: int) -> Iterator[tuple[int, int]]:
    words = list(WORD.finditer(text))
    for first, word in enumerate(words):
        so_far = ""
        for last in range(first, min(first + most, len(words))):
            said, end = words[last].group(), words[last].end()
            if last > first and not JOINT.fullmatch(text[words[last - 1].end() : end - len(said)]):
                break
            owner = POSSESSIVE.sub("", said)
            if owner != said and so_far + key(owner) == wanted:
                yield word.start(), end - len(said) + len(owner)
                break
            so_far += key(said)
            if so_far == wanted:
                yield word.start(), end
                break
            if not wanted.startswith(so_far):
                break
