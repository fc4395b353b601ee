"""Captions of other programs: their times, their speakers, and nothing else."""

import pytest

from draftmill.transcripts import formats
from tests.support.caption_files import said

ASS = "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n"
FORMAT = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
LINE = "Dialogue: 0,0:00:{},0:00:{},Default,{},0,0,0,,{}\n"
TT = '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml" {}><body><div>{}</div></body></tt>'
AGENT = (
    '<tt:tt xmlns:tt="urn:x" xmlns:ttm="urn:y"><tt:head><tt:metadata><ttm:title>No</ttm:title>'
    '<ttm:agent xml:id="a"><ttm:name>Ada L</ttm:name></ttm:agent></tt:metadata></tt:head><tt:body>'
    '<tt:div><tt:p begin="1s" end="2s" ttm:agent="a">Hello <tt:span>you.</tt:span></tt:p>'
    '<tt:p begin="3s" dur="1s"><tt:metadata>No</tt:metadata>Yes,<tt:br/>I am.</tt:p></tt:div></tt:body></tt:tt>'
)

ROWS = {
    "sbv": ("0:00:01.000,0:00:02.500\nHello[br]you.\n\n0:00:03.000,0:00:04.000\n>> Bye now.\n", ["1-2.5 Hello you.", "3-4 Bye now."]),
    "subviewer": ("[INFORMATION]\n[TITLE]No\n[END INFORMATION]\n[SUBTITLE]\n[COLF]&HFFFFFF,[SIZE]18\n00:00:01.00,00:00:02.00\nHello[br]you.\n\n00:00:03.00,00:00:04.00\nBye now.\n", ["1-2 Hello you.", "3-4 Bye now."]),
    "spruce": ("00:00:01:00 , 00:00:02:00 , Hello you.\n00:00:03:12 , 00:00:04:00 , Bye now.\n", ["1-2 Hello you.", "3.5-4 Bye now."]),
    "avid": ("@ This file\n<begin subtitles>\n\n00:00:01:00 00:00:02:00\nHello you.\n\n00:00:03:00 00:00:04:00\nBye now.\n\n<end subtitles>\n", ["1-2 Hello you.", "3-4 Bye now."]),
    "premiere": ("00;00;01;00 - 00;00;02;15\nSpeaker 1\nHello you.\n\n00;00;03;00 - 00;00;04;00\nSpeaker 2\nBye now.\n", ["1-2.501 Speaker 1: Hello you.", "3-4 Speaker 2: Bye now."]),
    "premiere names": ("00:00:01:00 - 00:00:02:12\nAda\nHello you.\n\n00:00:03:00 - 00:00:04:00\nAda\nBye now.\n", ["1-2.5 Ada: Hello you.", "3-4 Ada: Bye now."]),
    "frames of 30": ("00:00:01:15 - 00:00:02:29\nHello you.\n\n00:00:03:00 - 00:00:04:00\nBye now.\n", ["1.5-2.967 Hello you.", "3-4 Bye now."]),
    "ass": (ASS + FORMAT + LINE.format("01.00", "02.00", "Ada", "{\\an8}Hello\\N{\\i1}you{\\i0}.") + LINE.format("03.00", "04.50", "", "So, it is, yes."), ["1-2 Ada: Hello you.", "3-4.5 So, it is, yes."]),
    "ass silent": (ASS + FORMAT + "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,nobody\n" + LINE.format("01.00", "02.00", "", "{\\p1}m 0 0 l 9 9{\\p0}{a note}Hello\\hyou."), ["1-2 Hello you."]),
    "ass columns": (ASS + "Format: Start, Text, End\nDialogue: 0:00:01.00,Hello,0:00:02.00\n", ["1-2 Hello"]),
    "ass twice": (ASS + FORMAT + LINE.format("01.00", "02.00", "", "Hello you.") * 2, ["1-2 Hello you."]),
    "ssa": ("[Script Info]\nScriptType: v4.00\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,x,Ada,0,0,0,,Hello you.\n", ["1-2 Ada: Hello you."]),
    "ttml": (TT.format("", '<p begin="00:00:01.000" end="00:00:02.000">Hello,<br/>you.</p><p begin="3.5s" end="4500ms">Bye now.</p>'), ["1-2 Hello, you.", "3.5-4.5 Bye now."]),
    "ttml frames": (TT.format('xmlns:ttp="urn:p" ttp:frameRate="25"', '<p begin="00:00:01:05" end="50f">Hello you.</p>'), ["1.2-2 Hello you."]),
    "ttml ntsc": (TT.format('frameRate="30" frameRateMultiplier="1000 1001"', '<p begin="30f" end="2.002s">Hello you.</p>'), ["1.001-2.002 Hello you."]),
    "ttml ticks": (TT.format('tickRate="10000000"', '<p begin="10000000t" end="20000000t">Hello you.</p>'), ["1-2 Hello you."]),
    "ttml within": (TT.format("", '<div begin="10s"><p begin="1s" end="2s">Hello you.</p></div>'), ["11-12 Hello you."]),
    "ttml from zero": (TT.format("", '<div begin="10s" end="20s"><p begin="11s" end="12s">Hello you.</p></div>'), ["11-12 Hello you."]),
    "ttml in turn": (TT.format("", '<div timeContainer="seq"><p dur="1s">Hello you.</p><p begin="1s" dur="1s">Bye now.</p></div>').replace("<p dur", '<p begin="1s" dur'), ["1-2 Hello you.", "3-4 Bye now."]),
    "ttml agent": (AGENT, ["1-2 Ada L: Hello you.", "3-4 Yes, I am."]),
    "ttml ampersand": (TT.format("", '<p begin="1s" end="2s">Tom & Co &nbsp; &amp; you &#233;.</p>'), ["1-2 Tom & Co & you é."]),
    "ttml words": (TT.format("", '<p><span begin="1s" end="2s">Hello</span> <span begin="2s" end="3s">you.</span></p>'), ["1-2.6 Hello you."]),
    "youtube xml": ('<?xml version="1.0"?><transcript><text start="1" dur="1">Hello &amp;#39;you&amp;#39;.</text><text start="3.5" dur="1">Bye now.</text></transcript>', ["1-2 Hello 'you'.", "3.5-4.5 Bye now."]),
    "youtube srv3": ('<timedtext format="3"><body><p t="1000" d="1000"><s>Hello</s><s t="500"> you.</s></p></body></timedtext>', ["1-2 Hello you."]),
    "lrc": ("[ti:No]\n[by:whisper]\n[00:01.00]Hello you.\n[00:03.50]Bye now.\n", ["1-2.32 Hello you.", "3.5-4.58 Bye now."]),
    "lrc offset": ("[offset:+500]\n[00:01.00]Hello you.\n[00:03.50]Bye now.\n", ["0.5-1.82 Hello you.", "3-4.08 Bye now."]),
    "lrc again": ("[00:01.00][00:05.00]Hello you.\n[00:03.50]Bye now.\n", ["1-2.32 Hello you.", "3.5-4.58 Bye now.", "5-6.32 Hello you."]),
    "lrc words": ("[00:01.00]<00:01.00>Hello <00:01.50>you. <00:02.00>\n[00:03.00]\n", ["1-2 Hello you."]),
    "tsv": ("start\tend\ttext\n1000\t2000\tHello you.\n3000\t4500\tBye now.\n", ["1-2 Hello you.", "3-4.5 Bye now."]),
    "tsv seconds": ("start\tend\ttext\n1\t2\tHello you.\n3\t4\tBye now.\n", ["1-2 Hello you.", "3-4 Bye now."]),
    "tsv fractions": ("start\tend\ttext\n1.0\t2\tHello you.\n3.25\t4\tBye now.\n", ["1-2 Hello you.", "3.25-4 Bye now."]),
    "tsv speaker": ("speaker\tstart (ms)\tend (ms)\ttext\nAda\t1000\t2000\tHello you.\n", ["1-2 Ada: Hello you."]),
    "csv": ('Speaker Name,Start Time,End Time,Text\nAda,00:00:01:00,00:00:02:12,"Hello, you."\n', ["1-2.5 Ada: Hello, you."]),
    "labels": ("1.000000\t2.000000\tHello you.\n3.5\t4.5\tBye now.\n", ["1-2 Hello you.", "3.5-4.5 Bye now."]),
    "microdvd": ("{1}{1}25\n{25}{50}Hello|you.\n{75}{100}{y:i}Bye now.\n", ["1-2 Hello you.", "3-4 Bye now."]),
    "mpl2": ("[10][20]Hello|/you.\n[30][40]Bye now.\n", ["1-2 Hello you.", "3-4 Bye now."]),
    "sami": ("<SAMI><HEAD><STYLE><!-- P {a:b} .EN {Name:English;} --></STYLE></HEAD><BODY>\n<SYNC Start=1000><P Class=EN>Hello<br>you.\n<SYNC Start=2000><P Class=EN>&nbsp;\n<SYNC Start=3500><P Class=EN>Bye now.\n</BODY></SAMI>", ["1-2 Hello you.", "3.5-4.58 Bye now."]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_was_said_is_read_with_its_times_and_speakers(name: str) -> None:
    text, expected = ROWS[name]
    assert said(text) == expected
    brought = formats.read(text)
    assert brought.timed
    assert brought.unread == ()


UNREAD = {
    "ass": (ASS + FORMAT + LINE.format("01.00", "02.00", "", "Hello you.") + LINE.format("x", "04.00", "", "Lost."), (11,)),
    "ttml": (TT.format("", '<p begin="1s" end="2s">Hello you.</p>\n<p>No time.</p>\n<p begin="soon">No.</p>'), (3, 4)),
    "ttml cut": (TT.format("", '<p begin="1s" end="2s">Hello you.</p>\n<p begin="3s">Lost')[:-26], (3,)),
    "lrc": ("[ti:No]\nUntimed.\n[00:01.00]Hello you.\n", (2,)),
    "tsv": ("start\tend\ttext\n1000\t2000\tHello you.\nsoon\tlate\tLost.\n", (3,)),
    "microdvd": ("{1}{1}25\n{25}{50}Hello you.\nLost.\n", (3,)),
    "sami": ("<SAMI><BODY>\n<SYNC Start=1000><P Class=EN>Hello you.\n<SYNC Start=2000><P Class=EN>\n<P Class=FR>Perdu.\n</BODY></SAMI>", (3,)),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_be_read_is_counted(name: str) -> None:
    text, unread = UNREAD[name]
    brought = formats.read(text)
    assert [segment.text for segment in brought.segments] == ["Hello you."]
    assert brought.unread == unread


@pytest.mark.parametrize(
    ("name", "text", "refusal", "word"),
    [
        ("a.ass", "[Script Info]\n[Events]\nDialogue: soon,late,what\n", formats.BadCaptions, ".ass"),
        ("a.ttml", "<tt><body><p>Hello</p></body></tt>", formats.BadCaptions, "timed text"),
        ("a.ttml", "<tt><body><p begin='1'>Hello</p></body></tt>", formats.BadCaptions, "timed text"),
        ("a.ttml", '<!DOCTYPE tt [<!ENTITY a "b">]><tt><p begin="1s">&a;</p></tt>', formats.NotATranscript, "declares"),
        ("a.ttml", "<tt>" + "<div>" * 5000, formats.BadCaptions, "deep"),
        ("a.lrc", "[ti:No]\n", formats.BadCaptions, ".lrc"),
        ("a.sub", "{25}{50}Hello.\n", formats.UnknownRate, "frames"),
        ("a.tsv", "start\tend\ttext\nx\ty\tHello\n", formats.BadCaptions, "table"),
        ("a.smi", "<SAMI><BODY>Hello</BODY></SAMI>", formats.BadCaptions, ".smi"),
        ("a.scc", "Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420\n", formats.NotATranscript, ".scc"),
        ("a.edl", "TITLE: x\n001 AX V C 00:00:00:00 00:00:05:00\n", formats.NotATranscript, ".edl"),
        ("a.xml", "<?xml version='1.0'?><talk><s>Hello</s></talk>", formats.NotATranscript, ".xml"),
        ("", "<talk><s>Hello</s></talk>\n", formats.NotATranscript, "<talk>"),
        ("a.html", "<p>Hello</p>", formats.NotATranscript, ".html"),
    ],
)  # fmt: skip
def test_what_is_recognised_and_not_read_is_refused_by_name(
    name: str, text: str, refusal: type[Exception], word: str
) -> None:
    with pytest.raises(refusal, match=word):
        formats.read(text, name)
