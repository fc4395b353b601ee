"""Spoken sentences made readable by leaving words out, never by putting words in.

What comes out is a subsequence of the words that went in, with its commas, its first
letter and its full stop put right.
"""

from dataclasses import dataclass

from draftmill.language.doubling import LONGEST_RUN, stumbled
from draftmill.language.lists import (
    AFTER_SO,
    CLAUSE_OPENERS,
    FILLERS,
    LEADING,
    LEADING_BEFORE_COMMA,
    NUMBER_WORDS,
    PARENTHESES,
    STOP,
)
from draftmill.language.words import EDGES, END_MARKS, bare, capitalised

DASH = "–"
UNITS = frozenset(("mm", "um", "ah"))  # behind a number: "40 mm"
I_FORMS = frozenset(("i", "i'm", "i've", "i'll", "i'd"))


@dataclass(frozen=True)
class Cleaned:
    """A readable sentence and how many times its speaker stumbled in it."""

    text: str
    stumbles: int = 0


def clean(text: str, *, ended: bool = True) -> Cleaned:
    """Leave out fillers, doubled runs, empty openings and ", you know,".

    Unless it is `ended` the text is a stretch of captions, of which nobody knows where sentences
    begin and end: it loses fillers and doubled runs only, and gets no marks.
    """
    words = text.split()
    words, fillers = _without_fillers(words)
    words, doubles = _without_doubles(words)
    if not ended:
        return Cleaned(_unmarked(words), fillers + doubles)
    words = _without_opening(words)
    words = _without_opening(_without_parentheses(words))
    return Cleaned(_finished(_without_closing(words)), fillers + doubles)


def tidied(text: str) -> str:
    """A sentence with its first letter and its end mark put right, every word kept."""
    return _finished(text.split())


def _without_fillers(words: list[str]) -> tuple[list[str], int]:
    kept: list[str] = []
    count = 0
    shouted = not any(letter.islower() for word in words for letter in word)
    for at, word in enumerate(words):
        if bare(word) in FILLERS and not _is_a_word(word, kept, shouted):
            count += 1
            _close_gap(kept, word, words[at + 1 : at + 2])
        elif bare(word) or word.strip("-–—,"):
            kept.append(word)
        elif word.strip(",") and kept and kept[-1] != DASH:
            kept.append(DASH)  # what it joins would read as one thought
    return kept, count


def _is_a_word(word: str, before: list[str], shouted: bool) -> bool:
    """Whether a sound is none: "the ER", "40 mm", but not "in 2019, um"."""
    if len(word) > 1 and word.strip(EDGES).isupper() and not shouted:
        return True
    number = before[-1] if before else ""
    if number.casefold() in NUMBER_WORDS:
        return bare(word) == "mm"  # in "one um" it is a sound
    return bare(word) in UNITS and number[-1:].isdigit()


def _close_gap(kept: list[str], removed: str, following: list[str]) -> None:
    """Put the marks around a removed word right.

    It may have ended the sentence, and in "we, um, moved" both commas belonged to it; in
    "in May, um, we moved" one of them belongs to the sentence.
    """
    if not kept:
        return
    if removed[-1] in END_MARKS and kept[-1][-1] not in END_MARKS:
        kept[-1] = kept[-1].rstrip(",;:") + removed[-1]
    elif kept[-1].endswith(",") and removed.endswith(","):
        opens_clause = bool(following) and bare(following[0]) in CLAUSE_OPENERS
        if bare(kept[-1]) in STOP or not opens_clause:
            kept[-1] = kept[-1][:-1]


def _without_doubles(words: list[str]) -> tuple[list[str], int]:
    """Keep the second of two equal runs: its marks are those the sentence goes on with."""
    count = 0
    at = 0
    while at < len(words):
        run = stumbled(words, at)
        if run:
            del words[at : at + run]
            count += 1
            at = max(0, at - LONGEST_RUN)
        else:
            at += 1
    return words, count


def _without_parentheses(words: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(words):
        size = _parenthesis(words, at, after_comma=not kept or kept[-1].endswith(","))
        if not size:
            kept.append(words[at])
        else:
            _close_gap(kept, words[at + size - 1], words[at + size : at + size + 1])
        at += size or 1
    return kept


def _parenthesis(words: list[str], at: int, *, after_comma: bool) -> int:
    """The length of a "you know" between commas that begins here, 0 for none."""
    for phrase in PARENTHESES:
        end = at + len(phrase)
        said = tuple(bare(word) for word in words[at:end])
        if said != phrase or not after_comma or not words[end - 1].endswith(","):
            continue
        following = bare(words[end]) if end < len(words) else ""
        if phrase == ("like",) and (following in NUMBER_WORDS or following[:1].isdigit()):
            continue
        return len(phrase)
    return 0


def _without_opening(words: list[str]) -> list[str]:
    while len(words) > 1:
        first, then = bare(words[0]), bare(words[1])
        comma = words[0].endswith(",")
        if first == "all" and then == "right" and words[1].endswith((",", ".")):
            words = words[2:]
        elif first == "so" and then in AFTER_SO and not comma:
            break
        elif first in LEADING or (first in LEADING_BEFORE_COMMA and comma):
            words = words[1:]
        else:
            break
    return words


def _without_closing(words: list[str]) -> list[str]:
    """Without ", right." and ", you know." at the end; captions have no commas there.

    "You sold it, right?" stays: it asks, and would claim without its last word.
    """
    if words and words[-1].endswith("?"):
        return words
    unmarked = not any(word[-1] in ",;:" or word[-1] in END_MARKS for word in words)
    for phrase in (("right",), ("you", "know"), ("okay",), ("yeah",)):
        size = len(phrase)
        if len(words) <= size + 3 or tuple(map(bare, words[-size:])) != phrase:
            continue
        if words[-size - 1].endswith(",") or (unmarked and phrase == ("you", "know")):
            words = words[:-size]
            words[-1] = words[-1].rstrip(",") + "."
    return words


def _unmarked(words: list[str]) -> str:
    small = not any(letter.isupper() for word in words for letter in word)
    return " ".join(map(_capital_i, words) if small else words).strip(" ,;")


def _finished(words: list[str]) -> str:
    text = _unmarked(words).strip(f"{DASH} ,;")
    if not text:
        return ""
    text = text.lstrip("-–—.… ")
    if text and text[-1] not in END_MARKS + "\"”'’)-–—":
        text = text.rstrip(",;:") + "."
    return capitalised(text)


def _capital_i(word: str) -> str:
    plain = word.replace("’", "'").strip('.,;:!?"')
    return word.replace("i", "I", 1) if plain in I_FORMS else word
