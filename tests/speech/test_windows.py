"""A recording is cut in silence, into windows that many cores can share."""

from collections.abc import Iterator

import numpy as np
import pytest

from draftmill.media.audio import AudioDecoder
from draftmill.media.timeline import RATE, AudioBlock, Samples
from draftmill.speech import windows
from draftmill.speech.whisper import LENGTHS
from draftmill.speech.windows import FIRST_S, LONGEST_S, Window
from tests.support.places import SOUNDS

ENGLISH = SOUNDS / "english.opus"


@pytest.fixture(scope="module")
def speech() -> Samples:
    return np.concatenate([block.samples for block in AudioDecoder(ENGLISH)])


@pytest.fixture(scope="module")
def unbroken(speech: Samples) -> Samples:
    """Speech without a pause: the first sentence alone."""
    return speech[int(2.2 * RATE) : int(5.2 * RATE)]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def blocks(samples: Samples, start_s: float = 0.0, block_s: float = 2.0) -> Iterator[AudioBlock]:
    step = int(block_s * RATE)
    for at in range(0, len(samples), step):
        yield AudioBlock(start_s + at / RATE, samples[at : at + step])


def cut(samples: Samples, usual_s: float = 30.0, start_s: float = 0.0) -> list[Window]:
    return list(windows.cut(blocks(samples, start_s), lambda _: usual_s))


def test_windows_hold_every_sample_once_and_in_order(speech: Samples) -> None:
    samples = np.tile(speech, 16)
    found = cut(samples)
    assert np.array_equal(np.concatenate([window.samples for window in found]), samples)
    starts = [window.start_s for window in found]
    assert starts == pytest.approx([0.0, *(window.end_s for window in found[:-1])])


def test_windows_are_between_10_and_300_seconds_long(speech: Samples) -> None:
    for usual_s in (1.0, 1000.0):
        found = cut(np.tile(speech, 40), usual_s)
        assert len(found) > 1
        assert all(FIRST_S <= window.duration_s <= LONGEST_S for window in found[:-1])


def test_the_model_gets_windows_that_leave_it_a_silence_of_its_30_seconds(speech: Samples) -> None:
    found = cut(np.tile(speech, 8), LENGTHS.usual_s)
    assert len(found) > 4
    assert all(window.duration_s < 27 for window in found)


def test_a_window_ends_in_a_silence(speech: Samples) -> None:
    for window in cut(np.tile(np.concatenate([speech, silence(0.8)]), 12))[:-1]:
        edge = window.samples[-int(0.1 * RATE) :]
        assert float(np.sqrt(np.square(edge).mean())) < 0.005


def test_the_usual_length_is_kept_where_there_are_pauses(speech: Samples) -> None:
    lengths = [window.duration_s for window in cut(np.tile(speech, 24), usual_s=60.0)[:-1]]
    assert lengths
    assert all(42 <= length <= 72 for length in lengths)


def test_speech_without_any_pause_is_cut_at_300_seconds(unbroken: Samples) -> None:
    # Loudness and detector both see speech all the way.
    assert cut(np.tile(unbroken, 120), usual_s=300.0)[0].duration_s <= LONGEST_S


def test_a_short_recording_is_one_window(speech: Samples) -> None:
    (window,) = cut(speech)
    assert window.duration_s == pytest.approx(len(speech) / RATE)


def test_a_stream_that_begins_late_keeps_its_times(speech: Samples) -> None:
    assert cut(speech, start_s=5.0)[0].start_s == 5.0


def test_a_jump_in_time_ends_a_window(speech: Samples) -> None:
    broken = [*blocks(speech), *blocks(speech, start_s=100.0)]
    assert [w.start_s for w in windows.cut(broken, lambda _: 30.0)] == [0.0, 100.0]


def test_no_sound_makes_no_window() -> None:
    assert cut(silence(0)) == []


def test_silence_is_cut_large_and_nothing_of_it_is_recognised() -> None:
    found = cut(silence(700))
    assert [round(window.duration_s) for window in found] == [300, 300, 100]
    assert all(window.islands == [] for window in found)


def test_noise_is_not_worth_recognising() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, 20 * RATE).astype(np.float32)
    assert cut(noise)[0].islands == []


def test_long_silences_are_not_shown_to_the_recogniser(speech: Samples) -> None:
    (window,) = cut(np.concatenate([silence(5), speech, silence(12)]))
    ((start_s, end_s),) = window.islands
    assert 3.0 < start_s < 5.5
    assert 15.5 < end_s < 18.5


def test_speech_is_found_where_it_is(speech: Samples) -> None:
    (window,) = cut(np.concatenate([silence(3), speech]))
    first, last = window.speech[0], window.speech[-1]
    assert 2.8 < first[0] < 3.6
    assert last[1] == pytest.approx(3 + len(speech) / RATE, abs=0.8)


def test_listening_again_to_a_cut_window_finds_the_same_speech(speech: Samples) -> None:
    first = cut(np.tile(speech, 8))[1]
    again = windows.listened(first.start_s, first.samples)
    assert (again.start_s, again.end_s) == (first.start_s, first.end_s)
    assert again.speech == [pytest.approx(span, abs=0.5) for span in first.speech]


def test_only_the_samples_of_a_window_are_kept_alive(speech: Samples) -> None:
    assert all(window.samples.base is None for window in cut(np.tile(speech, 8)))
