"""faster-whisper's model and its detector of speech: what they compute, with less memory at once.

It matters where several windows are heard at a time: what each holds for a moment meets what
the others hold by chance, and the longer a recording, the more of it.
"""

import ctypes
import functools
import os
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.vad import SileroVADModel, get_vad_model
from numpy.typing import NDArray

FRAMES = 1000  # of 10 ms, in one block of the spectrogram
SILENCE = 300  # frames after what is heard
STEP = 200
RANGE = 2.0  # between the loudest and silence in a spectrogram
CONTEXT = 64  # samples of the frame before that the detector hears a frame with
BATCH = 50  # frames that the detector hears at once


def give_back() -> None:
    """Give what the heap no longer uses back to the system, where there is a way (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim:
        trim(0)


class LeanFeatures(FeatureExtractor):  # type: ignore[misc]
    """The log-mel spectrogram of Whisper, made block by block of frames."""

    def __call__(
        self, waveform: NDArray[np.float32], padding: int = 160, chunk_length: int | None = None
    ) -> NDArray[np.float32]:
        """The spectrogram of 16 kHz samples: mel bands × frames of 10 ms.

        Source: Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision",
        section 2.2; the same figures as the class above computes from all frames at once.
        """
        if chunk_length is not None:
            self.n_samples = chunk_length * self.sampling_rate
            self.nb_max_frames = self.n_samples // self.hop_length
        edge = self.n_fft // 2
        padded = np.pad(np.pad(waveform, (0, padding)), (edge, edge), mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.n_fft)
        frames = frames[:: self.hop_length][:-1]
        shape = np.hanning(self.n_fft + 1)[:-1].astype(np.float32)
        mel = np.empty((len(self.mel_filters), len(frames)), np.float32)
        for at in range(0, len(frames), FRAMES):
            power = np.abs(np.fft.rfft(frames[at : at + FRAMES] * shape)) ** 2
            mel[:, at : at + FRAMES] = self.mel_filters @ power.T
        np.log10(np.maximum(mel, 1e-10, out=mel), out=mel)
        np.maximum(mel, mel.max() - 8.0, out=mel)
        mel += 4.0
        mel /= 4.0
        return mel


class LeanModel(WhisperModel):  # type: ignore[misc]
    """A model that encodes what there is to hear, not always 30 s of it.

    Whisper was trained on sounds that end in digital silence. The class above ends them in
    zeros, which in its spectrogram are a loud noise: it stops early, or goes on inventing. A
    few seconds of silence do as well as many, and attention grows with the square of them.
    """

    def __init__(self, folder: str, workers: int, **options: Any) -> None:
        super().__init__(folder, num_workers=workers, **options)
        self.feature_extractor = LeanFeatures(**self.feat_kwargs)

    def encode(self, features: NDArray[np.float32]) -> Any:
        """The encoder's output for one spectrogram, which may be filled up with zeros."""
        return super().encode(ending_in_silence(features))


def ending_in_silence(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """A spectrogram (mel bands × frames) with silence instead of the zeros at its end.

    As few lengths as can be: what the encoder compiles for each takes memory.
    """
    heard = np.flatnonzero(features.any(axis=0))
    if not len(heard):
        return features
    end = int(heard[-1]) + 1
    until = min(-(-(end + SILENCE) // STEP) * STEP, features.shape[1])
    silenced = np.full((len(features), until), features[:, :end].max() - RANGE, np.float32)
    silenced[:, :end] = features[:, :end]
    return silenced


@functools.cache
def detector() -> "LeanDetector":
    """The one that is loaded."""
    return LeanDetector(get_vad_model())


class LeanDetector:
    """Silero's detector of speech, in small batches that hand on its state.

    It takes 16 s as one batch, 50 MB; few frames do as well.
    """

    def __init__(self, model: SileroVADModel) -> None:
        self._session = model.session

    def __call__(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability of speech in each frame of 512 samples at 16 kHz (frames × 512)."""
        before = np.zeros((len(frames), CONTEXT), np.float32)
        before[1:] = frames[:-1, -CONTEXT:]
        heard = np.concatenate([before, frames], axis=1)
        hidden = cell = np.zeros((1, 1, 128), np.float32)
        found = []
        for at in range(0, len(heard), BATCH):
            inputs = {"input": heard[at : at + BATCH], "h": hidden, "c": cell}
            voice, hidden, cell = self._session.run(None, inputs)
            found.append(np.asarray(voice, np.float32).reshape(-1))
        return np.concatenate(found)
