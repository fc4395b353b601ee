"""What we compute with less memory is what faster-whisper computes."""

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.vad import get_vad_model

from draftmill.speech.lean import BATCH, FRAMES, LeanFeatures, detector, ending_in_silence
from draftmill.speech.windows import FRAME

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


@pytest.mark.parametrize("bands", [80, 128])
@pytest.mark.parametrize(
    ("heard", "encoded"),
    [(1, 400), (100, 400), (101, 600), (1699, 2000), (2701, 3000), (3000, 3000)],
)
def test_what_is_heard_is_encoded_with_a_silence_after_it(
    heard: int, encoded: int, bands: int
) -> None:
    sound = np.random.default_rng(heard).uniform(-0.9, 1.1, (bands, heard)).astype(np.float32)
    ours = ending_in_silence(np.pad(sound, ((0, 0), (0, 3000 - heard))))
    assert (ours.shape, ours.dtype) == ((bands, encoded), np.float32)
    np.testing.assert_array_equal(ours[:, :heard], sound)
    np.testing.assert_allclose(ours[:, heard:], sound.max() - 2)


def test_the_silence_is_what_digital_silence_is_in_a_spectrogram() -> None:
    noise = np.random.default_rng(1).normal(size=32_000).astype(np.float32)
    silent = LeanFeatures()(np.pad(noise, (0, 16_000)))[:, -50:]
    np.testing.assert_allclose(
        ending_in_silence(np.pad(LeanFeatures()(noise), ((0, 0), (0, 2000))))[:, -50:],
        silent,
        atol=1e-4,
    )


@pytest.mark.parametrize("frames", [1, BATCH, BATCH + 1, BATCH * 3 - 7])
def test_speech_is_detected_the_same_in_batches(frames: int) -> None:
    noise = np.random.default_rng(frames)
    times = np.arange(frames * FRAME) / 16_000
    voiced = np.sign(np.sin(2 * np.pi * 140 * times)) * (np.sin(2 * np.pi * 3 * times) > 0)
    samples = (voiced * 0.3 + noise.normal(size=len(times)) * 0.01).astype(np.float32)
    ours = detector()(samples.reshape(-1, FRAME))
    theirs = np.asarray(get_vad_model()(samples.copy())).reshape(-1)
    # The end of the very last frame is silenced there.
    np.testing.assert_allclose(ours[:-1], theirs[:-1], atol=1e-4)
    assert ours.shape == theirs.shape
    if frames > 1:
        assert np.ptp(ours) > 0.01
