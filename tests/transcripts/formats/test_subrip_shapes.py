"""SubRip as people and programs really write it: nothing is lost, nothing invented, all at its time."""

import pytest

from draftmill.transcripts import formats
from tests.support.caption_files import said

A, B, C = (
    "00:00:01,000 --> 00:00:02,000",
    "00:00:03,000 --> 00:00:04,000",
    "00:00:05,000 --> 00:00:06,000",
)
BOTH = ["1-2 Hello you.", "3-4 Yes, I am."]
ONE, TWO = "Hello you.", "Yes, I am."


@pytest.mark.parametrize(
    "text",
    [
        f"1\n{A}\n{ONE}\n\n2\n{B}\n{TWO}\n",
        f"{A}\n{ONE}\n\n{B}\n{TWO}\n",
        f"1\n{A}\n{ONE}\n\n{B}\n{TWO}\n",
        f"{A}\n{ONE}\n\n2\n{B}\n{TWO}\n",
        f"7\n{A}\n{ONE}\n\n3\n{B}\n{TWO}\n",
        f"1\n{A}\n{ONE}\n2\n{B}\n{TWO}\n",
        f"{A}\n{ONE}\n{B}\n{TWO}\n",
        f"2\n{B}\n{TWO}\n\n1\n{A}\n{ONE}\n",
        f"1\n\n{A}\n\n{ONE}\n\n2\n\n{B}\n\n{TWO}\n\n",
        f"1\n{A}\nHello\n\nyou.\n\n2\n{B}\nYes,\n\n\nI am.\n",
        f"1 \n{A} \n{ONE} \n \n2 \n{B} \n{TWO} \n \n",
        f"1\n{A} {ONE}\n\n2\n{B} {TWO}\n",
        f"1 {A}\n{ONE}\n2 {B}\n{TWO}\n",
        f"1\n{A} X1:100 X2:200 Y1:10 Y2:20\n{ONE}\n\n2\n{B} align:start\n{TWO}\n",
        f"1\n{A}\n{ONE}\n\n\ufeff1\n{B}\n{TWO}\n",
        f"\ufeff1\r\n{A}\r\n{ONE}\r\n\r\n2\r\n{B}\r\n{TWO}\r\n",
        f"1\r\r\n{A}\r\r\n{ONE}\r\r\n\r\r\n2\r\r\n{B}\r\r\n{TWO}\r\r\n",
        f"1\r{A}\r{ONE}\r\r2\r{B}\r{TWO}\r",
        f"1\n{A}\n\n\n2\n{A}\n{ONE}\n\n3\n{B}\n{TWO}\n",
        f"1\n{A}\n<i>Hello</i> {{\\an8}}you.\n\n2\n{B}\n<font color=\"#fff\">Yes,</font>\\NI am.\n",
    ],
)  # fmt: skip
def test_a_cue_is_known_by_its_times_whatever_stands_around(text: str) -> None:
    assert said(text, "talk.srt") == BOTH
    assert formats.read(text, "talk.srt").unread == ()


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01.000 --> 00:00:02.000",
        "00:00:01 --> 00:00:02",
        "00:01,000 --> 00:02,000",
        "0:0:1,0 --> 0:0:2,0",
        "00:00:01,000-->00:00:02,000",
        "00:00:01,000 -> 00:00:02,000",
        "00:00:01,000 —> 00:00:02,000",
        "00:00:01,000 –> 00:00:02,000",
        "00:00:01,000 ==> 00:00:02,000",
        "00:00:01,000 -- > 00:00:02,000",
        "00:00:01,000 --&gt; 00:00:02,000",
        "00:00:01,000 → 00:00:02,000",
        "00: 00: 01, 000 --> 00: 00: 02, 000",
        "00:00:01:000 --> 00:00:02:000",
        "00:00:01;000 --> 00:00:02;000",
        "00.00.01,000 --> 00.00.02,000",
        "0001:00,000 --> 00:00:02,000".replace("0001:00", "00:01"),
        " 00:00:01,000 --> 00:00:02,000 ",
    ],
)
def test_times_are_read_however_they_are_written(times: str) -> None:
    assert said(f"1\n{times}\n{ONE}\n\n2\n{B}\n{TWO}\n", "talk.srt") == BOTH


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("-00:00:01,000 --> 00:00:02,000", "0-2 Hello you."),
        ("00:00:-1,000 --> 00:00:02,000", "0-2 Hello you."),
        ("-00:00:09,000 --> -00:00:02,000", "0-1.32 Hello you."),
        ("00:00:02,000 --> 00:00:01,000", "2-3 Hello you."),
        ("00:00:02,000 --> 00:00:02,000", "2-3 Hello you."),
        ("00:00:01,500 -->", "1.5-2.82 Hello you."),
        ("00:00:01,5 --> 00:00:02,25", "1.5-2.25 Hello you."),
        ("00:00:01,000 --> 99:59:59,999", "1-2.32 Hello you."),
    ],
)
def test_odd_times_lose_no_text(times: str, expected: str) -> None:
    assert said(f"1\n{times}\n{ONE}\n\n2\n{B}\n{TWO}\n", "talk.srt") == [expected, BOTH[1]]


