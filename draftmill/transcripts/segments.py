"""What was said: words, sentences with times, chapters, and their rows."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

DOUBTFUL = "doubtful"  # likely invented: kept in the transcript, kept out of drafts
SOFT = "soft"  # a sentence whose ends we guessed: no end mark was heard there
ESTIMATED = "estimated_times"  # of a transcript: its times only keep the order


@dataclass(frozen=True)
class Word:
    """One spoken word, with its times in seconds from the recording's start."""

    start_s: float
    end_s: float
    text: str
    probability: float = 1.0


@dataclass(frozen=True)
class Segment:
    """One sentence. `n` counts within its `window`; `flags` holds DOUBTFUL and SOFT."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: str = ""
    flags: frozenset[str] = frozenset()
    window: int = 0
    n: int = 0


def segments_of(db: sqlite3.Connection, transcript_id: int) -> list[Segment]:
    """All sentences of a transcript in the order of time."""
    rows = db.execute(
        "select * from segments where transcript_id = ? order by window, n", (transcript_id,)
    )
    return [
        Segment(
            start_s=row["start_s"],
            end_s=row["end_s"],
            text=row["text"],
            words=tuple(Word(*word) for word in json.loads(row["words"])),
            speaker=row["speaker"],
            flags=frozenset(row["flags"].split()),
            window=row["window"],
            n=row["n"],
        )
        for row in rows
    ]


def add_segments(
    db: sqlite3.Connection, transcript_id: int, window: int, segments: Sequence[Segment]
) -> None:
    """Store one window's sentences, numbered anew from 0. Inside the caller's transaction."""
    db.executemany(
        "insert into segments (transcript_id, window, n, start_s, end_s, text, speaker, flags, words)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                transcript_id,
                window,
                n,
                segment.start_s,
                segment.end_s,
                segment.text,
                segment.speaker,
                " ".join(sorted(segment.flags)),
                json.dumps([[w.start_s, w.end_s, w.text, w.probability] for w in segment.words]),
            )
            for n, segment in enumerate(segments)
        ],
    )


def is_timed(db: sqlite3.Connection, transcript_id: int) -> bool:
    """Whether the times of a transcript were measured, not estimated from its text."""
    row = db.execute("select warnings from transcripts where id = ?", (transcript_id,)).fetchone()
    return ESTIMATED not in json.loads(row["warnings"])


def warnings_of(db: sqlite3.Connection, transcript_id: int) -> list[str]:
    """What a person should know of how a transcript came about."""
    row = db.execute("select warnings from transcripts where id = ?", (transcript_id,)).fetchone()
    return [warning for warning in json.loads(row["warnings"]) if warning != ESTIMATED]
