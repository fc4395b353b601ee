"""Two voices are two, one is one, and each word goes to who said it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from draftmill.media.audio import AudioDecoder
from draftmill.media.timeline import RATE, Samples
from draftmill.speech import telling_apart, voices
from draftmill.speech.linkage import groups, merges
from draftmill.speech.telling_apart import Told, labels_of
from draftmill.speech.turns import Votes
from draftmill.speech.voices import WINDOW, NoEncoder, Windows, in_bytes, windows_of
from draftmill.transcripts.recut_at_turns import Part
from draftmill.transcripts.segments import Segment, Word
from tests.support.places import SOUNDS

SPOKEN = [(0.0, 5.1), (7.3, 11.3)]  # by one voice, then by another
FIRST, SECOND = SPOKEN


@pytest.fixture(scope="module")
def two() -> Windows:
    samples = np.concatenate([b.samples for b in AudioDecoder(SOUNDS / "english.opus")])
    return windows_of(samples, SPOKEN, 100.0, 7)


def test_two_voices_are_told_apart_and_each_keeps_its_number(two: Windows) -> None:
    labels = labels_of(two, Told(exactly=2))
    assert labels.tolist() == [int(start_s > 106) for start_s in two["start_s"]]


def test_nobody_is_invented_where_one_speaks(two: Windows) -> None:
    alone = two[two["start_s"] < 106]
    assert set(labels_of(alone, Told()).tolist()) == {0}


def test_windows_lie_in_the_speech_and_say_in_which_stretch(two: Windows) -> None:
    assert set(two["stretch"].tolist()) == {7, 8}
    lengths = two["end_s"] - two["start_s"]
    assert lengths.max() == pytest.approx(1.6, abs=0.001)
    assert two["start_s"].min() == pytest.approx(100.0, abs=0.001)
    assert two["end_s"].max() <= 100 + SECOND[1] + 0.001


def test_how_loud_a_voice_is_does_not_change_it() -> None:
    samples = np.concatenate([b.samples for b in AudioDecoder(SOUNDS / "english.opus")])
    loud, soft = (windows_of(by * samples, [FIRST], 0.0, 0)["voice"] for by in (1.0, 0.05))
    assert np.abs(loud.astype(int) - soft).max() <= 2


@pytest.mark.parametrize("samples", [np.zeros(3 * RATE, np.float32), np.zeros(100, np.float32)])
def test_silence_and_too_little_sound_are_nobody(samples: Samples) -> None:
    found = windows_of(samples, [(0.0, 3.0)], 0.0, 0)
    assert len(labels_of(found, Told(exactly=3))) == len(found)
    assert len(labels_of(found[:0], Told())) == 0


def test_a_damaged_file_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "voices.onnx").write_bytes(voices.NETWORK.read_bytes()[:-1] + b"x")
    monkeypatch.setattr(voices, "NETWORK", tmp_path / "voices.onnx")
    voices._encoder.cache_clear()
    with pytest.raises(NoEncoder):
        windows_of(np.ones(RATE, np.float32), [(0.0, 1.0)], 0.0, 0)
    voices._encoder.cache_clear()


def made_up(speakers: Sequence[int], seed: int = 3) -> Windows:
    """Windows of as clear voices, one each 0.4 s; a stretch is 5 of them."""
    chance = np.random.default_rng(seed)
    own = chance.random((max(speakers) + 1, 256)) ** 4
    found = np.zeros(len(speakers), WINDOW)
    for n, who in enumerate(speakers):
        found[n]["start_s"], found[n]["end_s"], found[n]["stretch"] = 0.4 * n, 0.4 * n + 1.6, n // 5
        found[n]["voice"] = in_bytes((own[who] + 0.05 * chance.random(256))[None])[0]
    return found


@pytest.mark.parametrize("told", [Told(), Told(exactly=4), Told(least=3)])
def test_four_voices_by_turns_are_four(told: Told) -> None:
    speakers = [n for n in (0, 1, 2, 3, 1, 0, 2, 3) for _ in range(20)]
    assert labels_of(made_up(speakers), told).tolist() == speakers


def test_as_many_are_found_as_were_told() -> None:
    speakers = [n for n in (0, 1, 2, 3) for _ in range(20)]
    assert set(labels_of(made_up(speakers), Told(exactly=2)).tolist()) == {0, 1}


def test_of_a_long_recording_only_some_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_apart, "PIECES", 30)
    speakers = [n % 3 for n in range(12) for _ in range(50)]
    assert labels_of(made_up(speakers), Told(exactly=3)).tolist() == speakers


def test_linkage_joins_what_is_alike_on_average() -> None:
    points = np.array([[0.0], [1.0], [10.0], [11.5], [30.0]], np.float32)
    joins = merges(-np.abs(points - points.T))
    assert [round(alike, 3) for alike, *_ in joins] == [-1.0, -1.5, -10.25, -24.375]
    assert groups(5, joins[:2]).tolist() in ([0, 0, 1, 1, 2], [1, 1, 2, 2, 0])


@pytest.fixture
def turns() -> Votes:
    windows = np.zeros(20, WINDOW)
    windows["start_s"] = 0.4 * np.arange(20)
    windows["end_s"] = windows["start_s"] + 0.4
    return Votes(windows, np.array([0] * 10 + [1] * 10))


def said(*starts_s: float) -> Segment:
    words = tuple(Word(s, s + 0.2, f"w{n}") for n, s in enumerate(starts_s))
    return Segment(starts_s[0], starts_s[-1] + 0.2, " ".join(w.text for w in words), words)


def test_a_sentence_is_split_where_another_voice_begins(turns: Votes) -> None:
    sentence = said(*np.arange(2.0, 6.0, 0.4))
    assert turns.parts(sentence) == [Part(5, 0), Part(5, 1)]


def test_a_sentence_mostly_by_one_is_theirs(turns: Votes) -> None:
    assert turns.parts(said(*np.arange(0.4, 4.4, 0.4))) == [Part(10, 0)]
    assert turns.parts(Segment(0.4, 3.0, "No words known.")) == [Part(0, 0)]


def test_one_word_alone_goes_with_its_neighbours(turns: Votes) -> None:
    assert turns.parts(said(3.2, 3.5, 4.4)) == [Part(3, 0)]


def test_what_is_far_from_any_voice_is_the_nearest_ones(turns: Votes) -> None:
    assert turns.at(100.0, 101.0) == 1
    assert Votes(np.zeros(0, WINDOW), np.zeros(0, np.int64)).at(1.0, 2.0) is None


def test_a_sentence_without_end_in_which_each_word_is_of_another_is_joined_too() -> None:
    count = 4000
    windows = np.zeros(count, WINDOW)
    windows["start_s"] = windows["end_s"] = np.arange(count)
    parts = Votes(windows, np.arange(count) % 2).parts(said(*np.arange(count, dtype=float)))
    assert parts == [Part(count, 1)]
