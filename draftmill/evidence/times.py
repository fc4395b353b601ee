"""Whether a time beside a sentence is that of its words, and which time is right."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from draftmill.clock import clock
from draftmill.evidence.blocks import TimeMark
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Flaw
from draftmill.evidence.spoken import Place
from draftmill.evidence.support import WINDOW, Found

KIND = "time"
OFF_S = 5.0  # seconds that a time may be off
ALSO_BEST = 0.8  # of the best window's score: it may be meant as well
TELLING = 0.5  # of the best window's score: a sentence of it that a time may lead to


def of_quotation(
    recording: Recording, marks: Sequence[TimeMark], places: Sequence[Place]
) -> list[Flaw]:
    """The times beside a quotation that are none of those at which it was said."""
    spans = []
    for place in places:
        said = recording.spoken.said_in(place)
        spans.append((min(place.start_s, said[0].start_s), said[-1].end_s))
    return _off(marks, spans, places[0].start_s)


def of_prose(recording: Recording, marks: Sequence[TimeMark], found: Sequence[Found]) -> list[Flaw]:
    """The times beside a claim at which nothing of the kind was said.

    `found` is how the claim stands to the recording, then others whose times are right, too.
    """
    spans = [span for one in found for span in _spans(recording, one)]
    if not spans:
        return []
    said = found[0].sentences[: len(recording.segments)]
    return _off(marks, spans, recording.segments[int(said.argmax())].start_s)


def of_heading(
    recording: Recording, marks: Sequence[TimeMark], found: Sequence[Found]
) -> list[Flaw]:
    """The times of a heading that lie outside of what its section tells; `found` is of its sentences."""
    spans = sorted(span for one in found for span in _spans(recording, one))
    if not spans:
        return []
    first, last = spans[0][0], max(end for _, end in spans)
    begun = (one.start_s for one in recording.chapters if one.start_s <= first < one.end_s)
    return _off(marks, [(min([first, *begun]), last)], first)


def _spans(recording: Recording, found: Found) -> Iterable[tuple[float, float]]:
    """When a claim was said: the telling sentences of its best windows."""
    best = float(found.windows.max(initial=0.0))
    good = (found.windows >= ALSO_BEST * best).nonzero()[0]
    for at in sorted({n for first in good for n in range(int(first), int(first) + WINDOW)}):
        if at < len(recording.segments) and found.sentences[at] >= TELLING * best:
            yield recording.segments[at].start_s, recording.segments[at].end_s


def _off(
    marks: Iterable[TimeMark], spans: Sequence[tuple[float, float]], right: float
) -> list[Flaw]:
    allowed = _joined(spans)
    starts = [start for start, _ in allowed]
    found = []
    for mark in marks:
        before = bisect_right(starts, mark.seconds)
        if not before or mark.seconds > allowed[before - 1][1]:
            found.append(Flaw(KIND, clock(mark.seconds), clock(right)))
    return found


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans with what they may be off by, in their order; those that touch are one."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted((start - OFF_S, end + OFF_S) for start, end in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
