"""Cues -> sentences: each in one voice, its words in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from draftmill.transcripts.formats.cues import (
    MAX_TIME_S,
    MOST_WORDS,
    BadTimes,
    Cue,
    TranscriptTooLong,
    words_of,
)
from draftmill.transcripts.formats.soft import cut_softly, has_end_marks
from draftmill.transcripts.formats.voices import with_speakers
from draftmill.transcripts.segments import DOUBTFUL, SUNG, TURN, Segment, Word
from draftmill.transcripts.sentences import sentences

MOST_SEGMENTS = 20_000


def segments_from(cues: Sequence[Cue], spaced: bool = True) -> list[Segment]:
    """The sentences of the cues, in the order of time. No sentence crosses a change of voice.

    Without `spaced` the language writes its words together. Raises BadTimes when a cue lies
    beyond 12 hours, and TranscriptTooLong.
    """
    if any(cue.end_s > MAX_TIME_S for cue in cues):
        raise BadTimes
    found: list[Segment] = []
    left = MOST_WORDS
    for run in _runs(with_speakers(cues)):
        flags = {DOUBTFUL} if run[0].doubtful else set()
        flags |= {SUNG} if run[0].sung else set()
        opening = {TURN} if run[0].turn and not run[0].speaker else set()
        words = _in_order(islice((w for cue in run for w in words_of(cue, spaced)), left + 1))
        left -= len(words)
        if left < 0 or len(found) > MOST_SEGMENTS:
            raise TranscriptTooLong
        marked = not spaced or has_end_marks(words)
        for segment in sentences(words, spaced) if marked else cut_softly(words):
            own = segment.flags | flags | opening
            found.append(replace(segment, speaker=run[0].speaker, flags=own, n=len(found)))
            opening = set()
    if len(found) > MOST_SEGMENTS:
        raise TranscriptTooLong
    return found


def _runs(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    run: list[Cue] = []
    for cue in cues:
        if run and (cue.turn or _voice(cue) != _voice(run[-1])):
            yield run
            run = []
        run.append(cue)
    if run:
        yield run


def _voice(cue: Cue) -> tuple[str, bool, bool]:
    return cue.speaker, cue.doubtful, cue.sung


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
