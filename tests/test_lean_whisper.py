"""What we compute with less memory is what faster-whisper computes."""

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor

from draftmill.pipeline.lean_whisper import FRAMES, LeanFeatures

HOP = 160


@pytest.mark.parametrize("length", [400, HOP * FRAMES, HOP * FRAMES + 1, HOP * FRAMES * 3 - 77])
def test_the_spectrogram_is_the_same_in_blocks(length: int) -> None:
    noise = np.random.default_rng(length)
    # Loud at the end only: what is quiet is told by the loudest of all blocks.
    samples = noise.normal(size=length).astype(np.float32) * np.linspace(0, 1, length) ** 4
    samples = samples.astype(np.float32)
    ours, theirs = LeanFeatures()(samples), FeatureExtractor()(samples)
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
