"""Texts of meeting programs: a line of name and time over what was said, as text and as .docx."""

import pytest

from draftmill.transcripts import formats
from tests.support.documents import archive, docx

SAID = [
    (3.0, "Ada Lovelace", "Hello everybody, we are here."),
    (12.0, "john smith", "The oven is hot."),
    (20.0, "Ada Lovelace", "Good, then we are done."),
]
OTTER = """Ada Lovelace  0:03
Hello everybody, we are here.

john smith  0:12
The oven is hot.

Ada Lovelace  0:20
Good, then we are done.

Transcribed by https://otter.ai
"""
ZOOM = """[Ada Lovelace] {}:01:02
Hello everybody, we are here.

[john smith] {}:01:11
The oven is hot.

[Ada Lovelace] {}:01:19
Good, then we are done.
"""
TEAMS = [
    "Weekly meeting",
    "October 12, 2026, 9:00AM",
    "45m 10s",
    "Ada Lovelace started transcription",
    "Ada Lovelace   0:03\nHello everybody, we are here.",
    "john smith   0:12\nThe oven is hot.",
    "Ada Lovelace   0:20\nGood, then we are done.",
    "Ada Lovelace stopped transcription",
]
WORD = [
    "Audio file",
    "meeting.m4a",
    "Transcript",
    "00:00:03 Ada Lovelace",
    "Hello everybody, we are here.",
    "00:00:12 john smith",
    "The oven is hot.",
    "00:00:20 Ada Lovelace",
    "Good, then we are done.",
]


def said(content: str | bytes, name: str = "") -> list[tuple[float, str, str]]:
    return [(s.start_s, s.speaker, s.text) for s in formats.parse(content, name).segments]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (OTTER, "otter.txt"),
        (OTTER.replace("\n\n", "\n"), "otter.txt"),
        (OTTER.replace("  0:", " | 00:"), "a.txt"),
        (OTTER.replace("  0:", " (0:").replace("3\n", "3)\n").replace("12\n", "12)\n").replace("20\n", "20)\n"), "a.txt"),
        (OTTER.replace("  0:", "\n0:"), "a.txt"),
        ("\n".join(TEAMS), "teams.txt"),
        ("\n".join(WORD), "word.txt"),
        (docx(*TEAMS), "teams.docx"),
        (docx(*WORD), "word.docx"),
        (docx(*"\n".join(TEAMS).split("\n")), "teams.docx"),
        (docx(*OTTER.split("\n")), "otter.docx"),
    ],
)  # fmt: skip
def test_programs_are_read_with_their_times_and_speakers(content: str | bytes, name: str) -> None:
    assert said(content, name) == SAID


def test_several_who_speak_under_one_time_are_told_apart() -> None:
    text = (
        "Transcript\n00:00:00\n\nAda Lovelace: Hello there.\nbob: Hi.\n"
        "00:05:00\n\nAda Lovelace: We begin.\nbob: Good.\n"
    )
    assert [rest for _, *rest in said(text)] == [
        ["Ada Lovelace", "Hello there."],
        ["bob", "Hi."],
        ["Ada Lovelace", "We begin."],
        ["bob", "Good."],
    ]
    assert [at for at, _, _ in said(text)][::2] == [0.0, 300.0]


@pytest.mark.parametrize("hour", ["10", "23"])
def test_the_time_of_day_becomes_that_of_the_recording(hour: str) -> None:
    shifted = [(at - 3, *rest) for at, *rest in SAID]
    assert said(ZOOM.format(hour, hour, hour)) == [
        (0.0, *SAID[0][1:]),
        (9.0, *SAID[1][1:]),
        (17.0, *SAID[2][1:]),
    ]
    assert shifted[0][0] == 0


def test_midnight_is_passed() -> None:
    text = "[Ada] 23:59:58\nHello.\n\n[Bob] 00:00:04\nHi.\n\n[Ada] 00:00:08\nBye."
    assert [at for at, _, _ in said(text)] == [0.0, 6.0, 10.0]


def test_halves_of_the_day_are_understood() -> None:
    text = "Ada 11:59:58 AM\nHello.\n\nBob 12:00:04 PM\nHi.\n\nAda 12:00:08 PM\nBye."
    assert said(text) == [(0.0, "Ada", "Hello."), (6.0, "Bob", "Hi."), (10.0, "Ada", "Bye.")]


@pytest.mark.parametrize(
    "text",
    [
        "We met at 10:30\nin the morning.\nThen we left at 11:30\nand ate.",
        "The bus goes at 9:15\nIt came late.\nThe train goes at 9:45\nIt came early.",
    ],
)
def test_a_time_at_the_end_of_a_line_is_no_head(text: str) -> None:
    assert {speaker for _, speaker, _ in said(text)} == {""}


@pytest.mark.parametrize(
    "content",
    [
        docx("Hello.", part="content.xml"),
        docx("Hello.", before='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        docx("Hello.")[:-40],
        archive("word/document.xml", "<w:document"),
        archive("word/document.xml", "no xml"),
        b"PK\x03\x04" + bytes(500),
    ],
)
def test_other_archives_are_refused(content: bytes) -> None:
    with pytest.raises(formats.NotATranscript, match="Word"):
        said(content, "a.docx")


def test_a_document_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(formats.TranscriptTooLarge):
        said(archive("word/document.xml", b"<a>" + b" " * 40_000_000 + b"</a>"), "a.docx")


def test_a_document_without_times_is_plain_text() -> None:
    brought = formats.parse(docx("Hello there.", "We begin."), "notes.docx")
    assert not brought.timed
    assert [s.text for s in brought.segments] == ["Hello there.", "We begin."]
