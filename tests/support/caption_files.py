"""Captions as files hold them, and what was read of them."""

from draftmill.transcripts import formats

SRT = """1
00:00:01,000 --> 00:00:03,000
Hello <i>there</i>, my

2
00:00:03,000 --> 00:00:05,500
friend. How are you?

3
00:00:08,000 --> 00:00:09,000
[Music]

4
00:00:10,000 --> 00:00:12,000
I am fine.
"""
VTT = """WEBVTT

NOTE made by hand

intro
00:01.000 --> 00:03.000 align:start
<v Ada Lovelace>Hello there.

00:03.000 --> 00:05.000
<v Grace>Hi Ada, tea &amp; cake?
"""
ROLLING_VTT = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
~
hello<00:00:00.480><c> and</c><00:00:00.640><c> welcome</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hello and welcome
~

00:00:02.399 --> 00:00:04.789 align:start position:0%
hello and welcome
to<00:00:02.560><c> the</c><00:00:03.000><c> show</c>

00:00:04.789 --> 00:00:04.799 align:start position:0%
to the show
~
""".replace("~", " ")


def texts(brought: formats.Brought) -> list[str]:
    return [segment.text for segment in brought.segments]


def starts(brought: formats.Brought) -> list[float]:
    return [segment.start_s for segment in brought.segments]


def said(content: str | bytes, file_name: str = "") -> list[str]:
    """What was read, a line for each sentence: "1-2.5 Ada: Hello." """
    return [
        f"{s.start_s:g}-{s.end_s:g} {f'{s.speaker}: ' if s.speaker else ''}{s.text}"
        for s in formats.read(content, file_name).segments
    ]
