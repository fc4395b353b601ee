"""The JSON of Whisper: its words, its doubts and its times are kept, however it was made."""

import json

from draftmill.transcripts import formats
from draftmill.transcripts.segments import DOUBTFUL, Word
from tests.support.caption_files import starts


def test_openai_whisper_json_keeps_its_words():
    data = {
        "text": " Hello, draft mill works.",
        "language": "en",
        "segments": [
            {
                "start": 0.0,
                "end": 2.0,
                "text": " Hello, draft",
                "words": [
                    {"word": " Hello,", "start": 0.1, "end": 0.4, "probability": 0.9},
                    {"word": " draft", "start": 0.5, "end": 0.9, "probability": 0.8},
                ],
            },
            {"start": 2.0, "end": 4.0, "text": " mill works."},
        ],
    }
    brought = formats.read(json.dumps(data), "talk.json")
    (segment,) = brought.segments
    assert (brought.format, brought.language) == ("json", "en")
    assert segment.text == "Hello, draft mill works."
    assert segment.words[:2] == (Word(0.1, 0.4, "Hello,", 0.9), Word(0.5, 0.9, "draft", 0.8))


def test_a_bare_list_of_segments_is_read():
    data = [
        {"start": 1.5, "end": 2.0, "text": " Hi there."},
        {"start": 2, "end": 3, "text": "Bye."},
    ]
    assert starts(formats.read(json.dumps(data))) == [1.5, 2.0]


def test_whisper_cpp_json_has_milliseconds_and_pieces_of_words():
    data = {
        "result": {"language": "en"},
        "transcription": [
            {
                "offsets": {"from": 500, "to": 2000},
                "text": " Draftmill works.",
                "tokens": [
                    {"text": "[_BEG_]", "offsets": {"from": 500, "to": 500}, "p": 0.9},
                    {"text": " Draft", "offsets": {"from": 600, "to": 900}, "p": 0.9},
                    {"text": "mill", "offsets": {"from": 900, "to": 1100}, "p": 0.5},
                    {"text": " works", "offsets": {"from": 1200, "to": 1600}, "p": 0.9},
                    {"text": ".", "offsets": {"from": 1600, "to": 1600}, "p": 0.9},
                ],
            },
            {"offsets": {"from": 2000, "to": 3000}, "text": " Bye."},
        ],
    }
    first, second = formats.read(json.dumps(data)).segments
    assert [(w.text, w.start_s, w.end_s) for w in first.words] == [
        ("Draftmill", 0.6, 1.1),
        ("works.", 1.2, 1.6),
    ]
    assert (second.text, second.start_s) == ("Bye.", 2.0)


def test_words_beside_segments_take_the_punctuation_of_the_text():
    data = {
        "language": "english",
        "words": [
            {"word": "Hi", "start": 0.1, "end": 0.4},
            {"word": "there", "start": 0.5, "end": 0.9},
            {"word": "Bye", "start": 2.1, "end": 2.4},
        ],
        "segments": [
            {"start": 0.0, "end": 2.0, "text": " Hi there."},
            {"start": 2.0, "end": 3.0, "text": " Bye."},
        ],
    }
    brought = formats.read(json.dumps(data))
    assert [(s.start_s, s.end_s, s.text) for s in brought.segments] == [
        (0.1, 0.9, "Hi there."),
        (2.1, 2.4, "Bye."),
    ]


def test_doubtful_segments_of_whisper_are_flagged_and_none_is_dropped():
    data = [
        {"start": 0, "end": 2, "text": "Good.", "avg_logprob": -0.2, "compression_ratio": 1.2},
        {"start": 2, "end": 4, "text": "Bad bad bad.", "compression_ratio": 2.9},
        {"start": 4, "end": 6, "text": "Worse.", "avg_logprob": -1.4},
        {"start": 6, "end": 8, "text": "Thanks for watching.", "no_speech_prob": 0.95},
        {"start": 8, "end": 10, "text": "Sure.", "no_speech_prob": 0.95, "avg_logprob": -0.2},
    ]
    said = [(s.text, DOUBTFUL in s.flags) for s in formats.read(json.dumps(data)).segments]
    assert said == [
        ("Good.", False),
        ("Bad bad bad.", True),
        ("Worse.", True),
        ("Thanks for watching.", True),
        ("Sure.", False),
    ]
