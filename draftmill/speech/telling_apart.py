"""Who speaks in which window, by the voices alone: clusters, then the likeliest order of turns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from draftmill.speech.linkage import Merge, groups, merges
from draftmill.speech.voices import Windows, voices_in

Labels = NDArray[np.int64]
Vectors = NDArray[np.float32]

PIECE_S = 3.0  # of one stretch: its windows count together
PIECES = (
    2400  # that are compared with one another; of a longer recording every second one, or third
)
ALIKE = 0.70  # pieces of one voice, on average
ALIKE_TOLD = (0.65, 0.70, 0.75)  # the same where the number is known: what explains most is taken
SAME = 0.82  # of the means of two groups that are one voice
SHARE, LEAST_S, MOST_S = 0.03, 3.0, 8.0  # of the speech that a speaker must have
NEARNESS, SWITCH, SWITCH_AT_PAUSE = 30.0, 1.0, 0.15
ROUNDS = 3
FINER = 300  # joins that are taken back at most, to find as many as told
MOST = 20  # speakers


@dataclass(frozen=True)
class Told:
    """How many speak, as a person said: `exactly` so many, or `least` so many, to be found out."""

    exactly: int | None = None
    least: int = 1


def labels_of(windows: Windows, told: Told) -> Labels:
    """The speaker of each window, numbered from 0 in the order in which they begin."""
    if not len(windows):
        return np.zeros(0, np.int64)
    voices = voices_in(windows)
    pieces, lengths_s = _pieces(windows, voices)
    joins = merges(pieces @ pieces.T)
    best, most = np.zeros(len(windows), np.int64), -np.inf
    means = np.zeros((0, 0), np.float32)
    for alike in ALIKE_TOLD if told.exactly else (ALIKE,):
        before, means = means, _means(pieces, lengths_s, joins, told, alike)
        if not np.array_equal(means, before):
            labels, worth = _settled(windows, voices, means)
            best, most = (labels, worth) if worth > most else (best, most)
    first: dict[int, int] = {}
    for label in best.tolist():
        first.setdefault(label, len(first))
    return np.array([first[label] for label in best.tolist()])


def _settled(windows: Windows, voices: Vectors, means: Vectors) -> tuple[Labels, float]:
    """The turns, with each speaker's voice taken anew from what they say; and what these are worth."""
    labels, worth = _turns(windows, voices, means)
    for _ in range(ROUNDS):
        before = labels
        means = np.stack([_mean(voices[labels == n]) for n in np.unique(labels)])
        labels, worth = _turns(windows, voices, means)
        if np.array_equal(labels, before):
            break
    return labels, worth


def _means(
    pieces: Vectors, lengths_s: NDArray[np.float64], joins: list[Merge], told: Told, alike: float
) -> Vectors:
    """The voice of each speaker that there seems to be (n × 256)."""
    least_s = min(max(SHARE * float(lengths_s.sum()), LEAST_S), MOST_S)
    wanted = told.exactly or told.least
    kept = sum(join[0] >= alike for join in joins)
    means, weights = _large(pieces, lengths_s, groups(len(pieces), joins[:kept]), least_s)
    for fewer in range(kept - 1, max(-1, kept - FINER), -1):  # until there are enough of them
        if len(means) >= wanted:
            break
        finer = _large(pieces, lengths_s, groups(len(pieces), joins[:fewer]), least_s)
        means, weights = finer if len(finer[0]) > len(means) else (means, weights)
    return _joined(means, weights, told)


def _pieces(windows: Windows, voices: Vectors) -> tuple[Vectors, NDArray[np.float64]]:
    """The mean voice of each piece of a stretch, and its length in seconds."""
    begins = np.flatnonzero(np.diff(windows["stretch"], prepend=-1))
    cuts: list[int] = []
    for begin, end in zip(begins, [*begins[1:], len(windows)], strict=True):
        start_s = windows["start_s"][begin]
        for n in range(begin, end):
            if n == begin or windows["end_s"][n] - start_s > PIECE_S:
                cuts.append(n)
                start_s = windows["start_s"][n]
    ends = [*cuts[1:], len(windows)]
    step = -(-len(cuts) // PIECES)
    chosen = list(zip(cuts, ends, strict=True))[::step]
    pieces = np.stack([_mean(voices[a:b]) for a, b in chosen])
    lengths = [float(windows["end_s"][b - 1] - windows["start_s"][a]) * step for a, b in chosen]
    return pieces, np.array(lengths)


def _large(
    pieces: Vectors, lengths_s: NDArray[np.float64], group: Labels, least_s: float
) -> tuple[list[Vectors], list[float]]:
    """The mean and the seconds of each group that speaks long enough; of the longest where none does."""
    seconds = np.bincount(group, lengths_s)
    large = [n for n in range(len(seconds)) if seconds[n] >= least_s] or [int(seconds.argmax())]
    means = [_mean(pieces[group == n], lengths_s[group == n]) for n in large]
    return means, [float(seconds[n]) for n in large]


def _joined(means: list[Vectors], weights: list[float], told: Told) -> Vectors:
    """The same with the nearest made one: until they are as many as told, or unlike enough."""
    means, weights = list(means), list(weights)
    while len(means) > 1:
        alike = np.stack(means) @ np.stack(means).T
        np.fill_diagonal(alike, -1)
        one, other = divmod(int(alike.argmax()), len(means))
        enough = len(means) <= told.exactly if told.exactly else alike[one, other] < SAME
        if (enough or len(means) <= told.least) and len(means) <= MOST:
            break
        both = weights[one] * means[one] + weights[other] * means[other]
        means[one], weights[one] = both / np.linalg.norm(both), weights[one] + weights[other]
        del means[other], weights[other]
    return np.stack(means)


def _mean(voices: Vectors, weights: NDArray[np.float64] | None = None) -> Vectors:
    mean = np.average(voices, axis=0, weights=weights).astype(np.float32)
    unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return unit


def _turns(windows: Windows, voices: Vectors, means: Vectors) -> tuple[Labels, float]:
    """The likeliest speaker of each window, where taking turns has a price (Viterbi); and its worth."""
    near = NEARNESS * (voices @ means.T).astype(np.float64)
    pause = np.diff(windows["stretch"], prepend=windows["stretch"][0]) != 0
    worth = near[0]
    came = np.zeros(near.shape, np.int64)
    for n in range(1, len(near)):
        best = int(worth.argmax())
        other = worth[best] - (SWITCH_AT_PAUSE if pause[n] else SWITCH)
        came[n] = np.where(worth >= other, np.arange(len(worth)), best)
        worth = np.maximum(worth, other) + near[n]
    labels = np.empty(len(near), np.int64)
    labels[-1] = worth.argmax()
    for n in range(len(near) - 1, 0, -1):
        labels[n - 1] = came[n][labels[n]]
    return labels, float(worth.max())
