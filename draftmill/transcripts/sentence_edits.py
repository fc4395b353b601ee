"""A sentence as a person wrote it. What was heard stays beside it, and comes back by undoing.

An edit can be taken back whatever was corrected meanwhile, and the other way round (see
standing.py).
"""

import json
import sqlite3
from dataclasses import dataclass

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.edits import ChangedSince, Edit, record, taking_back
from draftmill.transcripts.retimed import retimed
from draftmill.transcripts.segments import DOUBTFUL, words_in
from draftmill.transcripts.sentences import clean
from draftmill.transcripts.standing import standing

SENTENCE = "sentence"
LONGEST = 2000  # characters; a sentence that was brought longer may stay as long as it was


class BadSentence(Problem):
    code = "bad_sentence"
    default_message = "A sentence needs words."
    default_hint = "Write what was said. To keep a sentence out of a draft, edit the draft."


class StaleSentence(Conflict):
    """The sentence was changed since this text was begun. Nothing is stored."""

    code = "stale_sentence"
    default_message = "This sentence was changed elsewhere since you began."
    default_hint = "Compare the two and save the one that shall stay."

    def __init__(self, typed: str, present: "Sentence") -> None:
        super().__init__()
        self.typed = typed
        self.present = present


@dataclass(frozen=True)
class Sentence:
    """A sentence of a project's present transcript; `n` counts from 1 in the order of time.

    `heard` is the text before any person changed it, `revision` the transcript's, which a save
    names as its base.
    """

    n: int
    window: int
    number: int
    start_s: float
    end_s: float
    speaker: str
    text: str
    heard: str
    edited: bool
    doubtful: bool
    revision: int
    changed_in: int


@dataclass(frozen=True)
class Saved:
    """What a save led to. `edit_id` is None when the text was there already."""

    sentence: Sentence
    edit_id: int | None


def sentence(db: sqlite3.Connection, project_id: str, n: int) -> Sentence:
    """A sentence of the project's present transcript. Raises NotFound."""
    return _sentence(_row(db, project_id, n), n)


def save(
    db: sqlite3.Connection, project_id: str, n: int, text: str, revision: int | None = None
) -> Saved:
    """Put a person's words in the place of a sentence's; times of words that stay are kept.

    `revision` is that of the transcript from which the text was made, None to save onto whatever
    is there. A sentence that is written back to what was heard is no edited one. Raises NotFound,
    BadSentence, and StaleSentence when the sentence changed since.
    """
    with transaction(db):
        row = _row(db, project_id, n)
        written = checked(text, len(row["text"]))
        present = _sentence(row, n)
        if written == present.text:
            return Saved(present, None)
        if revision is not None and revision < present.changed_in:
            raise StaleSentence(written, present)
        words = retimed(words_in(row["words"]), written)
        edited: str | None = json.dumps([written, json.dumps(words), now()])
        if row["edited"] is not None:
            heard = standing(row, None, of_project(db, project_id))
            if heard.text == written:
                words, edited = heard.words, None
        _put(db, row, edited, written, json.dumps(words))
        was = {"sentence": n, "text": row["text"], "edited": row["edited"]}
        became = {"window": row["window"], "n": row["n"], "text": written, "edited": edited}
        edit_id = record(db, project_id, row["transcript_id"], SENTENCE, was, became)
        return Saved(sentence(db, project_id, n), edit_id)


def take_back(db: sqlite3.Connection, edit: Edit) -> None:
    """Undo a person's edit: what stood there before it, with the corrections of today.

    Raises ChangedSince, also where another transcript has taken the place of its own.
    """
    known = of_project(db, edit.project_id)
    with taking_back(db, edit):
        row = _standing(db, edit)
        if row is None:
            raise ChangedSince
        before = standing(row, edit.was["edited"], known)
        _put(db, row, edit.was["edited"], before.text, json.dumps(before.words))
        # One that had no place before waits again, for longer than this change is remembered.
        db.execute("update left_edits set change_id = null where change_id = ?", (edit.id,))


def can_take_back(db: sqlite3.Connection, edit: Edit) -> bool:
    """Whether the sentence is still as this edit left it."""
    return _standing(db, edit) is not None


def _standing(db: sqlite3.Connection, edit: Edit) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "select s.* from projects p join segments s on s.transcript_id = p.transcript_id"
        " where p.id = ? and s.transcript_id = ? and s.window = ? and s.n = ? and s.edited is ?",
        (
            edit.project_id,
            edit.transcript_id,
            *(edit.became[key] for key in ("window", "n", "edited")),
        ),
    ).fetchone()
    return row


def checked(text: str, present: int) -> str:
    """A sentence as it is stored: one line of words. Raises BadSentence."""
    written = clean(text)
    if not any(character.isalnum() for character in written):
        raise BadSentence
    if len(written) > max(LONGEST, present):
        raise BadSentence(
            f"This is longer than {LONGEST:,} characters.", "Write what was said in this sentence."
        )
    return written


def _put(
    db: sqlite3.Connection, row: sqlite3.Row, edited: str | None, text: str, words: str
) -> None:
    db.execute(
        "update segments set heard = coalesce(heard, json_array(text, words)), edited = ?,"
        " text = ?, words = ?, changed_in = (select revision + 1 from transcripts where id = ?)"
        " where transcript_id = ? and window = ? and n = ?",
        (edited, text, words, row["transcript_id"], *_key(row)),
    )


def _key(row: sqlite3.Row) -> tuple[int, int, int]:
    return row["transcript_id"], row["window"], row["n"]


def _row(db: sqlite3.Connection, project_id: str, n: int) -> sqlite3.Row:
    row: sqlite3.Row | None = None
    if n >= 1:
        row = db.execute(
            "select s.*, t.revision, t.first_revision from projects p"
            " join transcripts t on t.id = p.transcript_id"
            " join segments s on s.transcript_id = t.id where p.id = ?"
            " order by s.window, s.n limit 1 offset ?",
            (project_id, n - 1),
        ).fetchone()
    if row is None:
        raise NotFound("There is no such sentence in the transcript.", "Reload the page.")
    return row


def _sentence(row: sqlite3.Row, n: int) -> Sentence:
    return Sentence(
        n=n,
        window=row["window"],
        number=row["n"],
        start_s=row["start_s"],
        end_s=row["end_s"],
        speaker=row["speaker"],
        text=row["text"],
        heard=json.loads(row["heard"])[0] if row["heard"] else row["text"],
        edited=row["edited"] is not None,
        doubtful=row["edited"] is None and DOUBTFUL in row["flags"].split(),
        revision=row["revision"],
        changed_in=max(row["changed_in"], row["first_revision"]),
    )
