"""Voices written into a transcript, told again and again: what a person set, and what is undone."""

import sqlite3
from collections.abc import Sequence

import pytest

from draftmill.database.connection import transaction
from draftmill.drafts import earlier, versions
from draftmill.projects.project import row_of
from draftmill.transcripts import by_voice, speaker_edits, undoing
from draftmill.transcripts.edits import edits_of
from draftmill.transcripts.recut_at_turns import Part
from draftmill.transcripts.segments import add_segments
from tests.transcripts.test_corrections import project, sentence

ONE, OTHER, THIRD = "Speaker 1", "Speaker 2", "Speaker 3"


@pytest.fixture
def heard(db: sqlite3.Connection) -> int:
    """Three sentences of four words; the transcript's id."""
    return project(db, *(f"This is sentence {n}." for n in range(3)))


def told(db: sqlite3.Connection, *who: int | Sequence[Part], alone: bool = True) -> list[str]:
    """Who says each sentence after a computation: a voice, or parts; the fourth is in window 1."""
    parts = {
        divmod(n, 3): [Part(4, one)] if isinstance(one, int) else one for n, one in enumerate(who)
    }
    found = row_of(db, "p1")
    with transaction(db):
        by_voice.write(db, found, found["transcript_id"], parts, alone=alone)
    return said_by(db)


def said_by(db: sqlite3.Connection) -> list[str]:
    query = "select speaker from segments order by transcript_id, window, n"
    return [row["speaker"] for row in db.execute(query)]


def test_a_name_is_taken_back_in_both_pieces_of_a_sentence_that_was_cut_since(db, heard) -> None:
    assert told(db, 0, 0, 1) == [ONE, ONE, OTHER]
    named = speaker_edits.name(db, "p1", 1, "Anna")
    cut = told(db, 0, [Part(2, 0), Part(2, 2)], 1)
    assert cut == ["Anna", "Anna", THIRD, OTHER]
    undoing.undo(db, "p1", edits_of(db, "p1")[0].id)
    assert said_by(db) == ["Anna", "Anna", "Anna", OTHER]
    undoing.undo(db, "p1", named.edit_id)
    assert said_by(db) == [ONE, ONE, ONE, OTHER]


def test_a_sentence_that_a_person_gave_stays_though_a_computation_agreed_once(db, heard) -> None:
    add_segments(db, heard, 1, [sentence("More is said here by the second voice.", 100.0)])
    told(db, 0, 0, 1, 1)
    speaker_edits.give(db, "p1", [2], OTHER)
    for voice in (1, 0, 1, 0):
        assert told(db, 0, voice, 1, 1) == [ONE, OTHER, OTHER, OTHER]
    speaker_edits.name(db, "p1", 2, "Bob")
    for voice in (1, 0):
        assert told(db, 0, voice, 1, 1) == [ONE, "Bob", "Bob", "Bob"]


def test_voices_told_alone_make_drafts_older_and_are_undone(db, heard) -> None:
    with transaction(db):
        text = versions.Text("Title", "A text.", {})
        shown = versions.insert(db, "p1", "blog", text, author="writer")
    db.execute("update draft_versions set created_at = ?", ("2020",))
    db.execute("update transcripts set completed_at = ?", ("2019",))
    assert told(db, 0, 0, 0) == [""] * 3
    assert not edits_of(db, "p1")
    written = versions.one(db, "v.id = ?", (shown.id,))
    assert written
    assert not earlier.is_from_earlier_transcript(db, written)
    told(db, 0, 0, 1)
    assert earlier.is_from_earlier_transcript(db, written)
    undoing.undo(db, "p1", edits_of(db, "p1")[0].id)
    assert said_by(db) == [""] * 3


def test_voices_of_a_new_transcript_are_no_change(db, heard) -> None:
    assert told(db, 0, 0, 1, alone=False) == [ONE, ONE, OTHER]
    assert not edits_of(db, "p1")


def test_whoever_edits_by_number_is_told_of_a_cut_from_its_window_on(db, heard) -> None:
    for window in (1, 2):
        add_segments(db, heard, window, [sentence("A later sentence here.", 100.0 * window)])
    parts = {(1, 0): [Part(2, 0), Part(2, 1)], (2, 0): [Part(2, 0), Part(2, 1)]}
    found = row_of(db, "p1")
    with transaction(db):
        assert by_voice.write(db, found, heard, parts, alone=True) == 2
    query = "select window, max(changed_in), min(changed_in) from segments group by window"
    (revision,) = db.execute("select revision from transcripts").fetchone()
    assert [tuple(row) for row in db.execute(query)] == [
        (0, 0, 0),
        (1, revision, revision),
        (2, revision, revision),
    ]
