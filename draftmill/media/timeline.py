"""Decoded frames in, evenly spaced 16 kHz mono samples out, each at its true time."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from draftmill.media.mixing import Mixer

Samples = NDArray[np.float32]

RATE = 16_000
BATCH_S = 2.0  # resampling frame by frame costs more than decoding
BATCH_VALUES = 8_000_000  # of all channels, 32 MB: there are recordings of 64 at 384 kHz
SLOWEST_RATE = 1000  # samples a second, below which nothing can be heard
SILENCE_S = 30.0  # the longest block of silence that is handed out at once
GAP_S = 0.1
LONGEST_GAP_S = 6 * 3600.0
BACKWARD_S = 1.0


@dataclass(frozen=True)
class AudioBlock:
    """16 kHz mono float32 samples; the first one was heard at `start_s` of the recording."""

    start_s: float
    samples: Samples

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.samples) / RATE


class Timeline:
    """Lays frames one after the other from `begin_s` on, and cuts off what is before `wanted_s`.

    The clock counts samples. A timestamp that is ahead of it means that packets were lost, and
    silence fills the place. A timestamp that jumps back, or absurdly far ahead, belongs to a
    clock that was set anew: from then on timestamps count from where we are. What cannot be
    converted is silence, and counted in `errors`.
    """

    def __init__(self, begin_s: float, wanted_s: float) -> None:
        self.position_s = begin_s
        self.errors = 0
        self._begin_s = begin_s
        self._wanted_s = wanted_s
        self._written = 0
        self._shift_s = 0.0
        self._batch: _Batch | None = None
        self._started = False

    def add(self, frame: AudioFrame, time_s: float | None) -> Iterator[AudioBlock]:
        """Append one frame, which its timestamp puts at `time_s` (None: right here)."""
        if not frame.samples or not frame.sample_rate:
            return
        if time_s is not None:
            yield from self._fill(self._gap(time_s))
        if frame.sample_rate < SLOWEST_RATE:
            yield from self._fill(frame.samples / frame.sample_rate)
            return
        if self._batch is None or not self._batch.fits(frame):
            yield from self.flush()
            self._batch = _Batch(frame)
        self._batch.add(frame)
        self._started = True
        self.position_s += frame.samples / frame.sample_rate
        if self._batch.full:
            yield from self._converted(self._batch.take)

    def flush(self) -> Iterator[AudioBlock]:
        """Hand out everything that was added so far."""
        if self._batch is not None:
            yield from self._converted(self._batch.end)
            self._batch = None

    def _converted(self, convert: Callable[[], Samples]) -> Iterator[AudioBlock]:
        """What a batch became. Where it failed, the clock goes on and silence takes its place."""
        try:
            samples = convert()
        except (av.FFmpegError, ValueError) as error:
            if isinstance(error, MemoryError):
                raise
            self.errors += 1
            self._batch = None
            yield from self._silence()
        else:
            yield from self._out(samples)

    def _gap(self, time_s: float) -> float:
        """Seconds of silence that belong before a frame at `time_s`."""
        ahead_s = time_s + self._shift_s - self.position_s
        if not self._started:
            return min(max(ahead_s, 0.0), LONGEST_GAP_S)
        if ahead_s > LONGEST_GAP_S or ahead_s < -BACKWARD_S:
            self._shift_s -= ahead_s
            return 0.0
        return ahead_s if ahead_s > GAP_S else 0.0

    def _fill(self, silence_s: float) -> Iterator[AudioBlock]:
        if not silence_s:
            return
        yield from self.flush()
        self.position_s += silence_s
        yield from self._silence()

    def _silence(self) -> Iterator[AudioBlock]:
        """Silence up to where we are."""
        missing = round((self.position_s - self._begin_s) * RATE) - self._written
        longest = int(SILENCE_S * RATE)
        while missing > 0:
            yield from self._out(np.zeros(min(missing, longest), np.float32))
            missing -= longest

    def _out(self, samples: Samples) -> Iterator[AudioBlock]:
        start_s = self._begin_s + self._written / RATE
        self._written += len(samples)
        early = max(0, math.ceil((self._wanted_s - start_s) * RATE - 1e-6))
        if early < len(samples):
            yield AudioBlock(start_s + early / RATE, samples[early:])


class _Batch:
    """Frames of one format, mixed and resampled together."""

    def __init__(self, first: AudioFrame) -> None:
        self._format = _format_of(first)
        self._fifo = av.AudioFifo()
        self._channels = first.layout.nb_channels
        self._mixer = Mixer()
        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)

    @property
    def full(self) -> bool:
        samples = self._fifo.samples
        return samples >= BATCH_S * self._format[-1] or samples * self._channels >= BATCH_VALUES

    def fits(self, frame: AudioFrame) -> bool:
        """The queue of libav trusts its caller: a frame with fewer channels would crash it."""
        return _format_of(frame) == self._format

    def add(self, frame: AudioFrame) -> None:
        frame.pts = None
        self._fifo.write(frame)

    def take(self) -> Samples:
        frame = self._fifo.read(0, partial=True)
        if frame and self._channels > 1:
            frame = self._mixer.mono(frame)
        return _joined(self._resampler.resample(frame) if frame else [])

    def end(self) -> Samples:
        return np.concatenate([self.take(), _joined(self._resampler.resample(None))])


def _format_of(frame: AudioFrame) -> tuple[str, str, int, int]:
    return (frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate)


def _joined(frames: list[AudioFrame]) -> Samples:
    parts = [frame.to_ndarray().reshape(-1) for frame in frames]
    samples: Samples = np.concatenate([np.zeros(0, np.float32), *parts])
    return samples if np.isfinite(samples).all() else np.nan_to_num(samples, posinf=0, neginf=0)
