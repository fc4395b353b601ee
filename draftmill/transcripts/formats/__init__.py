"""Brought transcripts: reading what other programs wrote, and writing .txt, .srt and .vtt."""

from draftmill.errors import Problem
from draftmill.transcripts.formats.captions import BadCaptions
from draftmill.transcripts.formats.cues import BadTimes, TranscriptTooLong
from draftmill.transcripts.formats.decoding import (
    EmptyTranscript,
    NotATranscript,
    TranscriptTooLarge,
    UnknownEncoding,
)
from draftmill.transcripts.formats.json_files.parsing import UnknownJson
from draftmill.transcripts.formats.reading import Brought, parse, read, with_language
from draftmill.transcripts.formats.writing import to_srt, to_txt, to_vtt

REFUSALS: dict[str, type[Problem]] = {
    kind.code: kind
    for kind in (
        *(BadCaptions, BadTimes, EmptyTranscript, NotATranscript, UnknownJson),
        *(TranscriptTooLarge, TranscriptTooLong, UnknownEncoding),
    )
}
__all__ = [
    "REFUSALS",
    "BadCaptions",
    "BadTimes",
    "Brought",
    "EmptyTranscript",
    "NotATranscript",
    "TranscriptTooLarge",
    "TranscriptTooLong",
    "UnknownEncoding",
    "UnknownJson",
    "parse",
    "read",
    "to_srt",
    "to_txt",
    "to_vtt",
    "with_language",
]
