"""A misheard name, corrected once and everywhere, also in transcriptions made afterwards.

Corrections are applied in the order in which they were made, so that a correction of a
correction has its effect. What they make of a transcript is worked out before anything is
locked, and written in one short transaction. How they change a text stands in corrected_text.py.
"""

import json
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.letters import normalized
from draftmill.transcripts.corrected_text import Correction, apply, corrected
from draftmill.transcripts.name_matching import MOST_WORDS, WORD, key
from draftmill.transcripts.segments import Segment, words_in

LONGEST = 80  # characters
MOST_CORRECTIONS = 500  # of a project
ROUNDS = 5  # to work it out anew when somebody else corrected meanwhile

EDGES = " \t\"'“”‘’.,;:!?()[]"


class BadCorrection(Problem):
    code = "bad_correction"
    default_message = "This correction cannot be made."
    default_hint = (
        "Write the name as the transcript has it, and as it should be: one to four words."
    )


class Contested(Conflict):
    code = "contested_correction"
    default_message = "Other corrections are being made in this transcript."
    default_hint = "Wait for them to be done, then make yours."


@dataclass(frozen=True)
class Plan:
    """What corrections make of one transcript's sentences, and what that was worked out from.

    `rows` are the values for UPDATE_SEGMENT; `places` is how many places change.
    """

    project_id: str
    transcript_id: int
    known: Sequence[Correction]
    revision: int
    corrections: Sequence[Correction]
    rows: Sequence[tuple[object, ...]]
    places: int
    back: bool = False  # a correction is taken back

    def holds(self, db: sqlite3.Connection) -> bool:
        """Whether nobody has corrected anything since. Asked in the transaction that writes it."""
        same = _revision(db, self.transcript_id) == self.revision
        return same and of_project(db, self.project_id) == self.known

    def write(self, db: sqlite3.Connection) -> None:
        """Write it, in the caller's transaction."""
        db.executemany(UPDATE_SEGMENT, self.rows)
        _correct_chapters(db, self.transcript_id, self.corrections, self.back)
        if self.places:
            db.execute(
                "update transcripts set revision = revision + 1 where id = ?", (self.transcript_id,)
            )


# The text as it was heard stays beside the corrected one: a correction can be taken back.
UPDATE_SEGMENT = (
    "update segments set heard = coalesce(heard, json_array(text, words)), text = ?, words = ?"
    " where transcript_id = ? and window = ? and n = ?"
)
UPDATE_CHAPTER = (
    "update chapters set heard = coalesce(heard, json_array(title, summary)), title = ?, summary = ?"
    " where transcript_id = ? and n = ?"
)


def add(db: sqlite3.Connection, project_id: str, heard: str, meant: str) -> int:
    """Correct a name in the project's transcripts and remember it for later ones.

    Returns the number of places changed in the present transcript. What the same words were
    corrected to before is corrected too. Raises BadCorrection, Contested. Call it outside of any
    transaction: the lock for writing is held only at its end.
    """
    correction = _checked(heard, meant)
    for _ in range(ROUNDS):
        known = of_project(db, project_id)
        replaced = [c for c in known if key(c.heard) == key(correction.heard)]
        wanted = _wanted(correction, replaced)
        if len(known) - len(replaced) + len(wanted) > MOST_CORRECTIONS:
            raise BadCorrection("This project has as many corrections as it can hold.")
        transcripts = _transcripts(db, project_id)
        plans = [_plan(db, project_id, each, known, wanted) for each in transcripts]
        with transaction(db):
            if _transcripts(db, project_id) == transcripts and all(p.holds(db) for p in plans):
                _store(db, project_id, replaced, wanted)
                return _write(db, project_id, plans)
    raise Contested


def plan(db: sqlite3.Connection, project_id: str, transcript_id: int) -> Plan:
    """What the project's corrections make of a transcript. Doing it again changes nothing.

    Belongs before the last commit of a transcribe stage, which writes it if it holds.
    """
    known = of_project(db, project_id)
    return _plan(db, project_id, transcript_id, known, known)


def of_project(db: sqlite3.Connection, project_id: str) -> list[Correction]:
    """The corrections of a project in the order in which they are applied."""
    rows = db.execute(
        "select heard, meant, id from corrections where project_id = ? order by id", (project_id,)
    )
    return [Correction(*row) for row in rows]


def remove(db: sqlite3.Connection, project_id: str, correction_id: int) -> int:
    """Take a correction back: what was heard stands there again, with the other corrections.

    Returns the number of sentences changed in the present transcript. Raises NotFound where the
    project has no such correction, and Contested. Call it outside of any transaction.
    """
    for _ in range(ROUNDS):
        known = of_project(db, project_id)
        left = [c for c in known if c.id != correction_id]
        if len(left) == len(known):
            raise NotFound("This correction was removed before.", "Reload the page.")
        transcripts = _transcripts(db, project_id)
        plans = [_plan_back(db, project_id, each, known, left) for each in transcripts]
        with transaction(db):
            if _transcripts(db, project_id) == transcripts and all(p.holds(db) for p in plans):
                db.execute("delete from corrections where id = ?", (correction_id,))
                return _write(db, project_id, plans)
    raise Contested


