"""What a brought text is, told from its content, and by its name where that leaves it open."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from draftmill.transcripts.formats.blocks import are_captions
from draftmill.transcripts.formats.captions import WEBVTT, captions
from draftmill.transcripts.formats.counted import FRAMES, TENTHS, frames, tenths
from draftmill.transcripts.formats.decoding import NotATranscript
from draftmill.transcripts.formats.json_files.reading import json_cues
from draftmill.transcripts.formats.lyrics import LIKELY, lyrics
from draftmill.transcripts.formats.parsed import Parsed
from draftmill.transcripts.formats.plain import plain
from draftmill.transcripts.formats.sami import HEAD as SAMI_HEAD
from draftmill.transcripts.formats.sami import sami
from draftmill.transcripts.formats.substation import HEAD as SUBSTATION_HEAD
from draftmill.transcripts.formats.substation import substation
from draftmill.transcripts.formats.tables import is_table, table
from draftmill.transcripts.formats.timed_xml import ROOT, timed_xml

Format = Literal["vtt", "ass", "smi", "ttml", "json", "srt", "sub", "mpl", "lrc", "tsv", "txt"]
HEAD = 5000  # letters in which a file shows what it is
JSON = re.compile(r"\{\s{0,50}[\"}]|\[\s{0,50}[\[{\]]")
MARKED_UP = re.compile(r"<(?:\?xml\b|!doctype\b|([A-Za-z][\w:.-]{0,60})[\s>/])", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """One format: its name, what its files are called, how it is recognised and how it is read.

    `is_it` is given the text from its first letter on.
    """

    name: Format
    suffixes: tuple[str, ...]
    is_it: Callable[[str], bool]
    read: Callable[[str], Parsed]


# In the order in which they are tried: the surest marks come first.
KINDS = (
    Kind("vtt", (".vtt",), lambda t: bool(WEBVTT.match(t)), lambda t: captions(t, webvtt=True)),
    Kind("ass", (".ass", ".ssa"), lambda t: bool(SUBSTATION_HEAD.match(t)), substation),
    Kind("smi", (".smi", ".sami"), lambda t: bool(SAMI_HEAD.match(t)), sami),
    Kind(
        "ttml",
        (".ttml", ".dfxp", ".tt", ".itt", ".imsc", ".xml", ".srv1", ".srv3"),
        lambda t: t.startswith("<") and bool(ROOT.search(t[:HEAD])),
        timed_xml,
    ),
    Kind(
        "json",
        (".json", ".jsonl", ".ndjson"),
        lambda t: bool(JSON.match(t)),
        lambda t: _from_json(t),
    ),
    Kind("srt", (".srt", ".sbv", ".sub"), lambda t: are_captions(t.split("\n")), captions),
    Kind("sub", (), lambda t: bool(FRAMES.match(t)), frames),
    Kind("mpl", (".mpl",), lambda t: bool(TENTHS.match(t)), tenths),
    Kind("lrc", (".lrc",), lambda t: bool(LIKELY.search(t[:HEAD])), lyrics),
    Kind("tsv", (".tsv", ".csv"), is_table, table),
)
PLAIN = Kind("txt", (".txt", ".text", ".md", ".docx"), lambda t: True, plain)
# Files of text that hold times or marks which nobody said, and that we do not read.
OTHERS = {
    ".scc": "Scenarist captions",
    ".stl": "EBU or Spruce subtitles",
    ".cap": "Cheetah captions",
    ".idx": "an index of subtitle pictures",
    ".usf": "Universal Subtitle Format",
    ".edl": "a list of cuts",
    ".fcpxml": "a Final Cut project",
    ".xml": "XML of another kind",
    ".html": "a web page",
    ".htm": "a web page",
    ".xhtml": "a web page",
    ".rtf": "a rich text document",
    ".yaml": "YAML",
    ".yml": "YAML",
}
SUFFIXES = frozenset(suffix for kind in (*KINDS, PLAIN) for suffix in kind.suffixes)


def parsed(text: str, file_name: str) -> tuple[Format, Parsed]:
    """The format of a text and what was read of it.

    Raises NotATranscript for what is recognised and not read, and what the formats' readers do.
    """
    kind = _kind_of(text, PurePath(file_name).suffix.lower())
    return kind.name, kind.read(text)


def _kind_of(text: str, suffix: str) -> Kind:
    bare = text.lstrip()
    if kind := next((kind for kind in KINDS if kind.is_it(bare)), None):
        return kind
    if suffix in OTHERS:
        raise NotATranscript(
            f"This {suffix} file is {OTHERS[suffix]}, which Draftmill does not read."
        )
    if tag := _markup(bare):
        raise NotATranscript(f"This file is marked up with <{tag}>, which Draftmill does not read.")
    return next((kind for kind in KINDS if suffix in kind.suffixes), PLAIN)


def _markup(text: str) -> str:
    """The name of the element that a file of XML or HTML begins with, "" for other text."""
    match = MARKED_UP.match(text)
    if not match:
        return ""
    if match[1] is None:
        return "xml"
    return match[1] if text[-HEAD:].rstrip().endswith(f"</{match[1]}>") else ""


def _from_json(text: str) -> Parsed:
    cues, language = json_cues(text)
    return Parsed(cues, language=language)
