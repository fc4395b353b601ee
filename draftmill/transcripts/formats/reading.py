"""A brought transcript in any known format -> sentences with times."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from draftmill.transcripts.formats.captions import captions
from draftmill.transcripts.formats.cues import Cue, segments_from
from draftmill.transcripts.formats.decoding import EmptyTranscript, text_of
from draftmill.transcripts.formats.json_files.reading import json_cues
from draftmill.transcripts.formats.language import has_spaces, language_of
from draftmill.transcripts.formats.plain import plain
from draftmill.transcripts.segments import Segment

Format = Literal["txt", "srt", "vtt", "json"]
JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{\]]")
ARROW = re.compile(r"^\s*(?:\d{1,2}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}\s*-->\s*[\d:.,]+", re.MULTILINE)


@dataclass(frozen=True)
class Brought:
    """A transcript that was brought. `timed` is false when its times are only estimated:
    they keep the order, and must not be shown or linked."""

    segments: tuple[Segment, ...]
    format: Format
    language: str
    timed: bool

    @property
    def duration_s(self) -> float:
        """Where the last sentence ends, in seconds."""
        return max(segment.end_s for segment in self.segments)


def read(content: str | bytes, file_name: str = "") -> Brought:
    """Read a transcript from a file's bytes or from pasted text.

    What the text looks like decides; the name only does where that leaves it open. Raises a
    Problem that says what is wrong, one of REFUSALS. A stranger's bytes may be made to take for
    ever, or all the memory: see transcripts.reader.
    """
    return with_language(parse(content, file_name))


def parse(content: str | bytes, file_name: str = "") -> Brought:
    """`read`, but the language is "" where the file does not say it."""
    text = text_of(content)
    format = _format(text, file_name)
    cues, language, timed = _cues(text, format)
    segments = segments_from(cues, spaced=has_spaces(cue.text for cue in cues))
    if not segments:
        raise EmptyTranscript
    if not timed:
        segments = [replace(segment, words=()) for segment in segments]
    return Brought(tuple(segments), format, language, timed)


def with_language(brought: Brought) -> Brought:
    """The transcript with its language, told from its text where the file did not say it."""
    if brought.language:
        return brought
    return replace(brought, language=language_of(segment.text for segment in brought.segments))


def _format(text: str, file_name: str) -> Format:
    suffix = PurePath(file_name).suffix.lower()
    head = text.lstrip()
    if head.startswith("WEBVTT"):
        return "vtt"
    if ARROW.search(head[:5000]):
        return "srt"
    if suffix in (".json", ".jsonl", ".ndjson") or JSON.match(head):
        return "json"
    return {".srt": "srt", ".vtt": "vtt"}.get(suffix, "txt")  # type: ignore[return-value]


def _cues(text: str, format: Format) -> tuple[list[Cue], str, bool]:
    if format == "json":
        return *json_cues(text), True
    if format == "txt":
        cues, timed = plain(text)
        return cues, "", timed
    return captions(text), "", True
