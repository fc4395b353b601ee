"""One window, from samples to sentences that can be believed."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import groupby

from draftmill.speech import confidence
from draftmill.speech.recogniser import Heard, HeardUntil, Recogniser, Span
from draftmill.speech.windows import Window
from draftmill.transcripts.segments import DOUBTFUL, SOFT, Segment, Word
from draftmill.transcripts.sentences import UNSPACED, clean, sane, sentences

AGAIN_EDGE_S = 0.2
ONSET_S = 0.1  # the detector notices speech a little late


@dataclass(frozen=True)
class Listened:
    """What a window gave: sentences in true time, and the sums that judge the language."""

    segments: list[Segment]
    facts: confidence.Facts

    def by(self, speaker: str) -> "Listened":
        """The same, said by somebody."""
        return replace(self, segments=[replace(one, speaker=speaker) for one in self.segments])


def listen(window: Window, recogniser: Recogniser, heard_until: HeardUntil) -> Listened:
    """Recognise a window: skip its silences, hear skipped speech again, drop inventions.

    `heard_until` is told the seconds of the window done so far.
    """
    heard: list[Heard] = []
    for span in window.islands:
        heard += _hear(window, span, recogniser, heard_until)
    believed = [one for one in heard if not confidence.invented(one, window.speech)]
    if recogniser.scored and confidence.sure(believed):
        again = _again(window, recogniser, believed)
        believed += [one for one in again if not confidence.invented(one, window.speech)]
        believed.sort(key=lambda one: one.start_s)
    facts = confidence.facts_of(believed, window.speech)
    return Listened(_segments(window, believed, recogniser.language not in UNSPACED), facts)


def _hear(
    window: Window, span: Span, recogniser: Recogniser, heard_until: HeardUntil
) -> list[Heard]:
    start_s = span[0]
    heard = recogniser.hear(window.part(span), lambda second: heard_until(start_s + second))
    return [one.later(start_s) for one in heard]


def _again(window: Window, recogniser: Recogniser, heard: list[Heard]) -> list[Heard]:
    """What is said where the recogniser left out whole runs of words: its largest error."""
    found = []
    for gap in confidence.skipped(window.speech, heard):
        span = (max(0.0, gap[0] - AGAIN_EDGE_S), min(window.duration_s, gap[1] + AGAIN_EDGE_S))
        for one in _hear(window, span, recogniser, lambda second: None):
            words = tuple(w for w in one.words if gap[0] <= (w.start_s + w.end_s) / 2 <= gap[1])
            if words:
                found.append(
                    replace(one, start_s=words[0].start_s, end_s=words[-1].end_s, words=words)
                )
    return found


def _segments(window: Window, heard: list[Heard], spaced: bool) -> list[Segment]:
    segments: list[Segment] = []
    for (flags, _), group in groupby(heard, key=lambda one: (_flags(one), bool(one.words))):
        for segment in _sentences(window, list(group), spaced):
            segments.append(replace(segment, flags=segment.flags | flags))
    return _in_order(segments, window)


def _flags(heard: Heard) -> frozenset[str]:
    return frozenset({DOUBTFUL}) if confidence.doubtful(heard) else frozenset()


def _sentences(window: Window, heard: list[Heard], spaced: bool) -> list[Segment]:
    if heard[0].words:
        words = [word for one in heard for word in one.words]
        moved = Heard(0.0, 0.0, "", _onto_speech(words, window.speech)).later(window.start_s)
        return sentences(sane(moved.words, window.start_s, window.end_s), spaced)
    return [
        Segment(one.start_s, one.end_s, text, flags=_soft(text))
        for one in (one.later(window.start_s) for one in heard)
        if (text := clean(one.text))
    ]


def _onto_speech(words: list[Word], speech: list[Span]) -> tuple[Word, ...]:
    """Words that were stretched over a silence before them begin where somebody speaks."""
    starts, ends = [start for start, _ in speech], [end for _, end in speech]
    result = []
    for word in words:
        n = bisect_right(ends, word.start_s)
        begin_s = starts[n] - ONSET_S if n < len(starts) else word.start_s
        if word.start_s < begin_s < word.end_s:
            word = word._replace(start_s=begin_s)
        result.append(word)
    return tuple(result)


def _soft(text: str) -> frozenset[str]:
    ended = text.rstrip("\"'”’»)]").endswith((".", "!", "?", "…", "。", "！", "？"))
    return frozenset() if ended else frozenset({SOFT})


def _in_order(segments: list[Segment], window: Window) -> list[Segment]:
    """Starts that never run back, and nothing outside the window."""
    result = []
    earliest = window.start_s
    for segment in segments:
        start = min(max(segment.start_s, earliest), window.end_s)
        end = min(max(segment.end_s, start), window.end_s)
        result.append(replace(segment, start_s=round(start, 3), end_s=round(end, 3)))
        earliest = start
    return result
