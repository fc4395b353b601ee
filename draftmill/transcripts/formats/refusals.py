"""Why a brought transcript is not taken, by code: what a reader in a child says is told by it."""

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
from draftmill.transcripts.formats.parsed import BadCaptions

__all__ = [
    "REFUSALS",
    "BadCaptions",
    "BadTimes",
    "EmptyTranscript",
    "NotATranscript",
    "TranscriptTooLarge",
    "TranscriptTooLong",
    "UnknownEncoding",
    "UnknownJson",
    "UnknownRate",
]
REFUSALS: dict[str, type[Problem]] = {
    kind.code: kind
    for kind in (
        *(BadCaptions, BadTimes, EmptyTranscript, NotATranscript, UnknownJson),
        *(TranscriptTooLarge, TranscriptTooLong, UnknownEncoding, UnknownRate),
    )
}
