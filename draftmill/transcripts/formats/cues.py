"""Timed pieces of text, as every format gives them, and the sentences made from them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from draftmill.errors import Problem
from draftmill.transcripts.formats.labels import (
    LABEL,
    TURN,
    label_of,
    may_be_a_name,
    names_among,
)
from draftmill.transcripts.formats.soft import cut_softly, has_end_marks
from draftmill.transcripts.segments import DOUBTFUL, Segment, Word
from draftmill.transcripts.sentences import sentences

MAX_TIME_S = 12 * 3600.0
MOST_SEGMENTS = 20_000
MOST_WORDS = 250_000  # twelve hours of a fast talker are 180,000
SECONDS_PER_LETTER = 0.12  # slow speech: a word that is shown for longer was followed by a pause
NOISE = re.compile(r"\[[^\]\d]{1,40}\]|[♩♪♫♬]+")
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
    """A piece of text with its span in seconds. `turn` says that another voice begins here."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: str = ""
    doubtful: bool = False
    turn: bool = False


def segments_from(cues: Sequence[Cue], spaced: bool = True) -> list[Segment]:
    """The sentences of the cues, in the order of time. No sentence crosses a change of voice.

    Without `spaced` the language writes its words together. Raises BadTimes when a cue lies
    beyond 12 hours, and TranscriptTooLong.
    """
    if any(cue.end_s > MAX_TIME_S for cue in cues):
        raise BadTimes
    found: list[Segment] = []
    left = MOST_WORDS
    for run in _runs(with_speakers([spoken for cue in cues if (spoken := _spoken(cue)).text])):
        flags = {DOUBTFUL} if run[0].doubtful else set()
        words = _in_order(islice((w for cue in run for w in words_of(cue, spaced)), left + 1))
        left -= len(words)
        if left < 0 or len(found) > MOST_SEGMENTS:
            raise TranscriptTooLong
        marked = not spaced or has_end_marks(words)
        for segment in sentences(words, spaced) if marked else cut_softly(words):
            found.append(
                replace(segment, speaker=run[0].speaker, flags=segment.flags | flags, n=len(found))
            )
    if len(found) > MOST_SEGMENTS:
        raise TranscriptTooLong
    return found


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


def with_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Take names such as "Ada:" from the cues' beginnings into their speakers.

    Text after a label belongs to its speaker until the next label or change of voice. After a
    label that may be a name and is not taken for one nobody knows who speaks: its text stays
    whole, without a speaker.
    """
    found = [label_of(cue.text) for cue in cues]
    names = names_among([label for cue, label in zip(cues, found, strict=True) if not cue.speaker])
    named, speaker = [], ""
    for cue, label in zip(cues, found, strict=True):
        if cue.speaker:
            named.append(cue)
        elif label in names:
            speaker = label
            named.append(replace(without_start(cue, LABEL), speaker=label, turn=True))
        elif TURN.match(cue.text):
            speaker = ""
            named.append(replace(without_start(cue, TURN), turn=True))
        elif names and may_be_a_name(label):
            speaker = ""
            named.append(replace(cue, turn=True))
        else:
            named.append(replace(cue, speaker=speaker))
    return [cue for cue in named if cue.text]


def without_start(cue: Cue, pattern: re.Pattern[str]) -> Cue:
    """The cue without what the pattern matches at its beginning, also in its words."""
    match = pattern.match(cue.text)
    if not match:
        return cue
    gone = len(cue.text[: match.end()].split())
    return replace(cue, text=cue.text[match.end() :].strip(), words=cue.words[gone:])


def _spoken(cue: Cue) -> Cue:
    """The cue without "[Music]", notes of songs and asides that nobody spoke."""
    if ASIDE.fullmatch(cue.text):
        return replace(cue, text="", words=())
    if not NOISE.search(cue.text):
        return replace(cue, text=" ".join(cue.text.split()))
    words = tuple(word for word in cue.words if NOISE.sub("", word.text).strip())
    return replace(cue, text=" ".join(NOISE.sub(" ", cue.text).split()), words=words)


def _runs(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    run: list[Cue] = []
    for cue in cues:
        if run and (cue.turn or _voice(cue) != _voice(run[-1])):
            yield run
            run = []
        run.append(cue)
    if run:
        yield run


def _voice(cue: Cue) -> tuple[str, bool]:
    return cue.speaker, cue.doubtful


def _in_order(words: Iterable[Word]) -> list[Word]:
    """The words with times that never run backwards, and ends that stay before the next start."""
    ordered: list[Word] = []
    floor = 0.0
    for word in words:
        start = max(word.start_s, floor)
        ordered.append(word._replace(start_s=start, end_s=max(word.end_s, start)))
        floor = start
    return [
        *(
            word._replace(end_s=max(word.start_s, min(word.end_s, following.start_s)))
            for word, following in pairwise(ordered)
        ),
        *ordered[-1:],
    ]
