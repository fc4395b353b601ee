"""What a person wrote stays where the sentence is still said, also in a transcript made anew.

A sentence is the same one where it was said at the same time and was heard in nearly the same
words. One that is now cut in two, or joined with another, is heard anew.
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.transcripts.corrected_text import Correction
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.name_matching import key
from draftmill.transcripts.retimed import pairs, retimed
from draftmill.transcripts.segments import words_in
from draftmill.transcripts.standing import standing

NEAR = 0.6  # of the words, in one order
OVERLAP = 0.5  # of the longer one's time
LONGEST_S = 120.0  # of a sentence


@dataclass(frozen=True)
class _Edited:
    """A sentence that a person wrote anew; `written` and `at` are what, and when."""

    start_s: float
    end_s: float
    heard: str
    written: str
    at: str


def keep_edits(db: sqlite3.Connection, project_id: str, earlier_id: int, later_id: int) -> int:
    """Put what a person wrote into the transcript that takes the place of a project's present one.

    Inside the caller's transaction, before the project moves to it. Returns of how many sentences.
    """
    edited = _edited(db, earlier_id)
    if not edited:
        return 0
    rows = db.execute(
        "select window, n, start_s, end_s, text, words, heard from segments"
        " where transcript_id = ? order by start_s",
        (later_id,),
    ).fetchall()
    known = of_project(db, project_id)
    taken: set[tuple[int, int]] = set()
    for one in edited:
        row = _same(one, rows, taken)
        if row is not None:
            taken.add((row["window"], row["n"]))
            _put(db, later_id, row, one, known)
    return len(taken)


def _edited(db: sqlite3.Connection, transcript_id: int) -> list[_Edited]:
    rows = db.execute(
        "select start_s, end_s, heard, edited from segments"
        " where transcript_id = ? and edited is not null order by start_s",
        (transcript_id,),
    )
    found = []
    for start_s, end_s, heard, edited in rows:
        written, _, at = json.loads(edited)
        found.append(_Edited(start_s, end_s, json.loads(heard)[0], written, at))
    return found


def _same(
    one: _Edited, rows: Sequence[sqlite3.Row], taken: set[tuple[int, int]]
) -> sqlite3.Row | None:
    """The sentence that is most like it, of those said at that time; None where none is near."""
    first = bisect_left(rows, one.start_s - LONGEST_S, key=lambda row: float(row["start_s"]))
    last = bisect_left(rows, one.end_s, key=lambda row: float(row["start_s"]))
    best, nearest = None, NEAR
    for row in rows[first:last]:
        free = (row["window"], row["n"]) not in taken
        if free and _overlap(one, row) >= OVERLAP:
            near = max(_alike(text, _heard(row)) for text in (one.heard, one.written))
            if near >= nearest:
                best, nearest = row, near
    return best


def _overlap(one: _Edited, row: sqlite3.Row) -> float:
    longer = max(one.end_s - one.start_s, row["end_s"] - row["start_s"])
    shared = min(one.end_s, row["end_s"]) - max(one.start_s, row["start_s"])
    return float(shared / longer) if longer > 0 else float(one.start_s == row["start_s"])


def _alike(one: str, other: str) -> float:
    old, new = ([key(word) for word in text.split()] for text in (one, other))
    return 2 * len(pairs(old, new)) / max(1, len(old) + len(new))


def _heard(row: sqlite3.Row) -> str:
    return str(json.loads(row["heard"])[0] if row["heard"] else row["text"])


def _put(
    db: sqlite3.Connection,
    transcript_id: int,
    row: sqlite3.Row,
    one: _Edited,
    known: Sequence[Correction],
) -> None:
    words = json.dumps(retimed(words_in(row["words"]), one.written))
    edited = json.dumps([one.written, words, one.at])
    shown = standing(row, edited, known)
    db.execute(
        "update segments set heard = coalesce(heard, json_array(text, words)), text = ?, words = ?,"
        " edited = ? where transcript_id = ? and window = ? and n = ?",
        (shown.text, json.dumps(shown.words), edited, transcript_id, row["window"], row["n"]),
    )
