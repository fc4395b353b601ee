"""Transcripts that are made to take for ever, or all the memory, and what is right to answer."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

CUE = "00:00:01.000 --> 00:00:02.000\n"
VTT = "WEBVTT\n\n" + CUE
SRT = "1\n" + CUE.replace(".", ",")
ASS = "[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,,"
TTML = '<tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("bcdefghi", "cdefghij", strict=True)
)
DOCX = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'

TOO_HARD = "transcript_too_hard"
TOO_LONG = "transcript_too_long"
TOO_LARGE = "transcript_too_large"
NO_CAPTIONS = "captions_unreadable"
NO_JSON = "json_unreadable"
NO_TEXT = "not_a_transcript"
EMPTY = "transcript_empty"
TIMES = "transcript_times"


@dataclass(frozen=True)
class Hard:
    """A file's name, its content, and the codes that may refuse it; "" where it may be read."""

    name: str
    make: Callable[[], str | bytes]
    right: tuple[str, ...]

    def content(self) -> bytes:
        made = self.make()
        return made if isinstance(made, bytes) else made.encode()


def _cues(count: int, text: str) -> str:
    return "WEBVTT\n\n" + "".join(
        f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}.000 --> 11:59:59.000\n{text}\n\n"
        for n in range(count)
    )


def _docx(body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{DOCX}{body}</w:body></w:document>")
    return packed.getvalue()


def _whisper(count: int) -> str:
    words = [{"word": " a", "start": n, "end": n + 0.5} for n in range(9)]
    segment = {"start": 0.0, "end": 9.0, "text": " a" * 9, "words": words}
    return json.dumps({"segments": [segment] * count})


HARD = {
    "a voice of sixty dots": Hard("a.vtt", lambda: f"{VTT}<v{'.' * 60}\nHello.\n", ("",)),
    "a voice of a million dots": Hard("a.vtt", lambda: f"{VTT}<v{'.' * 10**6}\nHello.\n", ("", TOO_HARD)),
    "blank lines after a number": Hard("a.srt", lambda: "1" + "\n" * 16_000, (NO_CAPTIONS, EMPTY)),
    "a million blank lines": Hard("a.srt", lambda: SRT + "\n" * 1_000_000 + "Hello.", ("", NO_CAPTIONS)),
    "sixty thousand marks": Hard("a.txt", lambda: "a" + "\u0301\u0316" * 30_000, ("",)),
    "two hundred thousand marks": Hard("a.txt", lambda: "a" + "\u0316\u0301" * 100_000, ("",)),
    "marks in captions": Hard("a.vtt", lambda: VTT + "\u0f73\u0f75" * 500_000, ("",)),
    "marks in JSON": Hard("a.json", lambda: json.dumps({"segments": [{"start": 0, "end": 1, "text": "a" + "\u0316\u0301" * 200_000}]}), ("",)),
    "sentences of one letter": Hard("a.txt", lambda: "你。" * 833_000, (TOO_LONG, TIMES)),
    "sentences of one letter in a caption": Hard("a.srt", lambda: SRT + "你。" * 800_000, (TOO_LONG,)),
    "voices without end": Hard("a.vtt", lambda: "<v " * 1_600_000, (NO_CAPTIONS, "", TIMES, NO_TEXT, TOO_LONG)),
    "voices without end in a caption": Hard("a.vtt", lambda: VTT + "<v " * 1_600_000, ("", TOO_LONG, TOO_HARD)),
    "a word without end": Hard("a.txt", lambda: "a" * 4_900_000, ("",)),
    "words of one letter": Hard("a.txt", lambda: "a " * 2_400_000, (TIMES, TOO_LONG, TOO_HARD)),
    "blanks without end": Hard("a.txt", lambda: "a" + " " * 4_900_000 + "a", ("",)),
    "times without text": Hard("a.txt", lambda: "[00:01]\n" * 100_000, (NO_CAPTIONS, EMPTY)),
    "times that fall": Hard("a.txt", lambda: "".join(f"[{n // 60:02d}:{n % 60:02d}] a\n" for n in range(5990, -1, -1)) * 6, ("", TOO_LONG, TOO_HARD)),
    "sixty thousand cues": Hard("a.vtt", lambda: (f"{CUE}a\n\n" * 60_000), ("", TOO_LONG, TOO_HARD)),
    "twenty-five thousand sentences": Hard("a.vtt", lambda: _cues(25_000, "Yes."), (TOO_LONG,)),
    "thirteen hours": Hard("a.srt", lambda: SRT.replace("00:00:0", "13:00:0") + "Hello.\n", (TIMES,)),
    "labels of all kinds": Hard("a.txt", lambda: "".join(f"Name {n}: yes\n" for n in range(80_000)), (TIMES, TOO_LONG, TOO_HARD)),
    "styles without end": Hard("a.ass", lambda: ASS + "{\\p1" * 1_000_000, ("", NO_CAPTIONS, EMPTY, TOO_HARD)),
    "brackets": Hard("a.json", lambda: "[" * 200_000, (NO_JSON,)),
    "brackets and their ends": Hard("a.json", lambda: "[" * 200_000 + "]" * 200_000, (NO_JSON,)),
    "names in names": Hard("a.json", lambda: '{"a":' * 200_000, (NO_JSON,)),
    "a number of millions of digits": Hard("a.json", lambda: f'{{"segments": [{{"start": {"9" * 4_000_000}, "text": "a"}}]}}', (NO_JSON,)),
    "a time beyond all numbers": Hard("a.json", lambda: '{"segments": [{"start": 1e308, "end": 1e309, "text": "a"}]}', (NO_JSON, TIMES)),
    "objects of nothing": Hard("a.json", lambda: "[" + "{}," * 2_500_000 + "{}]", (NO_JSON, TOO_HARD)),
    "words of hours": Hard("a.json", lambda: _whisper(5_000), ("", TOO_HARD, TOO_LONG)),
    "entities of entities": Hard("a.ttml", lambda: f"{BOMB}]>{TTML}<p begin='1s' end='2s'>&j;</p></div></body></tt>", ("", NO_CAPTIONS, NO_TEXT, EMPTY, TOO_HARD)),
    "an entity from a file": Hard("a.ttml", lambda: f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>{TTML}<p begin="1s" end="2s">&b;</p></div></body></tt>', ("", NO_CAPTIONS, NO_TEXT, EMPTY)),
    "elements in elements": Hard("a.ttml", lambda: TTML + "<div>" * 900_000, (NO_CAPTIONS, NO_TEXT, EMPTY, TOO_HARD)),
    "a comment without end": Hard("a.ttml", lambda: TTML + "<!--" * 1_000_000, (NO_CAPTIONS, NO_TEXT, EMPTY, TOO_HARD)),
    "blanks without end in a document": Hard("a.docx", lambda: _docx("<w:p>" + " " * 100_000_000), (TOO_LARGE, NO_TEXT, TOO_HARD)),
    "a document of elements in elements": Hard("a.docx", lambda: _docx("<w:p>" * 2_000_000), (TOO_LARGE, NO_TEXT, TOO_HARD, EMPTY)),
    "bytes of chance": Hard("a.txt", lambda: bytes(n * n * 31 % 251 for n in range(3_000_000)), (NO_TEXT, "transcript_encoding", "")),
    "zeros": Hard("a.txt", lambda: b"a\0" * 2_400_000, ("", NO_TEXT)),
}  # fmt: skip
