"""WebVTT as programs really write it."""

import pytest

from draftmill.transcripts import formats
from tests.support.caption_files import said

A, B = "00:01.000 --> 00:02.000", "00:03.000 --> 00:04.000"
BOTH = ["1-2 Hello you.", "3-4 Yes, I am."]


@pytest.mark.parametrize(
    "text",
    [
        f"WEBVTT\n\n{A}\nHello you.\n\n{B}\nYes, I am.\n",
        "WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nHello you.\n\n00:00:03,000 --> 00:00:04,000\nYes, I am.\n",
        f"WEBVTT - a title\nKind: captions\n\n{A}\nHello you.\n\n{B}\nYes, I am.\n",
        f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n{A}\nHello you.\n\n{B}\nYes, I am.\n",
        f"Kind: captions\nLanguage: en\n\n{A}\nHello you.\n\n{B}\nYes, I am.\n",
        f"WEBVTT\n\nNOTE\nnobody said this\n\nSTYLE\n::cue {{\n  color: red }}\n\nREGION\nid:fred\n\n{A}\nHello you.\n\nNOTE nor that\n\n{B}\nYes, I am.\n",
        f"WEBVTT\n\nintro\n{A} align:start position:0% size:50%\nHello you.\n\n7f3b-12/0\n{B} line:0\nYes, I am.\n",
        f"WEBVTT\n\n1\n{A}\nHello you.\n\n2\n{B}\nYes, I am.\n",
        f"WEBVTT\n\n{A}\n<c.yellow.bg_blue>Hello</c> <b>you.</b>\n\n{B}\n<lang en>Yes,</lang> I am.\n",
        f"WEBVTT\n\n{A}\nHello\n\nyou.\n\n{B}\nYes, I am.\n",
        f"WEBVTT\n\n{A}\nHello you.\n\nWEBVTT\nKind: captions\n\n{B}\nYes, I am.\n",
        f"WEBVTT\n{A}\nHello you.\n{B}\nYes, I am.\n",
        f"\ufeffWEBVTT\r\n\r\n{A}\r\nHello you.\r\n\r\n{B}\r\nYes, I am.\r\n",
    ],
)  # fmt: skip
def test_cues_are_read_whatever_stands_around(text: str) -> None:
    assert said(text, "talk.vtt") == BOTH
    assert formats.read(text, "talk.vtt").unread == ()


def test_a_voice_ends_where_its_mark_does() -> None:
    text = f"WEBVTT\n\n{A}\n<v.loud Ada &amp; Co>Hello you.</v> Who is it?\n\n{B}\n<v Bob>Me.\n"
    brought = formats.read(text)
    assert [(s.speaker, s.text) for s in brought.segments] == [
        ("Ada & Co", "Hello you."),
        ("", "Who is it?"),
        ("Bob", "Me."),
    ]
    assert brought.segments[0].end_s == brought.segments[1].start_s == pytest.approx(1.5, abs=0.1)


def test_stamps_of_words_are_their_times() -> None:
    (segment,) = formats.read(f"WEBVTT\n\n{B}\n<00:03.200>Yes, <00:03.500><c>I</c> am.\n").segments
    assert [(w.text, w.start_s) for w in segment.words][:2] == [("Yes,", 3.2), ("I", 3.5)]


def test_hours_beyond_reason_are_refused_by_name() -> None:
    with pytest.raises(formats.BadTimes):
        formats.read("WEBVTT\n\n100:00:01.000 --> 100:00:02.000\nHello.\n")
