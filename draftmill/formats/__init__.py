"""Brought transcripts: reading what other programs wrote, and writing .txt, .srt and .vtt."""

from draftmill.formats.captions import BadCaptions
from draftmill.formats.cues import BadTimes
from draftmill.formats.decoding import (
    EmptyTranscript,
    NotATranscript,
    TranscriptTooLarge,
    UnknownEncoding,
)
from draftmill.formats.reading import Brought, read
from draftmill.formats.whisper import NotWhisperJson
from draftmill.formats.writing import to_srt, to_txt, to_vtt

__all__ = [
    "BadCaptions",
    "BadTimes",
    "Brought",
    "EmptyTranscript",
    "NotATranscript",
    "NotWhisperJson",
    "TranscriptTooLarge",
    "UnknownEncoding",
    "read",
    "to_srt",
    "to_txt",
    "to_vtt",
]
