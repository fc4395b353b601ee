"""Small good files, and ways in which strangers' files differ from them."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

SRT = "1\n00:00:01,000 --> 00:00:03,000\nAda: Good morning.\n\n2\n00:00:04,000 --> 00:00:06,000\n- Hello <i>you</i>.\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:03.000 align:start\n<v Ada>Good <00:02.000>morning.\n\nNOTE so\n"
TRANSCRIPTS = {
    "srt": SRT,
    "vtt": VTT,
    "ass": "[Events]\nFormat: Start, End, Name, Text\nDialogue: 0:00:01.00,0:00:03.00,Ada,{\\b1}Good\\Nmorning.\n",
    "ttml": '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="3s">Good<br/>morning.</p></div></body></tt>',
    "lrc": "[ti:Talk]\n[00:01.00]Good morning.\n[00:04.00]Hello you.\n",
    "tsv": "start\tend\ttext\n1000\t3000\tGood morning.\n",
    "json": '{"language": "en", "segments": [{"start": 1.0, "end": 3.0, "text": " Good morning.", "words": [{"word": " Good", "start": 1.0, "end": 1.5}]}]}',
    "txt": "Ada Lovelace  0:01\nGood morning, everybody.\n\n[00:00:04] Hello you. It is Sunday.\n",
}
MARKDOWN = "# Title\n\nText with *marks* and [a link](https://example.org) [0:05](time:5).\n\n> said\n\n![s](shot:1)\n\n- one\n\n|a|b|\n|-|-|\n|c|d|\n\n```\ncode\n```\n"
REPLY = f"<think>So.</think>\nSure!\n```markdown\n{MARKDOWN}```\nHope this helps."
# What has been too much for some program before.
NASTY = [
    *("\0", "\u0301", "\u202e", "\ud83d\ude00", "<v ", "</v>", "<c.a", "-->", "00:00:00,000", "9" * 400),
    *("[", "](", "![](shot:1)", "**a ", "`", "```\n", "> ", "|", "\\", "&amp;", "<!--", "]]>", "{\\", "{"),
    *('{"a":', "1e999", "-1", "NaN", "\r\r\n", "\n\n\n", "\t", " ", ":", "你。", "שלום", ".", "Ada: ", "(1)"),
    *("<think>", "</think>", "<|channel|>final<|message|>", "1/", "---\n", "#", "Subject: ", "“", '"'),
]  # fmt: skip
MOST = 200_000  # characters of one made-up file

bounded = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def mutated(draw: Any, seeds: list[str]) -> str:
    """One of the seeds after a few cuts, repetitions and insertions of what is nasty."""
    text: str = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 6))):
        at, to = sorted(draw(st.integers(0, len(text))) for _ in range(2))
        piece = draw(st.one_of(st.sampled_from(NASTY), st.just(text[at:to]), st.text(max_size=20)))
        times = draw(st.sampled_from([0, 1, 2, 50, 3000, 40_000]))
        times = min(times, max(1, MOST // max(1, len(piece))))
        text = (text[:at] + piece * times + text[draw(st.sampled_from([at, to])) :])[:MOST]
    return text


@st.composite
def mutated_bytes(draw: Any, seeds: list[bytes]) -> bytes:
    """The same for media files: most of what decides stands in their first bytes."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, min(len(data), 4096) - 1))
        what = draw(st.sampled_from(["set", "cut", "insert", "grow"]))
        if what == "set":
            data[at] = draw(st.integers(0, 255))
        elif what == "cut":
            del data[at : at + draw(st.integers(1, 64))]
        elif what == "insert":
            data[at:at] = draw(st.binary(max_size=64))
        else:
            data[at : at + 4] = draw(st.sampled_from([b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0" * 4]))
        if not data:
            return b"\0"
    return bytes(data)
