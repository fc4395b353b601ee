"""When a track is loud and when somebody speaks on it: enough to tell tracks apart, in little memory."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from draftmill.media.audio import AudioDecoder
from draftmill.media.timeline import RATE
from draftmill.speech import windows

FRAME_S = windows.FRAME / RATE
SMOOTH = 5  # frames: what is heard at the same moment need not lie in the same frame
FLOOR = 1e-4  # of a track's loud power: 40 dB below it everything is silence
LATEST = 32  # frames, one second, by which the same sound may come later on another track
LOOKS = 20_000  # frames that are compared, however long the recording

Power = NDArray[np.float32]
Frames = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Profile:
    """One track: its power in each 32 ms of the recording, and whether somebody speaks there."""

    power: Power
    speech: Frames

    @property
    def speech_s(self) -> float:
        return float(self.speech.sum()) * FRAME_S

    @cached_property
    def loudness(self) -> Power:
        """The power in decibels, as far as it is within 40 of the track's loud passages."""
        smooth = np.convolve(self.power, np.ones(SMOOTH) / SMOOTH, "same")
        loud = float(np.quantile(smooth[self.speech], 0.9)) if self.speech.any() else 1.0
        decibels: Power = 10 * np.log10(np.maximum(smooth / max(loud, 1e-12), FLOOR))
        return decibels.astype(np.float32)


def profile(path: Path, track: int, duration_s: float, tell: Callable[[float], None]) -> Profile:
    """Listen to a whole track once. `tell` gets the seconds of it that are done."""
    frames = int(duration_s / FRAME_S) + 2
    power, voice = np.zeros(frames, np.float32), np.zeros(frames, np.float32)
    for window in windows.cut(AudioDecoder(path, track=track), lambda start_s: windows.FIRST_S):
        first, count = round(window.start_s / FRAME_S), len(window.voice)
        if first + count > len(power):
            more = max(first + count - len(power), len(power) // 4)
            power, voice = np.pad(power, (0, more)), np.pad(voice, (0, more))
        samples = np.pad(window.samples, (0, count * windows.FRAME - len(window.samples)))
        framed = samples.reshape(count, windows.FRAME)
        power[first : first + count] = np.einsum("ij,ij->i", framed, framed) / windows.FRAME
        voice[first : first + count] = window.voice
        tell(window.end_s)
    return Profile(power, voice >= windows.SPEECH)


def together(one: Profile, other: Profile) -> float:
    """For how much of the less spoken track's speech somebody speaks on both, 0 to 1."""
    length = min(len(one.speech), len(other.speech))
    both = float((one.speech[:length] & other.speech[:length]).sum()) * FRAME_S
    return both / max(min(one.speech_s, other.speech_s), FRAME_S)


def alike(one: Profile, other: Profile, where: Frames) -> tuple[float, int]:
    """How alike two tracks are loud and quiet (1: the same) and how many frames the other is later."""
    at = _looks(where, min(len(one.power), len(other.power)))
    if len(at) < SMOOTH:
        return 0.0, 0
    mine = one.loudness[at]
    found = [(_correlation(mine, other.loudness[at + by]), -abs(by), by) for by in _delays()]
    best, _, by = max(found)
    return best, by


def explained(
    whole: Profile, parts: list[Profile], where: Frames
) -> tuple[float, NDArray[np.float64]]:
    """How well the sum of some tracks tells when another is loud, and each one's share in it."""
    length = min(len(one.power) for one in [whole, *parts])
    at = _looks(where, length)
    delays = [alike(whole, part, where & _padded(part.speech, len(where)))[1] for part in parts]
    smooth = np.ones(SMOOTH) / SMOOTH
    target = np.convolve(whole.power, smooth, "same")[at].astype(np.float64)
    columns = [
        np.convolve(part.power, smooth, "same")[at + by]
        for part, by in zip(parts, delays, strict=True)
    ]
    sources = np.stack(columns, axis=1).astype(np.float64)
    weights = _not_negative(sources, target)
    summed = sources @ weights
    floor = FLOOR * max(float(np.quantile(target, 0.9)), 1e-12)
    likeness = _correlation(
        np.log10(np.maximum(target, floor)), np.log10(np.maximum(summed, floor))
    )
    return likeness, weights * sources.mean(axis=0) / max(float(target.mean()), 1e-12)


def _looks(where: Frames, length: int) -> NDArray[np.int64]:
    """Some of the frames in question, far enough from both ends to be moved."""
    at = np.flatnonzero(where[: length - LATEST])
    at = at[at >= LATEST]
    return at[:: max(1, -(-len(at) // LOOKS))]


def _delays() -> range:
    return range(-LATEST, LATEST + 1)


def _padded(frames: Frames, length: int) -> Frames:
    return np.pad(frames, (0, max(0, length - len(frames))))[:length]


def _correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0


def _not_negative(sources: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights, none below zero, with which sources come nearest to a target."""
    kept = np.arange(sources.shape[1])
    weights = np.zeros(sources.shape[1])
    while len(kept):
        found = np.linalg.lstsq(sources[:, kept], target, rcond=None)[0]
        if (found >= 0).all():
            weights[kept] = found
            break
        kept = kept[found > 0] if (found > 0).any() else kept[:0]
    return weights
