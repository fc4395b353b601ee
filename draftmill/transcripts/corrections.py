"""A misheard name, corrected once and everywhere, also in transcriptions made afterwards.

Corrections are applied in the order in which they were made, so that a correction of a
correction has its effect. What they make of a transcript is worked out before anything is
locked, and written in one short transaction. How they change a text stands in corrected_text.py.
"""

import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.letters import normalized
from draftmill.transcripts import edits
from draftmill.transcripts.corrected_text import Correction
from draftmill.transcripts.correction_plans import (
    Plan,
    of_project,
    plan_anew,
    plan_more,
    transcripts,
)
from draftmill.transcripts.edits import ChangedSince, Edit
from draftmill.transcripts.name_matching import MOST_WORDS, WORD, key

CORRECTION = "correction"
LONGEST = 80  # characters
MOST_CORRECTIONS = 500  # of a project
LATELY = 20  # changes
ROUNDS = 5  # to work it out anew when somebody else corrected meanwhile

EDGES = " \t\"'“”‘’.,;:!?()[]。、，．！？「」『』（）"


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
class Made:
    """What a correction led to: the places changed in the present transcript (sentences, where one
    was taken back), and the id by which that is undone, None before there is a transcript."""

    places: int
    edit_id: int | None


def add(db: sqlite3.Connection, project_id: str, heard: str, meant: str) -> Made:
    """Correct a name in the project's transcripts and remember it for later ones.

    What the same words were corrected to before is corrected too; a second press of the same button
    finds what the first one did. Raises BadCorrection, Contested. Call it outside of any
    transaction: the lock for writing is held only at its end.
    """
    correction = checked(heard, meant)
    for _ in range(ROUNDS):
        known = of_project(db, project_id)
        replaced = [c for c in known if key(c.heard) == key(correction.heard)]
        wanted = _wanted(correction, replaced)
        if len(known) - len(replaced) + len(wanted) > MOST_CORRECTIONS:
            raise BadCorrection("This project has as many corrections as it can hold.")
        present = transcripts(db, project_id)
        plans = [plan_more(db, project_id, each, known, wanted) for each in present]
        if not any(each.rows for each in plans) and _is_known(correction, replaced):
            return _made_before(db, project_id, replaced[0])
        with transaction(db):
            if transcripts(db, project_id) == present and all(p.holds(db) for p in plans):
                _store(db, project_id, replaced, wanted)
                return _write(db, project_id, plans, known)
    raise Contested


def remove(db: sqlite3.Connection, project_id: str, correction_id: int) -> Made:
    """Take a correction back: what was heard stands there again, with the other corrections.

    Raises NotFound where the project has no such correction, and Contested. Call it outside of
    any transaction.
    """
    for _ in range(ROUNDS):
        known = of_project(db, project_id)
        left = [c for c in known if c.id != correction_id]
        if len(left) == len(known):
            raise NotFound("This correction was removed before.", "Reload the page.")
        present = transcripts(db, project_id)
        plans = [plan_anew(db, project_id, each, known, left) for each in present]
        with transaction(db):
            if transcripts(db, project_id) == present and all(p.holds(db) for p in plans):
                db.execute("delete from corrections where id = ?", (correction_id,))
                return _write(db, project_id, plans, known)
    raise Contested


def take_back(db: sqlite3.Connection, edit: Edit) -> None:
    """Undo a correction, or its removal: the corrections are again those from before it."""
    known, left, plans = _plans_before(db, edit)
    with edits.taking_back(db, edit, raised=True):
        moved = [p.transcript_id for p in plans] != transcripts(db, edit.project_id)
        if moved or not all(p.holds(db) for p in plans):
            known, left, plans = _plans_before(db, edit)
        _put(db, edit.project_id, known, left)
        for each in plans:
            each.write(db)


def can_take_back(db: sqlite3.Connection, edit: Edit) -> bool:
    """Whether no other correction took the place of what this change made."""
    try:
        _before(of_project(db, edit.project_id), edit)
    except ChangedSince:
        return False
    return True


