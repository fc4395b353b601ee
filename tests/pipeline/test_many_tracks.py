"""A track for each person: every sentence is in the transcript, at its time and by its speaker."""

import numpy as np
import pytest
from numpy.typing import NDArray

from draftmill.errors import Problem
from draftmill.media.timeline import RATE
from draftmill.pipeline.conversation import conversation
from draftmill.transcripts.segments import Segment
from tests.support import media_files as files
from tests.support.many_tracks import TALK, TURNS_S, two_people
from tests.support.places import SOUNDS
from tests.support.speech_server import fails, says, speech_server
from tests.support.transcribe_stage import Made

Sound = NDArray[np.float32]


def test_two_people_on_two_tracks_are_two_speakers(stage: Made) -> None:
    made = stage(two_people(), duration_s=TURNS_S)
    said = made.run()
    assert [one.speaker for one in said] == sorted(one.speaker for one in said)
    assert {one.speaker for one in said} == {"Track 1", "Track 2"}
    assert "Miller" in " ".join(one.text for one in said if one.speaker == "Track 1")
    assert "machines" in " ".join(one.text for one in said if one.speaker == "Track 2")
    assert next(one for one in said if one.speaker == "Track 2").start_s > 6.5
    shown = [tell[:2] for tell in made.told if tell[2] == "s" and not tell[3]]
    assert shown == sorted(shown)
    assert {total for _, total in shown} == {2 * TURNS_S}
    heard_s = made.one("select sum(end_s - start_s) from windows")[0]
    assert heard_s == pytest.approx(2 * TURNS_S, abs=0.2)
    assert made.one("select warnings from jobs")[0] == "[]"


def test_a_transcription_server_hears_every_track_and_goes_on_after_a_failure(stage: Made) -> None:
    made = stage(two_people("server.mka"), duration_s=TURNS_S)
    with speech_server(says("One."), fails(500), says("Two.")) as server:
        with pytest.raises(Problem):
            made.asks(server, whisper_threads=1)
        assert [one.text for one in made.asks(server, whisper_threads=1)] == ["One.", "Two."]
    assert made.all("select n, track from windows order by n") == [(0, 0), (1, 1)]
    assert made.all("select distinct speaker from segments") == [("Track 1",), ("Track 2",)]


def test_what_is_left_out_is_said(stage: Made) -> None:
    tags = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger")
    german = ("-i", str(SOUNDS / "german.opus"), "-map", "0:a", "-map", "1:a", "-c", "copy")
    made = stage(files.made("dubbed.mka", *TALK, *german, *tags), duration_s=29.2)
    with speech_server(says("One.")) as server:
        assert {one.speaker for one in made.asks(server)} == {""}
    assert "Left out: track 2 (German)" in made.one("select warnings from jobs")[0]


def voice(seed: int) -> Sound:
    chance = np.random.default_rng(seed)
    loud = np.repeat(chance.random(60) ** 2, RATE // 10)
    return (chance.standard_normal(len(loud)) * loud).astype(np.float32)


def test_what_another_microphone_heard_from_afar_is_said_once() -> None:
    host, guest = voice(1), voice(2)
    sounds = {0: np.concatenate([host, 0.1 * guest]), 1: np.concatenate([0.1 * host, guest])}
    said = {
        0: [Segment(0, 5, "We bake rolls on Sunday."), Segment(6, 11, "And sell them of days.")],
        1: [Segment(0.2, 5, "We bake rolls on Monday."), Segment(6, 11, "I sell them on Sundays.")],
    }

    def listen(track: int, start_s: float, end_s: float) -> Sound:
        return sounds[track][int(start_s * RATE) : int(end_s * RATE)]

    kept = conversation(said, listen)
    assert [one.text for one in kept] == ["We bake rolls on Sunday.", "I sell them on Sundays."]


def test_two_people_who_speak_at_once_are_both_heard() -> None:
    sounds = {0: voice(1), 1: 0.3 * voice(2)}
    said = {0: [Segment(0, 5, "We bake rolls.")], 1: [Segment(1, 4, "Who has the keys?")]}
    kept = conversation(said, lambda track, a, b: sounds[track][int(a * RATE) : int(b * RATE)])
    assert len(kept) == 2
