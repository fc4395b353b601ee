"""Sentences rebuilt from word times: their starts are truer than the recogniser's own."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from draftmill.letters import capped
from draftmill.transcripts.segments import SOFT, Segment, Word

PAUSE_S = 1.2
LONG = 40  # words: from here on a comma may end a sentence
ENDLESS = 100  # words: from here on the longest pause does
SHORT = 8  # words: no cut leaves less than this
UNSPACED = frozenset({"zh", "ja", "yue", "th", "lo", "my", "km", "bo"})

_CLOSERS = "\"'”’»)]}」』"
_ENDS = (".", "!", "?", "…", "。", "！", "？", "．")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# They stand before a name: a sentence never ends there.
_TITLES = _set(
    "dr mr mrs ms mx prof st sen rep gov gen col lt capt sgt cmdr rev hon pres"
    " vs e.g i.e cf viz al approx ca incl esp dept est"
)
# They may close a sentence, so the next word decides.
_MAY_END = _set("inc ltd co corp llc bros jr sr a.m p.m ph.d m.d b.sc m.sc")
# Only before a number: "No. 7", but "Did it work? No."
_BEFORE_NUMBER = _set("no nos fig figs eq sec ch vol p pp art par")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
OPENERS = _set(
    "the a an and but or so yet i we you he she it they this that these those there here"
    " in on at if when while what who why how where which as for from to with by after before"
    " my our your his her its their no not yes well now then also let let's that's it's i'm we're"
    " you're they're there's what's one some many most all because is are do does did can"
)


def sentences(words: Sequence[Word], spaced: bool = True) -> list[Segment]:
    """Group words in the order of time into sentences.

    A sentence ends at an end mark that follows no abbreviation, before a pause of more than
    1.2 s, and past 40 words at a comma. One that ends without an end mark is SOFT. Without
    `spaced` words are written together, as in Chinese.
    """
    result = []
    for run in _by_marks_and_pauses(words):
        for part in _shortened(run):
            hard = _ends_with_mark(part[-1].text)
            result.append(
                Segment(
                    start_s=part[0].start_s,
                    end_s=part[-1].end_s,
                    text=(" " if spaced else "").join(word.text for word in part),
                    words=tuple(part),
                    flags=frozenset() if hard else frozenset({SOFT}),
                )
            )
    return result


def _by_marks_and_pauses(words: Sequence[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for n, word in enumerate(words):
        run.append(word)
        following = words[n + 1] if n + 1 < len(words) else None
        if (
            following is None
            or following.start_s - word.end_s > PAUSE_S
            or ends_sentence(word.text, following.text)
        ):
            yield run
            run = []


def _shortened(run: list[Word]) -> Iterator[list[Word]]:
    at = 0
    while len(run) - at > LONG:
        # Never looked at beyond ENDLESS: a run may hold all the words of a transcript.
        inside = range(at + SHORT, min(at + ENDLESS, len(run)) - SHORT)
        commas = [n for n in inside if run[n - 1].text.rstrip(_CLOSERS).endswith((",", ";", "，"))]
        if commas:
            cut = min(commas, key=lambda n: abs(n - at - LONG))
        elif len(run) - at > ENDLESS:
            cut = max(inside, key=lambda n: run[n].start_s - run[n - 1].end_s)
        else:
            break
        yield run[at:cut]
        at = cut
    yield run[at:]


def _ends_with_mark(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(_ENDS)


def ends_sentence(text: str, following: str) -> bool:
    """Whether a word with its punctuation ends a sentence, given the word after it."""
    bare = text.rstrip(_CLOSERS)
    if not bare.endswith(_ENDS):
        return False
    opening = following.lstrip("\"'“‘«([{¿¡")
    if bare.endswith(("...", "…")):
        return opening[:1].isupper()
    if not bare.endswith("."):
        return True
    return not _abbreviated(bare[:-1].lstrip("\"'“‘«([{"), opening)


def _abbreviated(core: str, following: str) -> bool:
    """Whether the full stop after `core` only abbreviates it."""
    low = core.lower()
    if low in _TITLES:
        return True
    if low in _BEFORE_NUMBER:
        return following[:1].isdigit()
    if low == "etc":
        return not following[:1].isupper()
    initial = len(core) == 1 and core.isalpha() and core.isupper() and core != "I"
    if low in _MAY_END or initial or _DOTTED.fullmatch(core):
        opener = following.lower().rstrip(",.;:!?…") in OPENERS
        return not (following[:1].isupper() and opener)
    return False


def glued(words: Iterable[Word], spaced: bool = True) -> list[Word]:
    """Whisper's words begin with a space unless they go on with the word before ("3" ".5")."""
    result: list[Word] = []
    for word in words:
        joins = spaced and result and word.text[:1] not in ("", " ")
        if not joins:
            result.append(word)
            continue
        last = result[-1]
        result[-1] = Word(
            last.start_s,
            max(last.end_s, word.end_s),
            last.text + word.text,
            min(last.probability, word.probability),
        )
    return result


def sane(words: Iterable[Word], start_s: float, end_s: float) -> list[Word]:
    """Words with clean text and with times that never run back, between `start_s` and `end_s`.

    Words without text are left out. What comes from outside may hold anything, also NaN.
    """
    result: list[Word] = []
    earliest = start_s
    for word in words:
        text = clean(word.text)
        if not text:
            continue
        start = _within(word.start_s, earliest, end_s)
        result.append(
            Word(
                round(start, 3),
                round(_within(word.end_s, start, end_s), 3),
                text,
                round(_within(word.probability, 0.0, 1.0), 3),
            )
        )
        earliest = start
    return result


def clean(text: str) -> str:
    """One line of text without control characters, lone surrogates and doubled spaces."""
    if text.isprintable():  # as nearly all of a hundred thousand words are
        return " ".join(text.split())
    kept = (
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")
    )
    return " ".join(capped("".join(kept)).split())


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high) if math.isfinite(value) else low
