"""Which tracks are heard: all that hold different speech, each once, in one language."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from draftmill.media.audio_tracks import AudioTrack, audio_tracks
from draftmill.speech.profiles import FRAME_S, Profile
from draftmill.speech.tracks import Choice, Spoken, choose, decide
from tests.support import media_files as files
from tests.support.many_tracks import TURNS, TURNS_S, recording, two_people

Power = NDArray[np.float32]
TWO_MINUTES = int(120 / FRAME_S)


def voice(seed: int, *turns: tuple[float, float]) -> Power:
    """The power of somebody who speaks between these seconds, syllable by syllable."""
    chance = np.random.default_rng(seed)
    syllables = np.repeat(chance.random(TWO_MINUTES // 6 + 1) ** 3, 6)[:TWO_MINUTES]
    seconds = np.arange(TWO_MINUTES) * FRAME_S
    speaks = np.zeros(TWO_MINUTES, bool)
    for start, end in turns or ((0.0, 120.0),):
        speaks |= (seconds >= start) & (seconds < end)
    return np.where(speaks, 0.01 * (syllables + 0.01), 0).astype(np.float32)


HOST = voice(1, (0, 30), (60, 80))
GUEST = voice(2, (30, 60), (82, 120))
THIRD = voice(3, (80, 82), (100, 118))
SILENCE = np.zeros(TWO_MINUTES, np.float32)


def decided(*powers: Power, **marks: tuple[Any, ...]) -> Choice:
    tracks = [
        Spoken(
            AudioTrack(n, **{name: values[n] for name, values in marks.items()}),
            Profile(power, power > 1e-4 * 0.5),
        )
        for n, power in enumerate(powers)
    ]
    return decide(tracks, "")


def heard(choice: Choice) -> list[tuple[int, str]]:
    return [(part.track, part.speaker) for part in choice.parts]


def test_a_track_for_each_person_is_a_speaker_each() -> None:
    assert heard(decided(HOST, GUEST, THIRD)) == [
        (0, "Track 1"),
        (1, "Track 2"),
        (2, "Track 3"),
    ]


def test_people_who_speak_at_the_same_time_are_all_heard() -> None:
    choice = decided(voice(5), voice(6))
    assert (len(choice.parts), choice.warnings) == (2, ())


def test_titles_are_the_speakers_names_where_they_tell_them_apart() -> None:
    named = decided(HOST, GUEST, THIRD, title=("Anna", "", "Bob"))
    assert [part.speaker for part in named.parts] == ["Anna", "Track 2", "Bob"]
    same = decided(HOST, GUEST, title=("Mic", "Mic"))
    assert [part.speaker for part in same.parts] == ["Track 1", "Track 2"]


def test_silent_tracks_are_dropped_without_a_word() -> None:
    choice = decided(SILENCE, HOST, SILENCE)
    assert (heard(choice), choice.warnings, choice.notes) == ([(1, "")], (), ())
    assert heard(decided(SILENCE, SILENCE)) == [(0, "")]


@pytest.mark.parametrize("level", [1.0, 0.01])
@pytest.mark.parametrize("late", [0, 6, 25])
def test_the_same_talk_is_heard_once_at_another_level_and_a_little_later(
    level: float, late: int
) -> None:
    copy = np.roll(HOST, late) * np.float32(level)
    choice = decided(HOST, copy)
    assert (heard(choice), choice.warnings) == ([(0, "")], ())
    assert heard(decided(HOST, copy, default=(False, True))) == [(1, "")]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_mix_is_not_heard_beside_its_parts(at: int) -> None:
    tracks = [HOST, GUEST]
    tracks.insert(at, 0.3 * np.roll(HOST, 2) + 0.6 * GUEST)
    assert [n for n, _ in heard(decided(*tracks))] == [n for n in range(3) if n != at]


def test_a_part_is_not_heard_beside_a_mix_that_holds_more() -> None:
    assert heard(decided(HOST, HOST + GUEST)) == [(1, "")]
    assert heard(decided(HOST + GUEST + THIRD, HOST, GUEST))[0] == (0, "")


def test_a_voice_that_another_microphone_heard_from_afar_makes_no_mix_of_it() -> None:
    bleeding = [HOST + np.float32(0.01) * GUEST, GUEST + np.float32(0.01) * HOST]
    assert len(decided(*bleeding).parts) == 2


def test_another_language_is_offered_and_not_mixed() -> None:
    tags = ("eng", "fra")
    choice = decided_in(tags)
    assert heard(choice) == [(0, "")]
    assert "track 2 (French)" in choice.warnings[0]
    assert [part.track for part in decided_in(tags, language="fr").parts] == [1]
    assert [part.track for part in decided_in(tags, default=(False, True)).parts] == [1]


def decided_in(
    tags: tuple[str, str], language: str = "", default: tuple[bool, bool] = (True, False)
) -> Choice:
    tracks = [
        Spoken(AudioTrack(n, language=tag, default=first), Profile(power, power > 0))
        for n, (tag, first, power) in enumerate(
            zip(tags, default, (voice(7), voice(8)), strict=True)
        )
    ]
    return decide(tracks, language)


def test_people_who_take_turns_in_two_languages_are_both_heard() -> None:
    tracks = [
        Spoken(AudioTrack(n, language=tag), Profile(power, power > 0))
        for n, (tag, power) in enumerate((("eng", HOST), ("deu", GUEST)))
    ]
    assert len(decide(tracks, "").parts) == 2


def test_a_commentary_is_left_out_and_that_is_said() -> None:
    choice = decided(HOST, voice(9), beside=(False, True), title=("", "Audio description"))
    assert heard(choice) == [(0, "")]
    assert choice.warnings == ("Left out: track 2 (Audio description).",)


# Real files


def nobody(done: float, total: float) -> None:
    assert 0 <= done <= total + 1


def test_two_people_and_their_mix_in_a_file() -> None:
    path = recording("mix-and-parts.mka", TURNS, ["mix", "one", "two"])
    assert heard(choose(path, TURNS_S, "", nobody)) == [(1, "Track 2"), (2, "Track 3")]


def test_one_track_is_not_listened_to() -> None:
    choice = choose(files.noise(), 60.0, "", lambda done, total: pytest.fail("listened"))
    assert heard(choice) == [(0, "")]


def test_what_a_file_says_about_its_tracks() -> None:
    marks = ("-metadata:s:a:0", "title=Anna  Schmidt", "-metadata:s:a:0", "language=de-DE")
    more = ("-metadata:s:a:1", "title=Track 2", "-disposition:a:1", "comment")
    anna, other = audio_tracks(two_people("told.mka", *marks, *more))
    assert (anna.title, anna.language, anna.beside) == ("Anna Schmidt", "de", False)
    assert (other.title, other.language, other.beside) == ("", "", True)


@pytest.mark.parametrize("name", ["SoundHandler", "Stereo", "Core Media Audio", "Audio 1", "#2"])
def test_what_programs_call_tracks_is_no_name(name: str) -> None:
    path = two_people(f"called-{len(name)}.mka", "-metadata:s:a:0", f"title={name}")
    assert audio_tracks(path)[0].title == ""