def test_minutes_may_run_beyond_an_hour() -> None:
    assert said("75:10,000 --> 75:12,000\nHello, you all.\n") == ["4510-4512 Hello, you all."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"1\n{A}\n42\n\n2\n{B}\nYes.\n", ["42", "Yes."]),
        (f"{A}\n42\n\n{B}\nYes.\n", ["42", "Yes."]),
        (f"1\n{A}\n42\n\n{B}\nYes.\n\n3\n{C}\nNo.\n", ["42", "Yes.", "No."]),
        (f"1\n{A}\n3\n\n2\n{B}\n2\n\n3\n{C}\n1\n", ["3", "2", "1"]),
        (f"{A}\n1\n{B}\n2\n{C}\n3\n", ["1", "2", "3"]),
        (f"1\n{A}\n2\n2\n{B}\n3\n3\n{C}\n4\n", ["2", "3", "4"]),
        (f"1\n\n{A}\n\n2024\n\n2\n\n{B}\n\nYes.\n", ["2024", "Yes."]),
    ],
)
def test_a_cue_may_say_a_number(text: str, expected: list[str]) -> None:
    read = formats.read(text, "talk.srt").segments
    assert " ".join(segment.text for segment in read).split() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If a < b and c > d, we stop.", "If a < b and c > d, we stop."),
        ("If a<b and c>d, we stop.", "If a<b and c>d, we stop."),
        ("1<2, and I <3 you.", "1<2, and I <3 you."),
        ("<b>So</b> it <i>is.</i>", "So it is."),
        ('<font color="red" size=3>Red</font>, <FONT COLOR=#fff>white.</FONT>', "Red, white."),
        ("Tom &amp; Jerry &lt;3 AT&T &#39;x&#39;.", "Tom & Jerry <3 AT&T 'x'."),
        ("One.\\NTwo, three.", "One. Two, three."),
        ("{\\i1}Hot.{\\i0}\\NWe {\\pos(1,2)}go.", "Hot. We go."),
        ("Sets {a, b} stay.", "Sets {a, b} stay."),
        ("From a --> b it goes.", "From a --> b it goes."),
        ("We open 10:30 - 11:15.", "We open 10:30 - 11:15."),
    ],
)
def test_only_markup_is_taken_from_what_was_said(text: str, expected: str) -> None:
    read = formats.read(f"1\n{A}\n{text}\n\n2\n{B}\nYes, I am.\n", "talk.srt").segments
    assert " ".join(segment.text for segment in read) == f"{expected} Yes, I am."


def test_a_cue_of_many_lines_is_one_text() -> None:
    lines = "\n".join(f"line {n}" for n in range(14))
    assert said(f"{A}\n{lines}.\n") == [f"1-2 {' '.join(lines.split())}."]


def test_what_is_said_again_stays() -> None:
    text = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\nYes.\n\n" for n in range(1, 6))
    assert said(text) == [f"{n}-{n + 0.9:g} Yes." for n in range(1, 6)]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        (f"1\n{A}\nHello.\n\n2\n00:0x:03,000 --> 00:00:04,000\nLost.\n\n3\n{C}\nBye.\n", (6,)),
        (f"1\n{A}\nHello.\n\n2\nx --> 00:00:04,000\nLost.\n\n3\n{C}\nBye.\n", (6,)),
        (f"1\n{A}\nHello.\n\n2\n00:00:03,000\nLost.\n\n3\n{C}\nBye.\n", (6,)),
        (f"Made by me.\n\n1\n{A}\nHello.\n\n3\n{C}\nBye.\n", (1,)),
    ],
)
def test_what_cannot_be_read_is_counted(text: str, unread: tuple[int, ...]) -> None:
    brought = formats.read(text, "talk.srt")
    assert [segment.text for segment in brought.segments] == ["Hello.", "Bye."]
    assert brought.unread == unread


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "1 block could not be read: line 6."),
        (2, "2 blocks could not be read: lines 6 and 10."),
        (13, "13 blocks could not be read: lines 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50 and more."),
        (1200, "1,000 or more blocks could not be read: lines 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50 and more."),
    ],
)  # fmt: skip
def test_the_warning_names_the_lines(count: int, sentence: str) -> None:
    lost = "2\n00:0x:03,000 --> 00:00:04,000\nLost.\n\n" * count
    assert formats.read(f"1\n{A}\nHello.\n\n{lost}").warnings == [sentence]
