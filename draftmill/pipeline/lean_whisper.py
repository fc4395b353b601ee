"""faster-whisper's model, with what it computes, and less memory at once.

Both matter where several windows are heard at a time: what a spectrogram of two minutes holds
meanwhile (100 MB), and the attention of an encoder (100 MB), would else meet by chance, and
the longer a recording, the more often.
"""

import threading
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

FRAMES = 1000  # of 10 ms, in one block


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
    """A model for several threads, of which half may encode at the same time.

    Encoding takes a third of the time, so that they seldom wait for each other.
    """

    def __init__(self, folder: str, workers: int, **options: Any) -> None:
        super().__init__(folder, num_workers=workers, **options)
        self.feature_extractor = LeanFeatures(**self.feat_kwargs)
        self._encoders = threading.BoundedSemaphore(max(1, workers // 2))

    def encode(self, features: NDArray[np.float32]) -> Any:
        """The encoder's output for one or more spectrograms of 30 s."""
        with self._encoders:
            return super().encode(features)
