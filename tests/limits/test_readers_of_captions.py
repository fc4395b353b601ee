"""Every reader of timed text takes time in proportion to the file, whatever stands in it."""

import contextlib
import time

import pytest

from draftmill.errors import Problem
from draftmill.transcripts import formats

SIZE = 20_000
TIMES = 4
BOUND = 9.0  # of four times the text; what is quadratic takes sixteen times as long
QUICK_S = 1.0  # of processor time, for 80 kB: a busy machine doubles what is short
LEAST_S = 0.02  # what is quicker cannot be measured
CUE = "1\n00:00:01,000 --> 00:00:02,000\n"
ASS = "[Script Info]\n[Events]\n"
LINE = "Dialogue: 0,0:00:01.00,0:00:02.00,,,,,,,"

# (name, what stands before, what comes again and again)
WORST = [
    ("a.srt", CUE, "<"),
    ("a.srt", CUE, "<a "),
    ("a.srt", CUE, "&a"),
    ("a.srt", CUE, "{\\"),
    ("a.srt", CUE, "1:"),
    ("a.srt", CUE, "2\n"),
    ("a.srt", CUE, "\n"),
    ("a.srt", CUE, "00:00:01\n"),
    ("a.srt", "", f"{CUE}2\n"),
    ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<v "),
    ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v", "."),
    ("a.ass", ASS + LINE, "{"),
    ("a.ass", ASS + LINE + "{", "\\p1"),
    ("a.ass", ASS, f"{LINE}a\n"),
    ("a.ttml", "<tt>", "<p begin='1s'>a</p>"),
    ("a.ttml", "<tt><p begin='1s'>", "<span begin='1s'>a</span>"),
    ("a.ttml", "<tt>", "<!--"),
    ("a.ttml", "<tt><p begin='1s'>", "&"),
    ("a.lrc", "[ti:x]\n", "[00:01.00]a\n"),
    ("a.lrc", "[ti:x]\n[00:01.00]", "<00:01.00>a"),
    ("a.tsv", "start\tend\ttext\n", "1\t2\ta\n"),
    ("a.smi", "<SAMI>", "<SYNC "),
    ("a.smi", "<SAMI><SYNC Start=1>", "<P Class=a>b"),
    ("a.sub", "{1}{1}25\n", "{1}{2}a\n"),
    ("a.txt", "", "[00:01] a"),
    ("a.txt", "", "[00:01] a\n"),
    ("a.txt", "", "Ada "),
    ("a.txt", "", "> "),
]


def _taken_s(letters: int, name: str, begins: str, again: str) -> float:
    text = begins + again * (letters // len(again))
    started = time.process_time()
    with contextlib.suppress(Problem):
        formats.parse(text, name)
    return time.process_time() - started


@pytest.mark.parametrize(("name", "begins", "again"), WORST)
def test_four_times_the_text_takes_about_four_times_as_long(
    name: str, begins: str, again: str
) -> None:
    small = min(_taken_s(SIZE, name, begins, again) for _ in range(2))
    large = min(_taken_s(SIZE * TIMES, name, begins, again) for _ in range(2))
    assert large < max(BOUND * max(small, LEAST_S), QUICK_S)


def test_lines_of_songs_that_come_again_without_end_are_refused() -> None:
    with pytest.raises(formats.TranscriptTooLarge):
        formats.parse("[00:01.00]" * 20_000 + "la " * 20_000, "a.lrc")
