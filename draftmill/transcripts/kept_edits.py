"""What a person wrote stays where it is still said, also in a transcript made anew.

It is found by its time and its words (recut.py), also where the sentence is cut in two now, or
joined with another. What is not found is kept beside the transcript, to be applied or dropped
(left_edits.py).
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.transcripts import left_edits
from draftmill.transcripts.corrected_text import Correction
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.recut import (
    Edited,
    Put,
    Spoken,
    around_s,
    found,
    glue_of,
    rewritten,
    spoken,
)
from draftmill.transcripts.retimed import retimed
from draftmill.transcripts.segments import words_in
from draftmill.transcripts.standing import standing

LONGEST_S = 120.0  # of a sentence


@dataclass(frozen=True)
class Kept:
    """How many edits stand in the new transcript, and how many wait beside it for a person."""

    kept: int
    left: int


def keep_edits(db: sqlite3.Connection, project_id: str, earlier_id: int, later_id: int) -> Kept:
    """Put what a person wrote into the transcript that takes the place of a project's present one.

    Inside the caller's transaction, before the project moves to it.
    """
    edited = [*_edited(db, earlier_id), *left_edits.taken(db, project_id)]
    if not edited:
        return Kept(0, 0)
    edited.sort(key=lambda one: one.start_s)
    later = _Later(db, later_id, of_project(db, project_id))
    left = [one for one in edited if not later.has(one)]
    later.write()
    left_edits.add(db, project_id, left)
    return Kept(len(edited) - len(left), len(left))


def _edited(db: sqlite3.Connection, transcript_id: int) -> list[Edited]:
    rows = db.execute(
        "select start_s, end_s, heard, edited from segments"
        " where transcript_id = ? and edited is not null order by start_s",
        (transcript_id,),
    )
    found = []
    for start_s, end_s, heard, edited in rows:
        written, _, at = json.loads(edited)
        found.append(Edited(start_s, end_s, json.loads(heard)[0], written, at))
    return found


class _Later:
    """The transcript that is made anew, and what goes into it."""

    def __init__(self, db: sqlite3.Connection, id: int, known: Sequence[Correction]) -> None:
        self._db, self._id, self._known = db, id, known
        self._rows = db.execute(
            "select window, n, start_s, end_s, text, words, heard from segments"
            " where transcript_id = ? order by start_s",
            (id,),
        ).fetchall()
        self._puts: dict[int, list[Put]] = {}
        self._said: dict[int, list[Spoken]] = {}

    def has(self, one: Edited) -> bool:
        """Whether its words are there, however they are cut; then they are taken."""
        said = [word for at in self._around(one) for word in self._free(at)]
        puts = found(one, said)
        for put in puts or ():
            self._puts.setdefault(put.row, []).append(put)
        return puts is not None

    def write(self) -> None:
        """Write what a person wrote, with what was corrected since they did."""
        for at, puts in self._puts.items():
            row = self._rows[at]
            text = rewritten(self._words(at), glue_of(row["text"]), puts)
            self._put(row, text, min(put.at for put in puts))

    def _around(self, one: Edited) -> range:
        """The places of the sentences that may be said at its time."""
        start_s, end_s = around_s(one)
        times = (start_s - LONGEST_S, end_s)
        return range(*(bisect_left(self._rows, at, key=_start) for at in times))

    def _words(self, at: int) -> list[Spoken]:
        if at not in self._said:
            row = self._rows[at]
            words = words_in(row["words"])
            self._said[at] = spoken(at, row["text"], words, row["start_s"], row["end_s"])
        return self._said[at]

    def _free(self, at: int) -> list[Spoken]:
        taken = [range(put.first, put.last) for put in self._puts.get(at, ())]
        return [word for word in self._words(at) if not any(word.n in one for one in taken)]

    def _put(self, row: sqlite3.Row, written: str, at: str) -> None:
        words = json.dumps(retimed(words_in(row["words"]), written))
        edited = json.dumps([written, words, at])
        shown = standing(row, edited, self._known)
        self._db.execute(
            "update segments set heard = coalesce(heard, json_array(text, words)), text = ?,"
            " words = ?, edited = ? where transcript_id = ? and window = ? and n = ?",
            (shown.text, json.dumps(shown.words), edited, self._id, row["window"], row["n"]),
        )


def _start(row: sqlite3.Row) -> float:
    return float(row["start_s"])
