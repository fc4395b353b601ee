"""Many channels to one, so that whoever speaks in one of them is heard."""

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

Sound = NDArray[np.float32]

LOOKS = 4000  # samples a second from which the weights are found
FRAME_S = 0.02
FEWEST_FRAMES = 10
CROSSING_S = 0.02  # in which one mix passes into the next, so that nothing clicks
OPPOSED = -0.2  # correlation with what is mixed already from which a channel is turned over
STEADY = 2.0  # loud to quiet frames, in power: noise and hum; speech has more than 30
LIVELY = 6.0
FAINT = 1e-6  # of power: -60 dBFS
DROWNING = 0.05  # of the speaking channel's power, from which steady noise is left out
PLANES = 8  # a frame's list of more has no end that PyAV sees
WHOLE = {"u8": (128, 2**7), "s16": (0, 2**15), "s32": (0, 2**31)}  # middle and full scale


class Mixer:
    """Mixes the channels of consecutive frames of one format and one rate.

    Every channel has the same weight. One whose wave opposes the rest is turned over, as they
    would cancel each other, and steady noise is left out where somebody speaks in another
    channel. The mix is as loud as its loudest channel: one speaker among twenty is not faint.
    """

    def __init__(self) -> None:
        self._weights: Sound | None = None
        self._packed = av.AudioResampler(format="flt")

    def mono(self, frame: "AudioFrame") -> "AudioFrame":
        """The frame's mix as 32-bit floats. Raises av.FFmpegError or ValueError."""
        rate = frame.sample_rate
        mixed = self.mixed(self._channels(frame), rate)
        mono = av.AudioFrame.from_ndarray(mixed[None, :], "flt", "mono")
        mono.sample_rate = rate
        return mono

    def mixed(self, sound: Sound, rate: int) -> Sound:
        """Samples × channels to samples, at `rate` samples a second."""
        with np.errstate(invalid="ignore"):
            if not np.isfinite(sound.sum()):
                sound = np.nan_to_num(sound, posinf=0.0, neginf=0.0)
        weights, means = _weights(sound, rate, self._weights)
        mix = _without_overshoot(sound @ weights, sound)
        before, self._weights = self._weights, weights
        if before is not None and not np.array_equal(before, weights):
            crossing = sound[: max(1, int(CROSSING_S * rate))]
            share = np.linspace(0.0, 1.0, len(crossing), dtype=np.float32)
            mix[: len(crossing)] += (1 - share) * (crossing @ (before - weights))
        mix -= means @ weights
        return mix

    def _channels(self, frame: "AudioFrame") -> Sound:
        """Samples × channels, as floats in which full scale is 1."""
        count, kind = frame.layout.nb_channels, frame.format
        if kind.is_planar and count > PLANES:
            (frame,) = self._packed.resample(frame)
        sound: Any = frame.to_ndarray()
        middle, scale = WHOLE.get(frame.format.packed.name, (0, 1))
        floats: Sound = sound.astype(np.float32, copy=False)
        if scale != 1:
            floats = (floats - np.float32(middle)) * np.float32(1 / scale)
        return floats.T if frame.format.is_planar else floats.reshape(-1, count)


def _weights(sound: Sound, rate: int, before: Sound | None) -> tuple[Sound, Sound]:
    """What each channel counts in the mix of a stretch of sound, and each one's mean.

    A part of the samples tells: what is measured has no need of the order of waves.
    """
    step = max(1, rate // LOOKS)
    some, next_to_them = sound[:-1:step], sound[1::step]
    bright = next_to_them - some  # hum and rumble tell little
    means = some.mean(axis=0) if len(some) else np.zeros(sound.shape[1], np.float32)
    power = (some - means).T @ (some - means)
    chosen = ~_drowning(bright, np.diag(power), rate / step)
    signs = _signs(bright.T @ bright, before)
    weights = (signs * chosen).astype(np.float32)
    loudness = float(weights @ power @ weights)
    loudest = float(np.diag(power)[chosen].max())
    return weights * np.float32(np.sqrt(loudest / loudness) if loudness > loudest else 1), means


def _without_overshoot(mix: Sound, sound: Sound) -> Sound:
    """A mix that is nowhere louder than full scale, unless a channel is."""
    peak = max(float(mix.max(initial=0.0)), -float(mix.min(initial=0.0)))
    if peak > 1.0:
        mix *= np.float32(min(1.0, max(1.0, float(np.abs(sound).max())) / peak))
    return mix


def _drowning(bright: Sound, loud: Sound, rate: float) -> NDArray[np.bool_]:
    """The channels with nothing but steady noise, where another is loud and quiet by turns.

    `bright` are the channels without their bass, `loud` is the power of each with it.
    """
    step = max(1, int(FRAME_S * rate))
    frames = len(bright) // step
    if frames < FEWEST_FRAMES:
        return np.zeros(bright.shape[1], np.bool_)
    power = np.square(bright[: frames * step]).reshape(frames, step, -1).mean(axis=1)
    low, high = np.quantile(power, (0.1, 0.9), axis=0)
    lively = (high > LIVELY * low) & (high > FAINT)
    drowning: NDArray[np.bool_] = (high < STEADY * low) & lively.any()
    drowning &= loud > DROWNING * loud.max(where=lively, initial=0.0)
    return drowning


def _signs(products: Sound, before: Sound | None) -> Sound:
    """1 or -1 for each channel, by the products of all pairs: none opposes the rest.

    The loudest comes first. A sign changes only for a clear reason.
    """
    signs = np.ones(len(products), np.float32)
    if before is not None:
        signs[before < 0] = -1.0
    order = np.argsort(-np.diag(products))
    for n, channel in enumerate(order[1:], 1):
        rest = order[:n]
        against = float(signs[rest] @ products[rest, channel]) * signs[channel]
        strength = float(signs[rest] @ products[np.ix_(rest, rest)] @ signs[rest])
        if against < OPPOSED * np.sqrt(max(strength * products[channel, channel], 0.0)):
            signs[channel] = -signs[channel]
    return signs
