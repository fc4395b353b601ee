"""The chapters of a transcript: titled spans of its sentences."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    n: int
    start_s: float
    end_s: float
    title: str
    summary: str = ""


def chapters_of(db: sqlite3.Connection, transcript_id: int) -> list[Chapter]:
    """The chapters of a transcript in the order of time."""
    rows = db.execute(
        "select n, start_s, end_s, title, summary from chapters where transcript_id = ? order by n",
        (transcript_id,),
    )
    return [Chapter(*row) for row in rows]
