"""faster-whisper's detector of speech, with what it computes, and less memory at once.

It takes 16 s as one batch, 50 MB, while windows are heard beside it; few frames do as well.
"""

import functools

import numpy as np
from faster_whisper.vad import SileroVADModel, get_vad_model
from numpy.typing import NDArray

CONTEXT = 64  # samples of the frame before that a frame is heard with
BATCH = 50  # frames


@functools.cache
def detector() -> "LeanDetector":
    """The one that is loaded."""
    return LeanDetector(get_vad_model())


class LeanDetector:
    """Silero's detector, in small batches that hand on its state."""

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
