"""Timed pieces of text, as every format gives them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from draftmill.errors import Problem
from draftmill.transcripts.segments import Word

MAX_TIME_S = 12 * 3600.0
MOST_WORDS = 250_000  # twelve hours of a fast talker are 180,000
SECONDS_PER_LETTER = 0.12  # slow speech: a word that is shown for longer was followed by a pause
LOST = re.compile(r"(?i)inaudible|unintelligible|indistinct|unclear|garbled")
NOISE = re.compile(
    r"\[[^\]\d]{1,40}\]|\[(?:inaudible|unintelligible|indistinct|crosstalk)[^\]]{1,40}\]|[♩♪♫♬]+"
    r"|\((?:laughter|laughs?|laughing|chuckles?|chuckling|applause|cheers?|cheering|music|singing|sighs?|coughs?"
    r"|inaudible|unintelligible|indistinct|crosstalk|audience|all laugh)[^()]{0,30}\)",
    re.IGNORECASE,
)
SUNG_LINE = re.compile(r"\W{0,5}[♩♪♫♬].*\w")
CLAUSE = re.compile(r"[^。！？，、]+[。！？，、]*|[。！？，、]+")
ASIDE = re.compile(r"\s*(?:\([^()]{1,60}\)|\*[^*]{1,60}\*)\s*")


class BadTimes(Problem):
    code = "transcript_times"
    default_message = "This transcript is longer than 12 hours."
    default_hint = (
        "Check that its times are hours, minutes and seconds from the start of the recording, or"
        " bring it in parts."
    )


class TranscriptTooLong(Problem):
    code = "transcript_too_long"
    default_message = "There are more than 20,000 sentences in this transcript."
    default_hint = "Bring it in parts."


@dataclass(frozen=True)
class Cue:
    """A piece of text with its span in seconds.

    `turn` says that another voice begins here, `sung` that it is a song's text.
    """

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: str = ""
    doubtful: bool = False
    turn: bool = False
    sung: bool = False


def words_of(cue: Cue, spaced: bool = True) -> tuple[Word, ...]:
    """The cue's words; without times of their own they share its span by their length."""
    if cue.words:
        return cue.words
    tokens = cue.text.split() if spaced else CLAUSE.findall(cue.text)
    if len(tokens) > MOST_WORDS:
        raise TranscriptTooLong
    span = min(cue.end_s - cue.start_s, SECONDS_PER_LETTER * 2 * (len(cue.text) + 1))
    scale = span / sum(len(token) + 1 for token in tokens)
    return tuple(placed(tokens, cue.start_s, scale))


def placed(texts: Iterable[str], start_s: float, scale: float) -> Iterator[Word]:
    """Words one after the other, each as long as its letters and a space at `scale` seconds."""
    for text in texts:
        end_s = start_s + scale * (len(text) + 1)
        yield Word(round(start_s, 3), round(end_s, 3), text)
        start_s = end_s


def seconds_of(clock: str) -> float:
    """The seconds of a time such as "1:02:03,5" or "02:03.5"."""
    seconds = 0.0
    for part in clock.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def without_start(cue: Cue, pattern: re.Pattern[str]) -> Cue:
    """The cue without what the pattern matches at its beginning, also in its words."""
    match = pattern.match(cue.text)
    if not match:
        return cue
    gone = len(cue.text[: match.end()].split())
    return replace(cue, text=cue.text[match.end() :].strip(), words=cue.words[gone:])


def spoken(cue: Cue) -> Cue:
    """The cue without "[Music]", "(Laughter)", notes of songs and asides that nobody spoke.

    What nobody understood leaves an ellipsis: its sentence is no longer whole.
    """
    cue = replace(cue, sung=cue.sung or bool(SUNG_LINE.match(cue.text)))
    if ASIDE.fullmatch(cue.text):
        return replace(cue, text="", words=())
    if not NOISE.search(cue.text):
        return replace(cue, text=" ".join(cue.text.split()))
    text = " ".join(NOISE.sub(_heard, cue.text).split())
    whole = len(cue.words) == len(cue.text.split()) and "(" not in cue.text
    kept = (word._replace(text=NOISE.sub(_heard, word.text).strip()) for word in cue.words)
    return replace(cue, text=text, words=tuple(w for w in kept if w.text) if whole else ())


def _heard(noise: re.Match[str]) -> str:
    return "…" if LOST.search(noise[0]) else " "
