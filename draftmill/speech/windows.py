"""Cutting a recording in silence, into windows that are recognised apart."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from draftmill.media.audio import quiet
from draftmill.media.timeline import RATE, AudioBlock, Samples
from draftmill.speech.recogniser import Span

Frames = NDArray[np.bool_]

FRAME = 512  # samples in one probability of speech
PIECE = FRAME * 500  # samples that are listened to at once, 16 s
WARM_UP = FRAME * 32  # the detector needs a second to find its feet

FIRST_S = 10.0  # for the first one only: somebody waits for the first words
LONGEST_S = 300.0
SHORTER, LONGER = 0.75, 1.2  # than the usual length, for a better pause

SPEECH = 0.5
NOT_SPEECH = 0.35
PAUSE_S = 0.15  # a silence good enough to cut in
CALM = 0.05  # of the usual loudness
ISLAND_GAP_S = 10.0  # a longer silence is not shown to the recogniser
ISLAND_EDGE_S = 1.0
MAYBE_SPEECH = 0.25


@dataclass(frozen=True, eq=False)
class Window:
    """A stretch of the recording, with the probability of speech in each 32 ms of it.

    `start_s` is true time; the spans below count from the start of the window.
    """

    start_s: float
    samples: Samples
    voice: Samples

    @property
    def duration_s(self) -> float:
        return len(self.samples) / RATE

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s

    @cached_property
    def speech(self) -> list[Span]:
        """Where somebody speaks, almost certainly."""
        return spans(self.voice, SPEECH, NOT_SPEECH, self.duration_s)

    @cached_property
    def islands(self) -> list[Span]:
        """What is worth recognising: all that may be speech, with a margin, in few pieces."""
        found: list[Span] = []
        for start, end in spans(self.voice, MAYBE_SPEECH, MAYBE_SPEECH - 0.1, self.duration_s):
            start, end = (
                max(0.0, start - ISLAND_EDGE_S),
                min(self.duration_s, end + ISLAND_EDGE_S),
            )
            if found and start - found[-1][1] < ISLAND_GAP_S:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    def part(self, span: Span) -> Samples:
        """The samples of a span."""
        return self.samples[round(span[0] * RATE) : round(span[1] * RATE)]


def cut(blocks: Iterable[AudioBlock], length_s: Callable[[float], float]) -> Iterator[Window]:
    """Cut a stream of blocks into windows of 10 to 300 s, each ending in a silence.

    `length_s` says how long the window that starts at a time should be. Blocks that do not
    follow each other end a window. Only the samples of the next window are held.
    """
    held = _Held()
    for block in blocks:
        if held.count and abs(block.start_s - held.end_s) > 0.1:
            yield from held.windows(length_s, to_the_end=True)
        held.add(block)
        yield from held.windows(length_s)
    yield from held.windows(length_s, to_the_end=True)


def listened(start_s: float, samples: Samples) -> Window:
    """A window over samples that were cut before."""
    parts = [
        voice_of(samples[at : at + PIECE], samples[max(0, at - WARM_UP) : at])
        for at in range(0, len(samples), PIECE)
    ]
    return Window(start_s, samples, np.concatenate(parts) if parts else np.zeros(0, np.float32))


class _Held:
    """Samples that wait for their window, and how likely each of their frames is speech."""

    def __init__(self) -> None:
        self.start_s = 0.0
        self.count = 0
        self._samples: list[Samples] = []
        self._voice: list[Samples] = []
        self._heard = 0

    @property
    def end_s(self) -> float:
        return self.start_s + self.count / RATE

    def add(self, block: AudioBlock) -> None:
        if not self.count:
            self.start_s = block.start_s
        self._samples.append(block.samples)
        self.count += len(block.samples)

    def windows(
        self, length_s: Callable[[float], float], to_the_end: bool = False
    ) -> Iterator[Window]:
        while self.count:
            usual_s = min(max(length_s(self.start_s), FIRST_S), LONGEST_S)
            if self.count - self._heard < PIECE and not to_the_end:
                return
            self._listen(to_the_end)
            frames = self._cut_at(usual_s, to_the_end)
            if frames is None:
                return
            yield self._take(frames)

    def _listen(self, to_the_end: bool) -> None:
        samples = self._joined()
        while self.count - self._heard >= (1 if to_the_end else PIECE):
            piece = samples[self._heard : self._heard + PIECE]
            before = samples[max(0, self._heard - WARM_UP) : self._heard]
            self._voice.append(voice_of(piece, before))
            self._heard += len(piece)

    def _cut_at(self, usual_s: float, to_the_end: bool) -> int | None:
        """How many frames the next window takes, or None while more must be heard first."""
        voice = self._heard_voice()
        heard_s = self._heard / RATE
        silent = not (voice > MAYBE_SPEECH).any()  # then there is no use in small windows
        earliest_s = max(FIRST_S, SHORTER * usual_s)
        latest_s = LONGEST_S if silent else min(LONGER * usual_s, LONGEST_S)
        if to_the_end and heard_s <= latest_s:
            return len(voice)
        if silent:
            return int(LONGEST_S * RATE / FRAME) if heard_s >= LONGEST_S else None
        silence_s = int((voice > MAYBE_SPEECH).argmax()) * FRAME / RATE - ISLAND_EDGE_S
        if silence_s >= earliest_s:
            return int(silence_s * RATE / FRAME)
        while heard_s >= latest_s:
            best = self._best_pause(voice, earliest_s, latest_s, usual_s)
            if best is not None:
                return best
            if latest_s >= LONGEST_S:
                return _calmest(voice, earliest_s, latest_s)
            latest_s = min(latest_s * LONGER, LONGEST_S)
        return len(voice) if to_the_end else None

    def _best_pause(
        self, voice: Samples, earliest_s: float, latest_s: float, usual_s: float
    ) -> int | None:
        """The middle of a long pause near the usual length, in frames."""
        first, last = int(earliest_s * RATE / FRAME), int(latest_s * RATE / FRAME)
        best, best_worth = None, 0.0
        for start, end in _runs(self._calm(voice, last)[first:]):
            long_s = (end - start) * FRAME / RATE
            middle = first + (start + end) // 2
            worth = min(long_s, 1.5) - 0.5 * abs(middle * FRAME / RATE - usual_s) / usual_s
            if long_s >= PAUSE_S and (best is None or worth > best_worth):
                best, best_worth = middle, worth
        return best

    def _calm(self, voice: Samples, frames: int) -> Frames:
        """Which of the first frames hold no speech. Short pauses only show in the loudness."""
        framed = self._joined()[: frames * FRAME].reshape(frames, FRAME)
        power = np.einsum("ij,ij->i", framed, framed)
        calm: Frames = (voice[:frames] < NOT_SPEECH) | (power < CALM**2 * np.quantile(power, 0.7))
        return calm

    def _take(self, frames: int) -> Window:
        voice = self._heard_voice()
        samples = self._joined()
        size = min(frames * FRAME, self.count)
        # Copies: a view would keep the whole buffer alive.
        window = Window(self.start_s, samples[:size].copy(), voice[:frames].copy())
        self._samples, self._voice = [samples[size:].copy()], [voice[frames:].copy()]
        self.start_s += size / RATE
        self.count -= size
        self._heard -= size
        return window

    def _joined(self) -> Samples:
        if len(self._samples) > 1:
            self._samples = [np.concatenate(self._samples)]
        return self._samples[0]

    def _heard_voice(self) -> Samples:
        if len(self._voice) > 1:
            self._voice = [np.concatenate(self._voice)]
        return self._voice[0]


def voice_of(samples: Samples, before: Samples) -> Samples:
    """The probability of speech in each frame; `before` are the samples just before these."""
    frames = -(-len(samples) // FRAME)
    if quiet(samples):
        return np.zeros(frames, np.float32)
    from draftmill.speech.lean import detector

    warm = before[len(before) % FRAME :]
    padded = np.pad(np.concatenate([warm, samples]), (0, frames * FRAME - len(samples)))
    return detector()(padded.reshape(-1, FRAME))[len(warm) // FRAME :]


def spans(voice: Samples, start_at: float, end_at: float, duration_s: float) -> list[Span]:
    """Where speech begins with a probability of `start_at` and lasts while it is above `end_at`.

    Spans less than 0.15 s apart are one, and those shorter than 0.1 s are none.
    """
    found: list[Span] = []
    start: int | None = None
    for n, probability in enumerate([*voice.tolist(), 0.0]):
        if start is None and probability >= start_at:
            start = n
        elif start is not None and probability < end_at:
            begin_s, end_s = start * FRAME / RATE, min(n * FRAME / RATE, duration_s)
            if found and begin_s - found[-1][1] < PAUSE_S:
                found[-1] = (found[-1][0], end_s)
            else:
                found.append((begin_s, end_s))
            start = None
    return [(begin_s, end_s) for begin_s, end_s in found if end_s - begin_s >= 0.1]


def _runs(calm: Frames) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], calm, [False]]).astype(int)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _calmest(voice: Samples, earliest_s: float, latest_s: float) -> int:
    """Where nobody pauses for five minutes: the 0.2 s least like speech."""
    first, last = int(earliest_s * RATE / FRAME), int(latest_s * RATE / FRAME)
    smooth = np.convolve(voice[first:last], np.ones(7), "same")
    return first + int(smooth.argmin())
