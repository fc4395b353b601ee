"""Plain text: stamps and speakers are kept, and times that nobody wrote are marked."""

import pytest

from draftmill.transcripts import formats
from tests.support.caption_files import starts, texts


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Hello there.\n[00:00:12] Yes.\n[00:01:00] Well, no.",
        "(0:05) Hello there.\n(0:12) Yes.\n(1:00) Well, no.",
        "0:05 - Hello there.\n0:12 - Yes.\n1:00 - Well, no.",
        "0:05\nHello there.\n0:12\nYes.\n1:00\nWell, no.",
        "[00:05.000 --> 00:07.000]  Hello there.\n[00:12.000 --> 00:13.000]  Yes.\n[01:00.000 --> 01:02.000]  Well, no.",
    ],
)
def test_stamps_in_plain_text_are_kept(text):
    brought = formats.read(text, "notes.txt")
    assert brought.timed
    assert list(zip(starts(brought), texts(brought), strict=True)) == [
        (5.0, "Hello there."),
        (12.0, "Yes."),
        (60.0, "Well, no."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "0:05 Ada: Hello there.\n0:12 Bob: Yes.\n0:20 Ada: Well, no.",
        "[00:00:05] Ada: Hello there.\n[00:00:12] Bob: Yes.\n[00:00:20] Ada: Well, no.",
        "Ada (0:05)\nHello there.\n\nBob (0:12)\nYes.\n\nAda (0:20)\nWell, no.",
        "Ada (0:05):\nHello there.\n\nBob (0:12):\nYes.\n\nAda (0:20):\nWell, no.",
        "Ada  0:05\nHello there.\n\nBob  0:12\nYes.\n\nAda  0:20\nWell, no.",
        "Ada | 00:05\nHello there.\nBob | 00:12\nYes.\nAda | 00:20\nWell, no.",
    ],
)
def test_speakers_with_times_are_kept(text):
    said = [(s.start_s, s.speaker, s.text) for s in formats.read(text).segments]
    assert said == [(5.0, "Ada", "Hello there."), (12.0, "Bob", "Yes."), (20.0, "Ada", "Well, no.")]


def test_a_clock_time_that_was_said_is_no_stamp():
    brought = formats.read(
        "[0:05] We met at\n10:30 in the morning.\n[0:12] It rained.\n[0:20] We left.\n[0:30] Bye."
    )
    assert starts(brought)[0] == 5.0
    assert texts(brought)[0] == "We met at 10:30 in the morning."
    assert starts(brought)[-1] == 30.0


def test_a_text_that_mentions_a_time_is_not_timed():
    text = "We began.\n\n10:30 was late for us.\n\nStill, all came.\n\nThen we ate.\n\nIt was good."
    assert not formats.read(text).timed


def test_plain_text_without_times_has_estimated_ones_that_are_marked():
    brought = formats.read("It has two\nlines. And more.\n\nA second paragraph.", "notes.txt")
    assert (brought.format, brought.timed) == ("txt", False)
    assert texts(brought) == ["It has two lines.", "And more.", "A second paragraph."]
    assert starts(brought) == sorted(starts(brought))
    assert all(segment.words == () for segment in brought.segments)


def test_names_before_colons_become_speakers_only_when_they_return():
    brought = formats.read("Ada: Hello.\nBob: Yes.\n\nAda: Well.\nNote: I stay.\nBob: Fine.")
    assert [(s.speaker, s.text) for s in brought.segments] == [
        ("Ada", "Hello."),
        ("Bob", "Yes."),
        ("Ada", "Well."),
        ("Ada", "Note: I stay."),
        ("Bob", "Fine."),
    ]


def test_letters_are_composed_and_control_characters_are_gone():
    (segment,) = formats.read("Cafe\u0301 \x1b[31mred\u202e and\ud800 more text.").segments
    assert segment.text.startswith("Café ")
    assert not set(segment.text) & {"\x1b", "\u202e", "\ud800"}


def test_the_language_is_told_from_the_text():
    assert formats.read("Guten Tag, das ist ein kurzer Text über das Backen.").language == "de"
    assert formats.read("Good day, this is a short text about baking bread.").language == "en"


def test_languages_without_spaces_keep_their_sentences():
    vtt = "WEBVTT\n\n00:01.000 --> 00:03.000\nこれはパンの話です。とても\n\n00:03.000 --> 00:05.000\nおいしいです。\n"
    assert texts(formats.read(vtt)) == ["これはパンの話です。", "とてもおいしいです。"]
