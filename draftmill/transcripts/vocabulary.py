"""A user's own names and terms, spelled in every new transcript as they are listed.

What they change there are corrections of the project, each of which can be removed. Spellings
that are only near are suggested (see suggestions.py), never changed unasked.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.errors import Problem
from draftmill.transcripts.corrected_text import Correction, Sought, corrected
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.corrections import CORRECTION, LONGEST, MOST_CORRECTIONS, one_line
from draftmill.transcripts.edits import edits_of
from draftmill.transcripts.name_matching import MOST_WORDS, WORD, key, spans

MOST_TERMS = 500
_BETWEEN = re.compile(r"[\n\r,;]+")


class BadVocabulary(Problem):
    code = "bad_vocabulary"
    default_message = "This cannot be in your vocabulary."
    default_hint = "Write names and terms as they are spelled, one a line, up to four words each."


def terms_of(db: sqlite3.Connection, user_id: int) -> list[str]:
    """A user's names and terms, in the order of the alphabet."""
    rows = db.execute("select term from vocabulary where user_id = ? order by key", (user_id,))
    return [row["term"] for row in rows]


def terms_in(text: str) -> list[str]:
    """The names and terms that somebody typed: one a line, or with commas between them."""
    return [term for part in _BETWEEN.split(text) if (term := one_line(part))]


def add(db: sqlite3.Connection, user_id: int, terms: Iterable[str]) -> list[str]:
    """Add names and terms; returns those that were not there. One spelled anew takes its old place.

    Raises BadVocabulary, and then none was added.
    """
    checked = {term.casefold(): term for term in map(_checked, terms)}
    if not checked:
        raise BadVocabulary("There is no name or term in this.")
    with transaction(db):
        known = set(terms_of(db, user_id))
        db.executemany(
            "insert into vocabulary (user_id, key, term, added_at) values (?, ?, ?, ?)"
            " on conflict (user_id, key) do update set term = excluded.term",
            [(user_id, folded, term, now()) for folded, term in checked.items()],
        )
        if len(terms_of(db, user_id)) > MOST_TERMS:
            raise BadVocabulary(
                f"A vocabulary holds at most {MOST_TERMS} names and terms.",
                "Remove those that you need no more.",
            )
    return [term for term in checked.values() if term not in known]


def remove(db: sqlite3.Connection, user_id: int, term: str) -> str:
    """Remove a term; returns it as it was spelled, "" where it was not there."""
    row = db.execute(
        "delete from vocabulary where user_id = ? and key = ? returning term",
        (user_id, one_line(term).casefold()),
    ).fetchone()
    return str(row["term"]) if row else ""


def replace(db: sqlite3.Connection, user_id: int, terms: Sequence[str]) -> list[str]:
    """Have these in the place of all. Raises BadVocabulary, and then nothing has changed."""
    with transaction(db):
        db.execute("delete from vocabulary where user_id = ?", (user_id,))
        if terms:
            add(db, user_id, terms)
        return terms_of(db, user_id)


def spell(db: sqlite3.Connection, project_id: str, texts: Sequence[str]) -> None:
    """Make corrections of a project of what its user spells otherwise than a new transcript.

    Inside the caller's transaction. What the user corrected, or removed, in this project stays so.
    """
    (user_id,) = db.execute("select user_id from projects where id = ?", (project_id,)).fetchone()
    terms = terms_of(db, user_id)
    known = of_project(db, project_id)
    settled = {key(one.heard) for one in known} | _removed(db, project_id)
    wanted = [term for term in terms if key(term) not in settled]
    found = _spelled_otherwise(texts, wanted)[: max(0, MOST_CORRECTIONS - len(known))]
    db.executemany(
        "insert into corrections (project_id, heard, meant, created_at) values (?, ?, ?, ?)"
        " on conflict (project_id, heard) do nothing",
        [(project_id, one.heard, one.meant, now()) for one in found],
    )


def _spelled_otherwise(texts: Sequence[str], terms: Sequence[str]) -> list[Correction]:
    found: dict[str, Correction] = {}
    sought = Sought(Correction(term, term) for term in terms)
    for text in texts:
        for term in (one.meant for one in sought.likely(text)):
            if term not in found and corrected(text, [Correction(term, term)])[1]:
                heard = next(text[a:b] for a, b in spans(text, term) if text[a:b] != term)
                found[term] = Correction(heard, term)
    return list(found.values())


def _removed(db: sqlite3.Connection, project_id: str) -> set[str]:
    """What was corrected in a project until somebody removed the correction."""
    return {
        key(one["heard"])
        for edit in edits_of(db, project_id, kind=CORRECTION)
        if edit.undone_at is None and not edit.became["corrections"]
        for one in edit.was["corrections"]
    }


def _checked(term: str) -> str:
    if len(term) > 4 * LONGEST:
        raise BadVocabulary("This is longer than a name.")
    plain = one_line(term)
    if not key(plain):
        raise BadVocabulary(f"“{plain}” holds no letters.")
    if len(plain) > LONGEST or len(WORD.findall(plain)) > MOST_WORDS:
        raise BadVocabulary(f"“{plain[:LONGEST]}” is longer than a name.")
    return plain
