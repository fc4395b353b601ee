"""A brought transcript in any known format -> sentences with times."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from draftmill.transcripts.formats.captions import captions
from draftmill.transcripts.formats.cues import Cue, segments_from
from draftmill.transcripts.formats.decoding import EmptyTranscript, text_of
from draftmill.transcripts.formats.plain import plain
from draftmill.transcripts.formats.whisper import whisper
from draftmill.transcripts.segments import Segment
from draftmill.transcripts.sentences import UNSPACED

Format = Literal["txt", "srt", "vtt", "json"]
SAMPLE_LETTERS = 4000  # enough to tell the language
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
    Problem that says what is wrong: EmptyTranscript, TranscriptTooLarge, NotATranscript,
    UnknownEncoding, NotWhisperJson, BadCaptions, BadTimes.
    """
    text = text_of(content)
    format = _format(text, file_name)
    cues, language, timed = _cues(text, format)
    language = language or _language(cues)
    segments = segments_from(cues, spaced=language not in UNSPACED)
    if not segments:
        raise EmptyTranscript
    if not timed:
        segments = [replace(segment, words=()) for segment in segments]
    return Brought(tuple(segments), format, language, timed)


def _format(text: str, file_name: str) -> Format:
    suffix = PurePath(file_name).suffix.lower()
    head = text.lstrip()
    if head.startswith("WEBVTT"):
        return "vtt"
    if ARROW.search(head[:5000]):
        return "srt"
    if suffix == ".json" or head.startswith(('{"', "{\n", "[{", "[\n")):
        return "json"
    return {".srt": "srt", ".vtt": "vtt"}.get(suffix, "txt")  # type: ignore[return-value]


def _cues(text: str, format: Format) -> tuple[list[Cue], str, bool]:
    if format == "json":
        return *whisper(text), True
    if format == "txt":
        cues, timed = plain(text)
        return cues, "", timed
    return captions(text), "", True


def _language(cues: list[Cue]) -> str:
    """The language as a two-letter code. Loading its model takes a second, so it is loaded late."""
    import py3langid

    sample, letters = [], 0
    for cue in cues:
        sample.append(cue.text)
        letters += len(cue.text)
        if letters > SAMPLE_LETTERS:
            break
    language, _ = py3langid.classify(" ".join(sample)[:SAMPLE_LETTERS])
    return str(language)
