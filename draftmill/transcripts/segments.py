"""What was said: words, sentences with times, chapters, and their rows."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

DOUBTFUL = "doubtful"  # likely invented: kept in the transcript, kept out of drafts
SUNG = "sung"  # a song's words: kept out of drafts
TURN = "turn"  # somebody else begins here of whom nobody knows who it is
SOFT = "soft"  # a sentence whose ends we guessed: no end mark was heard there
ESTIMATED = "estimated_times"  # of a transcript: its times only keep the order


class Word(NamedTuple):
    """One spoken word, with its times in seconds from the recording's start.

    A tuple, for a long recording has tens of thousands of them.
    """

    start_s: float
    end_s: float
    text: str
    probability: float = 1.0


@dataclass(frozen=True)
class Segment:
    """One sentence. `n` counts within its `window`; `flags` holds DOUBTFUL, SUNG, TURN, SOFT."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: str = ""
    flags: frozenset[str] = frozenset()
    window: int = 0
    n: int = 0
    heard: str | None = None  # what a person put other words in the place of


# By its text and its length in seconds: whether a sentence is read with its words. They are most
# of a transcript, and few need them.
WordsOf = Callable[[str, float], bool]
ALL_WORDS: WordsOf = lambda text, length_s: True  # noqa: E731
NO_WORDS: WordsOf = lambda text, length_s: False  # noqa: E731


def segments_of(
    db: sqlite3.Connection, transcript_id: int, words_of: WordsOf = ALL_WORDS
) -> list[Segment]:
    """All sentences of a transcript in the order of time, with the words of those that need them.

    What a person wrote is not DOUBTFUL, however it was heard.
    """
    rows = db.execute(
        "select start_s, end_s, text, words, speaker, flags, window, n,"
        " case when edited is not null then json_extract(heard, '$[0]') end from segments"
        " where transcript_id = ? order by window, n",
        (transcript_id,),
    )
    return [
        Segment(
            start_s=start_s,
            end_s=end_s,
            text=text,
            words=words_in(words) if words_of(text, end_s - start_s) else (),
            speaker=speaker,
            flags=frozenset(flags.split()) - ({DOUBTFUL} if heard is not None else set()),
            window=window,
            n=n,
            heard=heard,
        )
        for start_s, end_s, text, words, speaker, flags, window, n, heard in rows
    ]


def words_in(stored: str) -> tuple[Word, ...]:
    """The words of a row."""
    return tuple(map(Word._make, json.loads(stored)))


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
                json.dumps(segment.words),
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
