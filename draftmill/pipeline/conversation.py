"""The sentences of several tracks as one conversation: in the order of time, each said once."""

from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from draftmill.language.words import bare_words
from draftmill.media.audio import AudioDecoder
from draftmill.media.timeline import RATE, Samples
from draftmill.transcripts.segments import Segment

Listen = Callable[[int, float, float], Samples]

AROUND_S = 1.0  # the same words start at nearly the same time, however they were cut
COVERED = 0.5  # of a sentence, during which somebody speaks on the other track too
SAME_WORDS = 0.6
SAME_SOUND = 0.8  # of loud and quiet
LOOK_S = 0.03
LATEST_S = 0.12  # by air, from one microphone to another: forty metres


def conversation(tracks: dict[int, list[Segment]], listen: Listen) -> list[Segment]:
    """All sentences in the order of time, without what another microphone heard from afar.

    `listen` gives the samples of a track between two times.
    """
    kept = [
        segment
        for track, segments in tracks.items()
        for segment in segments
        if not any(
            _heard_from_afar(segment, track, other, others, listen)
            for other, others in tracks.items()
            if other != track
        )
    ]
    return sorted(kept, key=lambda segment: (segment.start_s, segment.end_s))


def samples_between(path: Path, track: int, start_s: float, end_s: float) -> Samples:
    """A few seconds of one track."""
    wanted = round((end_s - start_s) * RATE)
    samples, place = np.zeros(wanted, np.float32), 0
    for block in AudioDecoder(path, start_s, track=track):
        place = max(0, round((block.start_s - start_s) * RATE))
        if place >= wanted:
            break
        part = block.samples[: wanted - place]
        samples[place : place + len(part)] = part
        if block.end_s >= end_s:
            break
    return samples


def _heard_from_afar(
    segment: Segment, track: int, other: int, others: list[Segment], listen: Listen
) -> bool:
    """Whether a sentence is a quieter copy of what is said on another track."""
    near = [one for one in others if _overlap_s(segment, one, AROUND_S) > 0]
    covered_s = sum(_overlap_s(segment, one, 0.0) for one in near)
    if covered_s < COVERED * (segment.end_s - segment.start_s):
        return False
    span = segment.start_s, max(segment.end_s, segment.start_s + 0.5)
    mine, theirs = listen(track, *span), listen(other, *span)
    if (_power(mine), other) > (_power(theirs), track):
        return False
    return _same_words(segment, near) >= SAME_WORDS or _same_sound(mine, theirs) >= SAME_SOUND


def _overlap_s(one: Segment, other: Segment, around_s: float) -> float:
    return max(
        0.0, min(one.end_s, other.end_s + around_s) - max(one.start_s, other.start_s - around_s)
    )


def _power(samples: Samples) -> float:
    return float(np.square(samples).mean()) if len(samples) else 0.0


def _same_words(segment: Segment, others: list[Segment]) -> float:
    """How many of a sentence's words the others hold in the same order."""
    mine = bare_words(segment.text)
    theirs = [word for one in others for word in bare_words(one.text)]
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(1, len(mine))


def _same_sound(mine: Samples, theirs: Samples) -> float:
    """How alike two pieces of the same length are loud and quiet, one a little later."""
    one, other = _loudness(mine), _loudness(theirs)
    latest = round(LATEST_S / LOOK_S)
    if len(one) < 4 * latest:
        return 0.0
    pairs = [(one[by:], other[: len(other) - by]) for by in range(latest + 1)]
    return max(float(np.corrcoef(a, b)[0, 1]) if a.std() * b.std() > 0 else 0.0 for a, b in pairs)


def _loudness(samples: Samples) -> Samples:
    look = round(LOOK_S * RATE)
    framed = samples[: len(samples) // look * look].reshape(-1, look)
    power = np.square(framed).mean(axis=1)
    decibels: Samples = np.log10(np.maximum(power, 1e-4 * max(float(power.max(initial=0)), 1e-12)))
    return decibels
