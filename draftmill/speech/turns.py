"""Which speaker said which word: a vote of the windows around it."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from draftmill.speech.telling_apart import Labels
from draftmill.speech.voices import Windows
from draftmill.transcripts.recut_at_turns import Part
from draftmill.transcripts.segments import Segment

NEAR_S = 0.8  # from the middle of a word to that of a window
MOSTLY = 0.85  # of a sentence's words by one speaker: all of it is theirs
FEWEST = 2  # words in a part of a sentence


class Votes:
    """The windows of a recording and their speakers, to be asked who speaks at a time."""

    def __init__(self, windows: Windows, labels: Labels) -> None:
        middles = (windows["start_s"].astype(np.float64) + windows["end_s"]) / 2
        order = np.argsort(middles, kind="stable")
        self._middles, self._labels = middles[order], labels[order]
        self._count = int(labels.max(initial=0)) + 1

    def at(self, start_s: float, end_s: float) -> int | None:
        """Who speaks between two times; None where no voice was heard at all."""
        if not len(self._middles):
            return None
        middle = (start_s + end_s) / 2
        reach = max(NEAR_S, (end_s - start_s) / 2)
        first, last = np.searchsorted(self._middles, [middle - reach, middle + reach])
        if first == last:
            first = min(int(first), len(self._middles) - 1)
            before = max(first - 1, 0)
            nearer = abs(self._middles[before] - middle) < abs(self._middles[first] - middle)
            return int(self._labels[before if nearer else first])
        weights = 1.05 - np.abs(self._middles[first:last] - middle) / reach
        return int(np.bincount(self._labels[first:last], weights, self._count).argmax())

    def parts(self, segment: Segment) -> list[Part]:
        """Who said a sentence: one part, or more where another speaker begins within it."""
        if not segment.words:
            who = self.at(segment.start_s, segment.end_s)
            return [] if who is None else [Part(0, who)]
        said = [self.at(word.start_s, word.end_s) for word in segment.words]
        known = [who for who in said if who is not None]
        if not known:
            return []
        most = max(set(known), key=known.count)
        if known.count(most) >= MOSTLY * len(known):
            return [Part(len(said), most)]
        return _without_crumbs(known)


def _without_crumbs(said: Sequence[int]) -> list[Part]:
    """Runs of words of one speaker; what is shorter than FEWEST goes with what is before it.

    The first run, which has nothing before it, goes with what comes then.
    """
    runs: list[Part] = []
    for who, words in groupby(said):
        count, last = len(list(words)), runs[-1] if runs else None
        if last is None:
            runs.append(Part(count, who))
        elif last.words < FEWEST:
            runs[-1] = Part(last.words + count, who)
        elif last.speaker == who or count < FEWEST:
            runs[-1] = Part(last.words + count, last.speaker)
        else:
            runs.append(Part(count, who))
    return runs
