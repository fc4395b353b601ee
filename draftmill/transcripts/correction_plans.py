"""What corrections make of a transcript, worked out before anything is locked."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.transcripts.corrected_text import Correction, Sought, apply, corrected
from draftmill.transcripts.segments import Segment, words_in
from draftmill.transcripts.standing import standing

# The text as it was heard stays beside the corrected one: a correction can be taken back.
UPDATE_SEGMENT = (
    "update segments set heard = coalesce(heard, json_array(text, words)), text = ?, words = ?,"
    " changed_in = (select revision + 1 from transcripts where id = transcript_id)"
    " where transcript_id = ? and window = ? and n = ?"
)
UPDATE_CHAPTER = (
    "update chapters set heard = coalesce(heard, json_array(title, summary)), title = ?, summary = ?"
    " where transcript_id = ? and n = ?"
)


@dataclass(frozen=True)
class Plan:
    """What corrections make of one transcript's sentences, and what that was worked out from.

    `rows` are the values for UPDATE_SEGMENT; `places` is how many places change, or with `anew`
    how many sentences.
    """

    project_id: str
    transcript_id: int
    known: Sequence[Correction]
    revision: int
    corrections: Sequence[Correction]
    rows: Sequence[tuple[object, ...]]
    places: int
    anew: bool = False  # made from what was heard, for corrections went or came back

    def holds(self, db: sqlite3.Connection) -> bool:
        """Whether nobody has changed anything since. Asked in the transaction that writes it."""
        same = revision_of(db, self.transcript_id) == self.revision
        return same and of_project(db, self.project_id) == self.known

    def write(self, db: sqlite3.Connection) -> None:
        """Write it, in the caller's transaction."""
        db.executemany(UPDATE_SEGMENT, self.rows)
        _correct_chapters(db, self.transcript_id, self.corrections, self.anew)
        if self.places:
            db.execute(
                "update transcripts set revision = revision + 1 where id = ?", (self.transcript_id,)
            )


def of_project(db: sqlite3.Connection, project_id: str) -> list[Correction]:
    """The corrections of a project in the order in which they are applied."""
    rows = db.execute(
        "select heard, meant, id, created_at from corrections where project_id = ? order by id",
        (project_id,),
    )
    return [Correction(*row) for row in rows]


def plan(db: sqlite3.Connection, project_id: str, transcript_id: int) -> Plan:
    """What the project's corrections make of a transcript. Doing it again changes nothing.

    Belongs before the last commit of a transcribe stage, which writes it if it holds.
    """
    known = of_project(db, project_id)
    return plan_more(db, project_id, transcript_id, known, known)


def plan_more(
    db: sqlite3.Connection,
    project_id: str,
    transcript_id: int,
    known: Sequence[Correction],
    wanted: Sequence[Correction],
) -> Plan:
    """What further corrections make of the text as it stands."""
    revision, rows, places = revision_of(db, transcript_id), [], 0
    sought = Sought(wanted)
    for row in db.execute(
        "select window, n, text from segments where transcript_id = ?", (transcript_id,)
    ):
        found = sum(count for _, count in sought.changes(row["text"]))
        if found:
            places += found
            rows.append(_corrected_row(db, (transcript_id, row["window"], row["n"]), wanted))
    return Plan(project_id, transcript_id, known, revision, wanted, rows, places)


def plan_anew(
    db: sqlite3.Connection,
    project_id: str,
    transcript_id: int,
    known: Sequence[Correction],
    left: Sequence[Correction],
) -> Plan:
    """What the corrections that are left make of what was heard, and of what a person wrote."""
    revision, rows = revision_of(db, transcript_id), []
    sought = Sought(left)
    for row in db.execute("select * from segments where transcript_id = ?", (transcript_id,)):
        if row["heard"] is None and not any(sought.changes(row["text"])):
            continue
        segment = standing(row, row["edited"], left)
        if segment.text != row["text"]:
            rows.append(written(segment, (transcript_id, row["window"], row["n"])))
    return Plan(project_id, transcript_id, known, revision, left, rows, len(rows), anew=True)


def transcripts(db: sqlite3.Connection, project_id: str) -> list[int]:
    """The ids of the transcripts that corrections change."""
    rows = db.execute(
        "select id from transcripts where project_id = ? and completed_at is not null order by id",
        (project_id,),
    )
    return [row["id"] for row in rows]


def written(segment: Segment, where: tuple[int, int, int]) -> tuple[object, ...]:
    """The values of UPDATE_SEGMENT; `where` is transcript, window and n."""
    return segment.text, json.dumps(segment.words), *where


def _corrected_row(
    db: sqlite3.Connection, where: tuple[int, int, int], wanted: Sequence[Correction]
) -> tuple[object, ...]:
    row = db.execute(
        "select start_s, end_s, text, words from segments"
        " where transcript_id = ? and window = ? and n = ?",
        where,
    ).fetchone()
    whole = Segment(row["start_s"], row["end_s"], row["text"], words_in(row["words"]))
    return written(apply(whole, wanted), where)


def revision_of(db: sqlite3.Connection, transcript_id: int) -> int:
    """How often a transcript was changed; -1 where it is gone."""
    row = db.execute("select revision from transcripts where id = ?", (transcript_id,)).fetchone()
    return int(row["revision"]) if row else -1


def _correct_chapters(
    db: sqlite3.Connection, transcript_id: int, wanted: Sequence[Correction], anew: bool
) -> None:
    """Correct titles and summaries; `anew` begins with what was heard."""
    for chapter in db.execute(
        "select n, title, summary, heard from chapters where transcript_id = ?", (transcript_id,)
    ).fetchall():
        present = [chapter["title"], chapter["summary"]]
        heard = json.loads(chapter["heard"]) if anew and chapter["heard"] else present
        made = [corrected(text, wanted)[0] for text in heard]
        if made != present:
            db.execute(UPDATE_CHAPTER, (*made, transcript_id, chapter["n"]))
