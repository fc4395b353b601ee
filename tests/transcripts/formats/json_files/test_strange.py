"""JSON as it really comes: lines, channels, marks around it; and what is refused, by name."""

import json

import pytest

from draftmill.transcripts import formats

SEGMENTS = [
    {"start": 0.5, "end": 1.5, "text": "Hello there."},
    {"start": 2.0, "end": 3.5, "text": "Good morning."},
]
WHOLE = json.dumps({"segments": SEGMENTS})
LINES = "\n".join(map(json.dumps, SEGMENTS))
VOSK = "\n".join(
    json.dumps({"result": [{"word": w, "start": n + 0.25, "end": n + 0.75}], "text": w})
    for n, w in enumerate(("hello", "there"))
)


def said(content: str | bytes, name: str = "talk.json") -> list[tuple[float, str, str]]:
    brought = formats.parse(content, name)
    return [(one.start_s, one.speaker, one.text) for one in brought.segments]


@pytest.mark.parametrize(
    "content",
    [
        LINES,
        LINES + "\n",
        "\n\n" + LINES.replace("\n", "\r\n\r\n"),
        WHOLE + "\nDone in 3 s.",
        b"\xef\xbb\xbf" + WHOLE.encode(),
        WHOLE.encode("utf-16"),
        json.dumps(SEGMENTS, indent=4),
        "\n \t" + WHOLE,
        json.dumps({"segments": [*SEGMENTS, {}, None, 7, {"start": 9, "end": 9, "text": " "}]}),
    ],
)
@pytest.mark.parametrize("name", ["talk.json", "talk.jsonl", "talk.txt", ""])
def test_json_is_read_whatever_stands_around_it(content: str | bytes, name: str) -> None:
    assert said(content, name) == [(0.5, "", "Hello there."), (2.0, "", "Good morning.")]


def test_results_line_by_line_are_one_transcript() -> None:
    assert said(VOSK) == [(0.25, "", "hello there")]


def test_channels_that_talk_at_once_keep_their_sentences() -> None:
    def channel(*words: tuple[str, float]) -> dict[str, object]:
        rows = [{"word": w, "start": at, "end": at + 0.4} for w, at in words]
        return {"alternatives": [{"transcript": " ".join(w for w, _ in words), "words": rows}]}

    mine = channel(("I", 0.0), ("go", 1.5), ("home.", 3.0), ("Bye.", 4.0))
    yours = channel(("No,", 1.0), ("stay.", 2.5), ("Please!", 3.5))
    assert said(json.dumps({"results": {"channels": [mine, yours]}})) == [
        (0.0, "Channel 0", "I go home."),
        (1.0, "Channel 1", "No, stay."),
        (3.5, "Channel 1", "Please!"),
        (4.0, "Channel 0", "Bye."),
    ]


def test_a_segment_in_which_two_speak_is_cut_between_them() -> None:
    words = [("Is", "A"), ("it?", "A"), ("Yes.", "B")]
    rows = [{"word": w, "start": n, "end": n + 0.5, "speaker": s} for n, (w, s) in enumerate(words)]
    data = {
        "segments": [{"start": 0, "end": 3, "text": "Is it? Yes.", "speaker": "A", "words": rows}]
    }
    assert said(json.dumps(data)) == [(0.0, "A", "Is it?"), (2.0, "B", "Yes.")]


def test_the_language_is_taken_from_where_programs_write_it() -> None:
    for data in (
        {"language": "german"},
        {"language_code": "de_at"},
        {"result": {"language": "de"}},
        {"metadata": {"language": "de-DE"}},
    ):
        content = json.dumps({"segments": SEGMENTS, **data})
        assert formats.parse(content).language == "de"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (json.dumps({"foo": SEGMENTS}), "not a transcript that Draftmill knows"),
        (json.dumps({"segments": {"0": SEGMENTS[0]}}), "not a transcript"),
        (json.dumps({"data": [1, 2, 3], "name": "x"}), "not a transcript"),
        ('{"text": "Hello there."}', "without times"),
        ('{"diarization": [{"start": 1, "end": 2, "speaker": "S0"}]}', "not what is said"),
        ('{"timeline": [{"ts": "00:00:01", "users": []}]}', "Zoom"),
        (
            '{"audio_filepath": "a.wav", "text": "Hi."}\n{"audio_filepath": "b.wav", "text": "X."}',
            "NeMo",
        ),
        (WHOLE[:-9], "end may be missing"),
        (LINES[:-9], "end may be missing"),
        (WHOLE + WHOLE[:-9], "end may be missing"),
        ("[" * 200_000, "nested|valid"),
        ('{"a":' * 200_000, "nested|valid"),
        ('[{"segments": ' + "[" * 200_000 + "]" * 200_000 + "}]", "nested"),
        ('{"segments": [{"start": 1, "start": 2, "end": 3, "text": "Hi."}]}', "“start” twice"),
        ("{'segments': []}", "valid JSON"),
        ("null", "not a transcript"),
        ("", "no text"),
    ],
)
def test_other_json_is_refused_by_name(content: str, why: str) -> None:
    with pytest.raises((formats.UnknownJson, formats.EmptyTranscript), match=why):
        said(content)
