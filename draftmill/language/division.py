"""Where one topic ends and the next begins: least squares over sentence vectors.

A part costs the squared distances of its sentences from their mean (Alemi and Ginsparg
2015), plus a prior on its length; a boundary earns a bonus for a pause, for a cue such as
"let's talk about" and for a question just before. Dynamic programming finds the cheapest
division into exactly `parts` parts.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from draftmill.language.lists import CUE
from draftmill.language.vectors import Vectors, meanings
from draftmill.language.words import content_words
from draftmill.transcripts.segments import Segment

PLACES = 1500  # boundaries that are tried: bounds the square matrix at 9 MB
# In units of an average sentence's cost: tried on 110 joints of unlike talks.
LENGTH_PRIOR = 0.5  # for a part e times too long or too short
SHORTEST, STUNTED = 0.4, 2.0  # for a part below this share of the average length
LONGEST_S, ENDLESS = 1200.0, 1000.0  # for a part above this length: where it can, it is divided
PAUSE, CUED, ASKED = 0.1, 0.4, 0.1  # bonuses; a pause counts by its logarithm
BREATH_S = 0.5  # a pause that means nothing

Numbers = npt.NDArray[np.float64]


def starts(segments: Sequence[Segment], parts: int, *, english: bool) -> list[int]:
    """The indices of the sentences that open the parts; the first is 0."""
    if parts < 2 or len(segments) < 2 * parts:
        return [0]
    bonuses = _bonuses(segments, english)
    places = _places(bonuses)
    vectors = meanings([segment.text for segment in segments])
    costs = _costs(vectors, _weights(segments), places)
    sentence = max(1e-4, costs[0, -1] / len(segments))
    costs += sentence * _length_prior(segments, places, parts)
    found = _cheapest(costs, sentence * bonuses[places[:-1]], parts)
    return [int(places[at]) for at in found]


def _bonuses(segments: Sequence[Segment], english: bool) -> Numbers:
    bonuses = np.zeros(len(segments))
    for at in range(1, len(segments)):
        before, segment = segments[at - 1], segments[at]
        pause = min(5.0, max(0.0, segment.start_s - before.end_s - BREATH_S))
        bonuses[at] = PAUSE * math.log2(1 + pause)
        bonuses[at] += ASKED * before.text.rstrip().endswith("?")
        bonuses[at] += CUED * bool(english and CUE.search(segment.text))
    return bonuses


def _places(bonuses: Numbers) -> npt.NDArray[np.int64]:
    """The boundaries to try, with the recording's two ends: of each group the likeliest."""
    group = max(1, math.ceil(len(bonuses) / PLACES))
    inner = [
        first + int(np.argmax(bonuses[first : first + group]))
        for first in range(1, len(bonuses), group)
    ]
    return np.array([0, *inner, len(bonuses)], dtype=np.int64)


def _weights(segments: Sequence[Segment]) -> Numbers:
    return np.array([min(30, len(content_words(s.text))) for s in segments], dtype=np.float64)


def _costs(vectors: Vectors, weights: Numbers, places: npt.NDArray[np.int64]) -> Numbers:
    """costs[i, j]: the squared distances within a part from places[i] to places[j + 1]."""
    sums = np.zeros((len(vectors) + 1, vectors.shape[1]))
    np.cumsum(vectors * weights[:, None], axis=0, out=sums[1:])
    mass = np.concatenate(([0.0], np.cumsum(weights * (np.abs(vectors).sum(axis=1) > 0))))
    sums, mass = sums[places], mass[places]
    products = sums @ sums.T
    squares = np.diag(products)
    spans = (squares[:, None] + squares[None, :] - 2 * products)[:-1, 1:]
    masses = np.maximum(mass[None, 1:] - mass[:-1, None], 1e-9)
    costs: Numbers = np.maximum(masses - spans / masses, 0.0)
    return costs


def _length_prior(
    segments: Sequence[Segment], places: npt.NDArray[np.int64], parts: int
) -> Numbers:
    """What a part costs for its length alone, in units of an average sentence's cost.

    It grows with the squared logarithm of the length in seconds over the average length.
    """
    times = np.array([segments[at].start_s for at in places[:-1]] + [segments[-1].end_s])
    lengths = times[None, 1:] - times[:-1, None]
    average = max(1e-3, (times[-1] - times[0]) / parts)
    logarithms = np.log(np.maximum(lengths, 0.02 * average) / average)
    prior: Numbers = LENGTH_PRIOR * logarithms**2 + STUNTED * (lengths < SHORTEST * average)
    prior += ENDLESS * (lengths > LONGEST_S)
    return prior


def _cheapest(costs: Numbers, bonuses: Numbers, parts: int) -> list[int]:
    """The places that open the parts of the cheapest division."""
    size = len(costs)
    upper = np.triu(np.ones((size, size), dtype=bool))
    steps = np.where(upper, costs, np.inf)
    steps -= bonuses[:, None]
    best = steps[0].copy()  # best[j]: the cheapest way to end a part at place j + 1
    back = np.zeros((parts, size), dtype=np.int64)
    for part in range(1, parts):
        reached = np.concatenate(([np.inf], best[:-1]))[:, None] + steps
        back[part] = np.argmin(reached, axis=0)
        best = reached[back[part], np.arange(size)]
    found: list[int] = []
    end = size - 1
    for part in range(parts - 1, 0, -1):
        opening = int(back[part, end])
        found.append(opening)
        end = opening - 1
    return [0, *reversed(found)]
