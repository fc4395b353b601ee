"""Which pictures stand still long enough to be seen, while a speaker moves in a corner."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 64, 36
Cells = NDArray[np.uint8]
Mask = NDArray[np.bool_]

DIFFERS = 12  # grey values
ENOUGH = 3  # cells
AROUND = 10  # steps before and after
MOVING = 0.30  # of the steps around
SIDE = 2  # changes before and after, so that a film's first and last step are no movement
RUNS = 0.08  # of the steps around change twice running: slides seldom do, whatever their pace
CAMERA = 0.08  # of all steps: what changes alone so often is a speaker, also while holding still
CAMERA_ALONE = 0.70  # of its changes; a bullet comes alone and goes with its slide
CAMERA_LEAST, CAMERA_MOST = 3, 0.40  # changes, and share of the picture
WIDE = 0.50  # of the picture: changes that far apart are more than a speaker's
FILM = 0.50  # of the picture
RESTLESS_S = 30.0
RESTLESS = 0.60
RESTLESS_STEPS = 9
FILM_PICTURE_S = 45.0
FILM_LONG_S = 60.0


@dataclass(frozen=True)
class Cut:
    """A new picture begins with `step`. `where` are the cells that tell; None within a film."""

    step: int
    where: Mask | None


def differing(one: Cells, other: Cells) -> Mask:
    """The cells in which two pictures (or rows of pictures) differ."""
    mask: Mask = np.abs(one.astype(np.int16) - other) > DIFFERS
    return mask


def differ(one: Cells, other: Cells, where: Mask) -> bool:
    """Whether two pictures differ in enough of the given cells to be two."""
    return int(np.count_nonzero(differing(one, other) & where)) >= ENOUGH


class Stills:
    """What is still and what moves in a recording, looked at in steps.

    `times` are the steps' seconds, `looks` their grey cells, one row a step. A cell that
    changes in more than 30 % of the neighbouring steps moves; a change is a new picture when
    at least three cells that do not move take part in it.
    """

    def __init__(self, times: list[float], looks: Cells) -> None:
        self.times = times
        self.looks = looks
        self.changed = np.zeros(looks.shape, dtype=np.bool_)
        for step in range(1, len(looks)):
            self.changed[step] = differing(looks[step - 1], looks[step])

    def masked(self, step: int) -> Mask:
        """The cells not to look at in this step: what moves now, and where the speaker sits."""
        return self._moving(step) | self._camera

    def cuts(self) -> list[Cut]:
        """Where new pictures begin, in the order of time. The first picture begins without one."""
        cuts = [
            Cut(step, self.changed[step] & ~self.masked(step))
            for step in range(1, len(self.times))
            if self._still_changes[step] >= ENOUGH and not self._film[step]
        ]
        bounds = [0, *(cut.step for cut in cuts), len(self.times)]
        for first, end in pairwise(bounds):
            cuts += self._film_cuts(first, end)
        return sorted(cuts, key=lambda cut: cut.step)

    def _film_cuts(self, first: int, end: int) -> list[Cut]:
        """A long film is cut into pieces of about 45 s: nothing in it stands still."""
        times = np.array(self.times[first:end])
        lasts_s = float(times[-1] - times[0])
        if lasts_s < FILM_LONG_S or np.mean(self._film[first:end]) < 0.5:
            return []
        pieces = round(lasts_s / FILM_PICTURE_S)
        at = times[0] + np.arange(1, pieces) * lasts_s / pieces
        return [Cut(first + int(step), None) for step in np.searchsorted(times, at)]

    def _moving(self, step: int) -> Mask:
        before = self.changed[max(1, step - AROUND) : step]
        after = self.changed[step + 1 : step + 1 + AROUND]
        around = self.changed[max(1, step - AROUND) : step + 1 + AROUND]
        moving: Mask = around.sum(axis=0) > MOVING * len(around)
        moving &= (around[1:] & around[:-1]).sum(axis=0) > RUNS * len(around)
        for side in (before, after):
            if len(side) >= AROUND // 2:
                moving &= side.sum(axis=0) >= SIDE
        return moving

    @cached_property
    def _camera(self) -> Mask:
        """The cells of a speaker: they often change while the rest of the picture stays."""
        alone = np.zeros(self.looks.shape[1], dtype=np.int32)
        for changed in self.changed:
            if not _wide(changed):
                alone += changed
        least = max(CAMERA_LEAST, CAMERA * len(self.times))
        most = float(np.quantile(alone, 1 - CAMERA_MOST))
        camera: Mask = (alone >= least) & (alone > most)
        camera &= alone >= CAMERA_ALONE * self.changed.sum(axis=0)
        return _grown(camera)

    @cached_property
    def _share_moving(self) -> NDArray[np.float64]:
        """For each step, how much of the picture moves."""
        return np.array([self._moving(step).mean() for step in range(len(self.times))])

    @cached_property
    def _still_changes(self) -> NDArray[np.int64]:
        """For each step, how many cells changed that do not move."""
        counts = np.zeros(len(self.times), dtype=np.int64)
        for step in np.flatnonzero(self.changed.sum(axis=1) >= ENOUGH):
            counts[step] = np.count_nonzero(self.changed[step] & ~self.masked(int(step)))
        return counts

    @cached_property
    def _film(self) -> Mask:
        """The steps in which most of the picture moves, or something new comes all the time."""
        times = np.array(self.times)
        new = np.concatenate([[0], np.cumsum(self._still_changes >= ENOUGH)])
        first = np.searchsorted(times, times - RESTLESS_S)
        end = np.searchsorted(times, times + RESTLESS_S)
        share = (new[end] - new[first]) / np.maximum(1, end - first)
        restless = (share > RESTLESS) & (end - first >= RESTLESS_STEPS)
        film: Mask = (self._share_moving > FILM) | restless
        return film


def _grown(mask: Mask) -> Mask:
    """A mask and the cells next to it."""
    padded = np.pad(mask.reshape(ROWS, COLUMNS), 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    grown: Mask = (rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]).reshape(-1)
    return grown


def _wide(changed: Mask) -> bool:
    """Whether changed cells lie so far apart that their box covers half of the picture."""
    picture = changed.reshape(ROWS, COLUMNS)
    across, down = np.flatnonzero(picture.any(axis=0)), np.flatnonzero(picture.any(axis=1))
    if not len(across):
        return False
    box = (across[-1] - across[0] + 1) * (down[-1] - down[0] + 1)
    return bool(box > WIDE * picture.size)