def _plan_back(
    db: sqlite3.Connection,
    project_id: str,
    transcript_id: int,
    known: Sequence[Correction],
    left: Sequence[Correction],
) -> Plan:
    """What was corrected in a transcript, made anew from what was heard."""
    revision, rows = _revision(db, transcript_id), []
    for row in db.execute(
        "select window, n, start_s, end_s, text, heard from segments"
        " where transcript_id = ? and heard is not null",
        (transcript_id,),
    ):
        text, words = json.loads(row["heard"])
        whole = Segment(row["start_s"], row["end_s"], text, words_in(words))
        segment = apply(whole, left)
        if segment.text != row["text"]:
            rows.append(written(segment, (transcript_id, row["window"], row["n"])))
    return Plan(project_id, transcript_id, known, revision or 0, left, rows, len(rows), back=True)


def _checked(heard: str, meant: str) -> Correction:
    if max(len(heard), len(meant)) > 4 * LONGEST:
        raise BadCorrection("This is longer than a name.")
    heard, meant = _one_line(heard).strip(EDGES), _one_line(meant)
    if not key(heard) or not meant:
        raise BadCorrection("A correction needs what was heard and what was meant.")
    if len(WORD.findall(heard)) > MOST_WORDS or len(WORD.findall(meant)) > 2 * MOST_WORDS:
        raise BadCorrection("This is longer than a name.")
    if len(heard) > LONGEST or len(meant) > LONGEST:
        raise BadCorrection("This is longer than a name.")
    if not key(meant):
        raise BadCorrection("What was meant holds no letters.")
    return Correction(heard, meant)


def _one_line(text: str) -> str:
    kept = (" " if c.isspace() or unicodedata.category(c)[0] == "C" else c for c in text)
    return " ".join(normalized("".join(kept)).split())


def _wanted(new: Correction, replaced: Sequence[Correction]) -> list[Correction]:
    """What must be applied to the present text, which holds what the replaced ones made of it."""
    return [new] + [
        Correction(old.meant, new.meant)
        for old in replaced
        if key(old.meant) not in (key(new.meant), key(new.heard))
    ]


def _store(
    db: sqlite3.Connection,
    project_id: str,
    replaced: Sequence[Correction],
    wanted: Sequence[Correction],
) -> None:
    db.executemany("delete from corrections where id = ?", [(old.id,) for old in replaced])
    db.executemany(
        "insert into corrections (project_id, heard, meant, created_at) values (?, ?, ?, ?)"
        " on conflict (project_id, heard) do update set meant = excluded.meant",
        [(project_id, correction.heard, correction.meant, now()) for correction in wanted],
    )


def _write(db: sqlite3.Connection, project_id: str, plans: Sequence[Plan]) -> int:
    """Write what was planned; returns the number of places in the present transcript."""
    project = db.execute(
        "select user_id, transcript_id from projects where id = ?", (project_id,)
    ).fetchone()
    for each in plans:
        each.write(db)
    changes.record(db, "project", project_id, project["user_id"])
    return sum(each.places for each in plans if each.transcript_id == project["transcript_id"])


def _transcripts(db: sqlite3.Connection, project_id: str) -> list[int]:
    rows = db.execute(
        "select id from transcripts where project_id = ? and completed_at is not null order by id",
        (project_id,),
    )
    return [row["id"] for row in rows]


def _revision(db: sqlite3.Connection, transcript_id: int) -> int | None:
    row = db.execute("select revision from transcripts where id = ?", (transcript_id,)).fetchone()
    return int(row["revision"]) if row else None


def _plan(
    db: sqlite3.Connection,
    project_id: str,
    transcript_id: int,
    known: Sequence[Correction],
    wanted: Sequence[Correction],
) -> Plan:
    revision, rows, places = _revision(db, transcript_id), [], 0
    for row in db.execute(
        "select window, n, text from segments where transcript_id = ?", (transcript_id,)
    ):
        _, found = corrected(row["text"], wanted)
        if found:
            places += found
            rows.append(_corrected_row(db, (transcript_id, row["window"], row["n"]), wanted))
    return Plan(project_id, transcript_id, known, revision or 0, wanted, rows, places)


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


def written(segment: Segment, where: tuple[int, int, int]) -> tuple[object, ...]:
    """The values of UPDATE_SEGMENT; `where` is transcript, window and n."""
    return segment.text, json.dumps(segment.words), *where


def _correct_chapters(
    db: sqlite3.Connection, transcript_id: int, wanted: Sequence[Correction], again: bool
) -> None:
    """Correct titles and summaries; `again` begins with what was heard."""
    for chapter in db.execute(
        "select n, title, summary, heard from chapters where transcript_id = ?", (transcript_id,)
    ).fetchall():
        present = [chapter["title"], chapter["summary"]]
        heard = json.loads(chapter["heard"]) if again and chapter["heard"] else present
        made = [corrected(text, wanted)[0] for text in heard]
        if made != present:
            db.execute(UPDATE_CHAPTER, (*made, transcript_id, chapter["n"]))
