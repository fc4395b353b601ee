"""Brought transcripts: reading what other programs wrote, and writing .txt, .srt and .vtt."""

from draftmill.transcripts.formats.captions import BadCaptions
from draftmill.transcripts.formats.cues import BadTimes
from draftmill.transcripts.formats.decoding import (
    EmptyTranscript,
    NotATranscript,
    TranscriptTooLarge,
    UnknownEncoding,
)
from draftmill.transcripts.formats.reading import Brought, read
from draftmill.transcripts.formats.whisper import NotWhisperJson
from draftmill.transcripts.formats.writing import to_srt, to_txt, to_vtt

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
