"""A transcript to take away: as text or JSON, or as subtitles where it has times."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from draftmill.errors import NotFound
from draftmill.transcripts import formats
from draftmill.transcripts.chapters import Chapter, chapters_of
from draftmill.transcripts.segments import NO_WORDS, Segment, is_timed, segments_of

# What a transcript can be taken away as, by the ending of the file.
KINDS = {
    "txt": "text/plain",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "json": "application/json",
}


def as_file(
    db: sqlite3.Connection, transcript_id: int | None, ending: str, times: bool = True
) -> str:
    """The transcript as one of KINDS, as text also without its times. Raises NotFound.

    `transcript_id` is None before there is one.
    """
    if ending not in KINDS:
        raise NotFound
    if transcript_id is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    timed = is_timed(db, transcript_id)
    if ending in ("txt", "json"):
        said, chapters = segments_of(db, transcript_id, NO_WORDS), chapters_of(db, transcript_id)
        write = formats.to_txt if ending == "txt" else to_json
        return write(said, chapters, timed and times)
    if not timed:
        raise NotFound("This transcript has no times.", "Download it as text instead.")
    segments = segments_of(db, transcript_id, formats.is_cut)
    return formats.to_srt(segments) if ending == "srt" else formats.to_vtt(segments)


def to_json(segments: Sequence[Segment], chapters: Sequence[Chapter], timed: bool) -> str:
    """The sentences with who said them, and the chapters; times in seconds, where there are any."""

    def times(one: Segment | Chapter) -> dict[str, Any]:
        return {"start": one.start_s, "end": one.end_s} if timed else {}

    told = {
        "chapters": [{**times(one), "title": one.title} for one in chapters],
        "segments": [
            {**times(one), **({"speaker": one.speaker} if one.speaker else {}), "text": one.text}
            for one in segments
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
