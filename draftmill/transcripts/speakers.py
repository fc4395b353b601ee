"""Who speaks in a transcript: under which name, where that comes from, and how much they say.

A sentence carries the name that is shown (`segments.speaker`); the rows of `speakers` remember
what the recording or the brought transcript called each of them.
"""

import sqlite3
from dataclasses import dataclass
from typing import Literal

Source = Literal["label", "track", "voice", "person"]
NOBODY = 0  # the number of all sentences of which nobody knows who says them


@dataclass(frozen=True)
class Row:
    """What is remembered of a speaker. `label` is "" for sentences that came without a name."""

    n: int
    label: str
    name: str
    source: Source


@dataclass(frozen=True)
class Speaker:
    """One who speaks, by number. `name` is "" for NOBODY; `first_s` is where they begin, in seconds."""

    n: int
    name: str
    source: Source
    sentences: int
    spoken_s: float
    first_s: float


def speakers_of(db: sqlite3.Connection, transcript_id: int) -> list[Speaker]:
    """Those who speak, in the order in which they begin; NOBODY among them where names are missing."""
    rows = rows_of(db, transcript_id)
    of_name = {row.name: row for row in reversed(rows)}
    said = db.execute(
        "select speaker, count(*) as sentences, sum(end_s - start_s) as spoken_s,"
        " min(start_s) as first_s from segments where transcript_id = ?"
        " group by speaker order by first_s, speaker",
        (transcript_id,),
    ).fetchall()
    source, following = source_of(db, transcript_id), max((row.n for row in rows), default=0) + 1
    found = []
    for one in said:
        row = of_name.get(one["speaker"])
        n = NOBODY if one["speaker"] == "" else row.n if row else following
        following += n == following
        facts = one["sentences"], one["spoken_s"], one["first_s"]
        found.append(Speaker(n, one["speaker"], row.source if row else source, *facts))
    return found


def numbers_of(db: sqlite3.Connection, transcript_id: int) -> dict[str, int]:
    """The number of each name, also of "" for NOBODY."""
    return {one.name: one.n for one in speakers_of(db, transcript_id)}


def rows_of(db: sqlite3.Connection, transcript_id: int) -> list[Row]:
    """What is remembered: nothing before a person's first change."""
    rows = db.execute(
        "select n, label, name, source from speakers where transcript_id = ? order by n",
        (transcript_id,),
    )
    return [Row(*row) for row in rows]


def source_of(db: sqlite3.Connection, transcript_id: int) -> Source:
    """Where the names of a transcript come from, but those that a person gave."""
    (source,) = db.execute(
        "select p.source from transcripts t join projects p on p.id = t.project_id where t.id = ?",
        (transcript_id,),
    ).fetchone()
    return "label" if source == "transcript" else "track"


def remember(db: sqlite3.Connection, transcript_id: int) -> list[Row]:
    """Make a row of each speaker who has none, in the caller's transaction; returns all rows."""
    known = {row.name for row in rows_of(db, transcript_id)}
    new = [
        (transcript_id, one.n, one.name, one.name, one.source)
        for one in speakers_of(db, transcript_id)
        if one.n != NOBODY and one.name not in known
    ]
    db.executemany(
        "insert into speakers (transcript_id, n, label, name, source) values (?, ?, ?, ?, ?)", new
    )
    return rows_of(db, transcript_id)


def write_rows(db: sqlite3.Connection, transcript_id: int, rows: list[Row]) -> None:
    """Have these rows and no others, in the caller's transaction."""
    db.execute("delete from speakers where transcript_id = ?", (transcript_id,))
    db.executemany(
        "insert into speakers (transcript_id, n, label, name, source) values (?, ?, ?, ?, ?)",
        [(transcript_id, row.n, row.label, row.name, row.source) for row in rows],
    )
