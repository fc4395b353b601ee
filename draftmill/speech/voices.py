"""How a voice sounds: 256 numbers for each window of 1.6 s in which somebody speaks.

The network is that of voices.onnx (see voices.txt). Source: Wan et al., "Generalized End-to-End
Loss for Speaker Verification". Two windows of one voice point in nearly the same direction.
"""

import functools
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from draftmill.errors import Problem
from draftmill.media.timeline import RATE, Samples
from draftmill.speech.recogniser import Span

NETWORK = Path(__file__).parent / "voices.onnx"
SHA256 = "c4bb2fa796fd649a7306ad335ba34cd148daf8fb1cb9dd7724837af15adece3d"

STEP = RATE // 100  # samples from one frame to the next
FRAME = RATE // 40  # samples in one
BANDS = 40
LONGEST, HOP, SHORTEST = 160, 40, 30  # frames of a window, between two, of one worth hearing
SAME_LENGTH = 10  # frames by which lengths differ, so that few are computed apart
PAUSE_S = 0.25  # a longer silence parts two stretches of speech
LOUDNESS = 10**-2.5  # power of each window as the network hears it: -25 dBFS
BATCH = 128  # windows
FRAMES = 2000  # of the spectrogram at once
SCALE = 400  # a number of a voice, in a byte

# A window: where it begins and ends, in seconds, the stretch of speech that it is in, by number,
# and its voice in bytes.
WINDOW = np.dtype(
    [("start_s", "<f4"), ("end_s", "<f4"), ("stretch", "<i4"), ("voice", "u1", (256,))]
)
Windows = NDArray[Any]


class NoEncoder(Problem):
    code = "no_voice_encoder"
    default_message = "The file by which voices are told apart is damaged or missing."
    default_hint = "Install Draftmill again. The transcript itself is whole."


def windows_of(samples: Samples, speech: list[Span], start_s: float, stretch: int) -> Windows:
    """The windows of a piece of sound (16 kHz), in the order of time.

    `speech` is where somebody speaks, in seconds from the piece's start; `start_s` is where the
    piece begins and `stretch` the number of its first stretch. Raises NoEncoder.
    """
    mel = _mel(samples)
    power = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    places = [
        (stretch + n, first, last)
        for n, span in enumerate(_stretches(speech))
        for first, last in _cut(*span, len(mel))
    ]
    found = np.zeros(len(places), WINDOW)
    for length in {last - first for _, first, last in places}:
        same = [n for n, (_, first, last) in enumerate(places) if last - first == length]
        for at in range(0, len(same), BATCH):
            batch = same[at : at + BATCH]
            heard = np.stack([_levelled(mel, power, *places[n][1:]) for n in batch])
            found["voice"][batch] = in_bytes(_encoder().run(None, {"mel": heard})[0])
    for n, (number, first, last) in enumerate(places):
        found[n]["stretch"] = number
        found[n]["start_s"], found[n]["end_s"] = start_s + first / 100, start_s + last / 100
    return found


def in_bytes(voices: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Voices (n × 256, nothing below 0) of length 1, each number as a byte."""
    longest = np.maximum(np.linalg.norm(voices, axis=1, keepdims=True), 1e-6)
    bytes_: NDArray[np.uint8] = np.minimum(voices / longest * SCALE, 255).astype(np.uint8)
    return bytes_


def voices_in(windows: Windows) -> NDArray[np.float32]:
    """The voices of windows as vectors of length 1 (n × 256)."""
    voices = windows["voice"].astype(np.float32)
    voices /= np.maximum(np.linalg.norm(voices, axis=1, keepdims=True), 1e-6)
    return voices


def _stretches(speech: list[Span]) -> list[Span]:
    """Where somebody speaks without a pause."""
    found: list[Span] = []
    for begin_s, end_s in speech:
        if found and begin_s - found[-1][1] < PAUSE_S:
            found[-1] = (found[-1][0], end_s)
        else:
            found.append((begin_s, end_s))
    return found


def _cut(begin_s: float, end_s: float, frames: int) -> list[tuple[int, int]]:
    """The windows of a stretch, as frames."""
    first, last = round(begin_s * 100), min(round(end_s * 100), frames)
    length = last - first
    if length < SHORTEST:
        return []
    if length <= LONGEST:
        return [(first, first + length // SAME_LENGTH * SAME_LENGTH)]
    starts = [*range(first, last - LONGEST + 1, HOP)]
    if last - LONGEST - starts[-1] > HOP // 2:
        starts.append(last - LONGEST)
    return [(start, start + LONGEST) for start in starts]


def _levelled(
    mel: NDArray[np.float32], power: NDArray[np.float64], first: int, last: int
) -> NDArray[np.float32]:
    """A window of the spectrogram, as loud as the network is used to: it hears power, not its logarithm."""
    begin, end = first * STEP, min(last * STEP, len(power) - 1)
    mean = (power[end] - power[begin]) / max(end - begin, 1)
    return mel[first:last] * np.float32(LOUDNESS / max(mean, 1e-10))


def _mel(samples: Samples) -> NDArray[np.float32]:
    """The power in 40 mel bands of frames of 25 ms, one each 10 ms (frames × bands)."""
    edge = FRAME // 2
    padded = np.pad(samples, (edge, edge + FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::STEP]
    frames = frames[: len(samples) // STEP + 1]
    shape = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    mel = np.empty((len(frames), BANDS), np.float32)
    for at in range(0, len(frames), FRAMES):
        power = np.abs(np.fft.rfft(frames[at : at + FRAMES] * shape)) ** 2
        mel[at : at + FRAMES] = power.astype(np.float32) @ _filters()
    return mel


@functools.cache
def _filters() -> NDArray[np.float32]:
    """Slaney's mel filters, from frequencies to bands."""
    from faster_whisper.feature_extractor import FeatureExtractor

    filters = FeatureExtractor.get_mel_filters(RATE, FRAME, BANDS)
    return np.ascontiguousarray(filters.T, np.float32)


@functools.cache
def _encoder() -> Any:
    """The network, loaded once. Raises NoEncoder."""
    import onnxruntime

    try:
        content = NETWORK.read_bytes()
    except OSError as error:
        raise NoEncoder from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise NoEncoder
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
