"""Brought transcripts: reading what other programs wrote, and writing .txt, .srt and .vtt."""

from draftmill.errors import Problem
from draftmill.transcripts.formats.counted import UnknownRate
from draftmill.transcripts.formats.cues import BadTimes, TranscriptTooLong
from draftmill.transcripts.formats.decoding import (
    EmptyTranscript,
    NotATranscript,
    TranscriptTooLarge,
    UnknownEncoding,
)
from draftmill.transcripts.formats.json_files.parsing import UnknownJson
from draftmill.transcripts.formats.kinds import SUFFIXES
from draftmill.transcripts.formats.parsed import BadCaptions
from draftmill.transcripts.formats.reading import Brought, parse, read, with_language
from draftmill.transcripts.formats.writing import is_cut, to_srt, to_txt, to_vtt

REFUSALS: dict[str, type[Problem]] = {
    kind.code: kind
    for kind in (
        *(BadCaptions, BadTimes, EmptyTranscript, NotATranscript, UnknownJson),
        *(TranscriptTooLarge, TranscriptTooLong, UnknownEncoding, UnknownRate),
    )
}
__all__ = [
    "REFUSALS",
    "SUFFIXES",
    "BadCaptions",
    "BadTimes",
    "Brought",
    "EmptyTranscript",
    "NotATranscript",
    "TranscriptTooLarge",
    "TranscriptTooLong",
    "UnknownEncoding",
    "UnknownJson",
    "UnknownRate",
    "is_cut",
    "parse",
    "read",
    "to_srt",
    "to_txt",
    "to_vtt",
    "with_language",
]
