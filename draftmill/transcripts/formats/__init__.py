"""Brought transcripts: reading what other programs wrote, and writing .txt, .srt and .vtt.

The readers load with the first name of theirs that is used: the server writes, its children read.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from draftmill.transcripts.formats.writing import is_cut, to_srt, to_txt, to_vtt

if TYPE_CHECKING:
    from draftmill.transcripts.formats.kinds import SUFFIXES
    from draftmill.transcripts.formats.reading import Brought, parse, read, with_language
    from draftmill.transcripts.formats.refusals import (
        REFUSALS,
        BadCaptions,
        BadTimes,
        EmptyTranscript,
        NotATranscript,
        TranscriptTooLarge,
        TranscriptTooLong,
        UnknownEncoding,
        UnknownJson,
        UnknownRate,
    )

LATER = {
    "kinds": ("SUFFIXES",),
    "reading": ("Brought", "parse", "read", "with_language"),
    "refusals": (
        *(
            "REFUSALS",
            "BadCaptions",
            "BadTimes",
            "EmptyTranscript",
            "NotATranscript",
            "UnknownJson",
        ),
        *("TranscriptTooLarge", "TranscriptTooLong", "UnknownEncoding", "UnknownRate"),
    ),
}


def __getattr__(name: str) -> Any:
    for module, names in LATER.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(name)


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