def _plans_before(
    db: sqlite3.Connection, edit: Edit
) -> tuple[list[Correction], list[Correction], list[Plan]]:
    known = of_project(db, edit.project_id)
    left = _before(known, edit)
    present = transcripts(db, edit.project_id)
    return known, left, [plan_anew(db, edit.project_id, each, known, left) for each in present]


def _before(known: Sequence[Correction], edit: Edit) -> list[Correction]:
    """The corrections as they were before a change. Raises ChangedSince where others took its place."""
    was, became = (
        [Correction(**one) for one in side["corrections"]] for side in (edit.was, edit.became)
    )
    left = [one for one in known if one not in became]
    taken = {key(one.heard) for one in left}
    if len(left) != len(known) - len(became) or any(key(one.heard) in taken for one in was):
        raise ChangedSince
    return sorted([*left, *was], key=lambda one: one.id)


def _put(
    db: sqlite3.Connection,
    project_id: str,
    known: Sequence[Correction],
    left: Sequence[Correction],
) -> None:
    gone = [one for one in known if one not in left]
    back = [one for one in left if one not in known]
    taken = {one.id for one in left if one in known}  # an id is given again after a removal
    db.executemany("delete from corrections where id = ?", [(one.id,) for one in gone])
    db.executemany(
        "insert into corrections (id, project_id, heard, meant, created_at) values (?, ?, ?, ?, ?)",
        [
            (one.id if one.id not in taken else None, project_id, one.heard, one.meant, one.made_at)
            for one in back
        ],
    )


def checked(heard: str, meant: str) -> Correction:
    """A correction as it is stored. Raises BadCorrection."""
    if max(len(heard), len(meant)) > 4 * LONGEST:
        raise BadCorrection("This is longer than a name.")
    heard, meant = one_line(heard).strip(EDGES), one_line(meant)
    if not key(heard) or not meant:
        raise BadCorrection("A correction needs what was heard and what was meant.")
    if len(WORD.findall(heard)) > MOST_WORDS or len(WORD.findall(meant)) > 2 * MOST_WORDS:
        raise BadCorrection("This is longer than a name.")
    if len(heard) > LONGEST or len(meant) > LONGEST:
        raise BadCorrection("This is longer than a name.")
    if not key(meant):
        raise BadCorrection("What was meant holds no letters.")
    return Correction(heard, meant)


def one_line(text: str) -> str:
    kept = (" " if c.isspace() or unicodedata.category(c)[0] == "C" else c for c in text)
    return " ".join(normalized("".join(kept)).split())


def _is_known(new: Correction, replaced: Sequence[Correction]) -> bool:
    return [(one.heard, one.meant) for one in replaced] == [(new.heard, new.meant)]


def _made_before(db: sqlite3.Connection, project_id: str, known: Correction) -> Made:
    """What a correction led to when it was made, unless that was undone or is long ago."""
    fact = asdict(known)
    for one in edits.edits_of(db, project_id, LATELY, CORRECTION):
        if one.undone_at is None and fact in one.became["corrections"]:
            return Made(one.became["places"], one.id)
    return Made(0, None)


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


def _write(
    db: sqlite3.Connection, project_id: str, plans: Sequence[Plan], known: Sequence[Correction]
) -> Made:
    """Write what was planned, and note what became of the corrections `known` before."""
    user_id, present = db.execute(
        "select user_id, transcript_id from projects where id = ?", (project_id,)
    ).fetchone()
    for each in plans:
        each.write(db)
    places = sum(p.places for p in plans if p.transcript_id == present)
    after = of_project(db, project_id)
    if present is None or after == known:
        changes.record(db, "project", project_id, user_id)
        return Made(places, None)
    was, became = _facts(known, after), _facts(after, known) | {"places": places}
    return Made(places, edits.record(db, project_id, present, CORRECTION, was, became, raised=True))


def _facts(these: Iterable[Correction], others: Sequence[Correction]) -> dict[str, object]:
    return {"corrections": [asdict(one) for one in these if one not in others]}
