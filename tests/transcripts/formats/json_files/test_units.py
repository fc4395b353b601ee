"""The unit of times is found out from the file: the letters of a second, the length, fractions."""

import json
from typing import Any

import pytest

from draftmill.transcripts import formats

TALK = ("Hello everybody, today we bake.", "The oven is hot by now.", "Then we are done.")


def talk(scale: float, step_s: float = 4, length_s: float = 2.5, **more: Any) -> dict[str, Any]:
    segments = [
        {
            "start": round(n * step_s * scale),
            "end": round((n * step_s + length_s) * scale),
            "text": t,
        }
        for n, t in enumerate(TALK)
    ]
    return {"segments": segments, **more}


def starts(data: object) -> list[float]:
    return [one.start_s for one in formats.parse(json.dumps(data), "a.json").segments]


@pytest.mark.parametrize("scale", [1, 1000, 10_000_000, 1_000_000_000])
@pytest.mark.parametrize("place", ["segments", "utterances", "transcription", "sentences"])
def test_whole_numbers_are_seconds_milliseconds_or_ticks_whoever_wrote_them(
    scale: int, place: str
) -> None:
    assert starts({place: talk(scale)["segments"]}) == pytest.approx([0, 4, 8])


@pytest.mark.parametrize("scale", [1, 1000])
def test_the_length_of_the_recording_agrees_with_the_unit(scale: int) -> None:
    assert starts(talk(scale, audio_duration=12)) == pytest.approx([0, 4, 8])
    assert starts(talk(scale, duration=3600)) == pytest.approx([0, 4, 8])


def test_a_recording_that_is_mostly_silence_keeps_its_seconds() -> None:
    sparse = talk(1, step_s=300, length_s=290)
    assert starts(sparse) == [0, 300, 600]
    assert starts({"segments": [{"start": 0, "end": 30, "text": "Hi."}]}) == [0]


def test_fractions_are_seconds_and_texts_may_be_long_or_short() -> None:
    data = [
        {"start": 0.5, "end": 60.25, "text": "Hm."},
        {"start": 61.5, "end": 61.75, "text": TALK[0]},
    ]
    assert starts(data) == [0.5, 61.5]


def test_starts_alone_tell_the_unit_too() -> None:
    data = {"utterances": [{"start": 4000 * n, "text": t} for n, t in enumerate(TALK)]}
    assert starts(data) == [0, 4, 8]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1.500s", 1.5), ("1500ms", 1.5), ("PT1.5S", 1.5), ("PT1M2S", 62), ("00:00:01,500", 1.5),
        ("1:02", 62), ("0:00:01.5000000", 1.5), ("1.5", 1.5), ({"seconds": "1", "nanos": 5e8}, 1.5),
    ],
)  # fmt: skip
def test_times_that_say_their_unit_are_believed(written: object, seconds: float) -> None:
    assert starts([{"start": written, "text": "Hello there."}]) == [seconds]


@pytest.mark.parametrize(
    "segments",
    [
        [{"start": "soon", "end": "later", "text": "Hello."}],
        [{"start": None, "end": None, "text": "Hello."}],
        [{"start": True, "end": 2, "text": "Hello."}],
        [{"text": "Hello."}],
        [{"start": 2**80, "end": 2**81, "text": "Hello."}],
    ],
)
def test_where_nothing_has_a_time_the_file_is_refused(segments: list[Any]) -> None:
    with pytest.raises(formats.UnknownJson):
        starts({"segments": segments})


def test_text_without_a_time_stands_between_its_neighbours() -> None:
    data = {
        "segments": [
            {"start": 1.0, "end": 2.0, "text": "One."},
            {"start": None, "end": None, "text": "Two."},
            {"start": float("nan"), "end": 9.0, "text": "Three."},
            {"start": 5.5, "end": None, "text": "Four."},
            {"start": -1.5, "end": 0.5, "text": "Before."},
        ]
    }
    said = [(one.start_s, one.text) for one in formats.parse(json.dumps(data)).segments]
    assert said == [(0.0, "Before."), (1.0, "One."), (2.0, "Two."), (2.0, "Three."), (5.5, "Four.")]
