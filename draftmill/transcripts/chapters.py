"""The chapters of a transcript: titled spans of its sentences."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Chapter:
    """`uncorrected` is its title and summary as JSON before they were corrected, None for those that were not."""

    n: int
    start_s: float
    end_s: float
    title: str
    summary: str = ""
    uncorrected: str | None = field(default=None, compare=False, repr=False)


def chapters_of(db: sqlite3.Connection, transcript_id: int) -> list[Chapter]:
    """The chapters of a transcript in the order of time."""
    rows = db.execute(
        "select n, start_s, end_s, title, summary, heard from chapters"
        " where transcript_id = ? order by n",
        (transcript_id,),
    )
    return [Chapter(*row) for row in rows]


def tag_of(chapters: Sequence[Chapter]) -> str:
    """What a change of chapters names as its base: it differs as soon as any of them does."""
    facts = [[chapter.start_s, chapter.title] for chapter in chapters]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]


def are_a_persons(db: sqlite3.Connection, transcript_id: int) -> bool:
    """Whether a person changed the chapters of a transcript: they stay as they are, also none at all."""
    row = db.execute(
        "select 1 from transcripts where id = ? and chapters_by = 'person'", (transcript_id,)
    ).fetchone()
    return row is not None
