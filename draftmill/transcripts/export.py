"""A transcript to take away: as text, or as subtitles where it has times."""

import sqlite3

from draftmill.errors import NotFound
from draftmill.transcripts import formats
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import NO_WORDS, is_timed, segments_of

# What a transcript can be taken away as, by the ending of the file.
KINDS = {"txt": "text/plain", "srt": "application/x-subrip", "vtt": "text/vtt"}


def as_file(db: sqlite3.Connection, transcript_id: int | None, ending: str) -> str:
    """The transcript as one of KINDS; `transcript_id` is None before there is one. Raises NotFound."""
    if ending not in KINDS:
        raise NotFound
    if transcript_id is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    timed = is_timed(db, transcript_id)
    if ending == "txt":
        said = segments_of(db, transcript_id, NO_WORDS)
        return formats.to_txt(said, chapters_of(db, transcript_id), timed)
    if not timed:
        raise NotFound("This transcript has no times.", "Download it as text instead.")
    segments = segments_of(db, transcript_id, formats.is_cut)
    return formats.to_srt(segments) if ending == "srt" else formats.to_vtt(segments)
