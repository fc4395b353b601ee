"""Speakers as a person wants them: named, merged, given sentences, undone, found again."""

import sqlite3

import pytest

from draftmill.errors import NotFound, Problem
from draftmill.transcripts import edits, speaker_edits, undoing
from draftmill.transcripts.carried_over import carry_over
from draftmill.transcripts.edits import ChangedSince
from draftmill.transcripts.speaker_edits import BadName, NoSentence, StaleSpeakers
from draftmill.transcripts.speakers import speakers_of
from tests.transcripts.test_corrections import project, transcript

HEARD = ["Track 1", "Track 2", "Track 1", "", "Track 3"]


def labelled(db: sqlite3.Connection, transcript_id: int, *labels: str) -> None:
    db.executemany(
        "update segments set speaker = ? where transcript_id = ? and n = ?",
        [(label, transcript_id, n) for n, label in enumerate(labels)],
    )


@pytest.fixture
def heard(db: sqlite3.Connection) -> int:
    """Five sentences of three tracks, of one of which nobody knows who said it."""
    heard = project(db, *(f"Sentence {n}." for n in range(5)))
    labelled(db, heard, *HEARD)
    return heard


def said_by(db: sqlite3.Connection, transcript_id: int) -> list[str]:
    query = "select speaker from segments where transcript_id = ? order by window, n"
    return [row["speaker"] for row in db.execute(query, (transcript_id,))]


def test_speakers_are_numbered_as_they_begin_and_keep_their_numbers(db, heard) -> None:
    found = [(one.n, one.name, one.source, one.sentences) for one in speakers_of(db, heard)]
    assert found == [
        (1, "Track 1", "track", 2),
        (2, "Track 2", "track", 1),
        (0, "", "track", 1),
        (3, "Track 3", "track", 1),
    ]
    speaker_edits.name(db, "p1", 1, "Ada")
    speaker_edits.merge(db, "p1", 1, 2)
    assert [(one.n, one.name) for one in speakers_of(db, heard)] == [
        (1, "Track 2"),
        (0, ""),
        (3, "Track 3"),
    ]


@pytest.mark.parametrize(
    ("verb", "given", "becomes"),
    [
        (speaker_edits.name, (1, " Ada  Byron "), ["Ada Byron", "Track 2", "Ada Byron", *HEARD[3:]]),
        (speaker_edits.name, (0, "Eve"), [*HEARD[:3], "Eve", HEARD[4]]),
        (speaker_edits.merge, (2, 3), ["Track 1", "Track 3", "Track 1", *HEARD[3:]]),
        (speaker_edits.give, ([1, 4], "Track 2"), ["Track 2", "Track 2", "Track 1", "Track 2", "Track 3"]),
        (speaker_edits.give, ([2], "Bob"), ["Track 1", "Bob", *HEARD[2:]]),
    ],
)  # fmt: skip
def test_each_change_is_undone(db, heard, verb, given, becomes) -> None:
    before = speakers_of(db, heard)
    made = verb(db, "p1", *given)
    assert said_by(db, heard) == becomes
    undoing.undo(db, "p1", made.edit_id)
    assert said_by(db, heard) == HEARD
    assert speakers_of(db, heard) == before


@pytest.mark.parametrize(
    ("verb", "given", "refusal"),
    [
        (speaker_edits.name, (1, " . "), BadName),
        (speaker_edits.name, (1, "x" * 81), BadName),
        (speaker_edits.name, (9, "Ada"), NotFound),
        (speaker_edits.name, (1, "Ada", "Somebody"), StaleSpeakers),
        (speaker_edits.merge, (1, 0), NotFound),
        (speaker_edits.merge, (1, 9), NotFound),
        (speaker_edits.give, ([6], "Ada"), NotFound),
        (speaker_edits.give, ([], "Ada"), NoSentence),
        (speaker_edits.give, ([1], "Ada", 77), StaleSpeakers),
        (speaker_edits.give, ([1], "Ada", None, 77), StaleSpeakers),
    ],
)
def test_what_cannot_be_done_is_refused(db, heard, verb, given, refusal) -> None:
    with pytest.raises(Problem) as refused:
        verb(db, "p1", *given)
    assert type(refused.value) is refusal
    assert said_by(db, heard) == HEARD


def test_a_second_press_changes_nothing_and_an_older_change_waits_for_the_later_one(
    db, heard
) -> None:
    first = speaker_edits.name(db, "p1", 1, "Ada", "Track 1")
    assert speaker_edits.name(db, "p1", 1, "Ada", "Track 1").edit_id == first.edit_id
    assert speaker_edits.name(db, "p1", 1, "Ada", "Ada").edit_id is None
    second = speaker_edits.name(db, "p1", 2, "Bob")
    with pytest.raises(ChangedSince):
        undoing.undo(db, "p1", first.edit_id)
    undoing.undo(db, "p1", second.edit_id)
    undoing.undo(db, "p1", first.edit_id)
    assert said_by(db, heard) == HEARD


def test_what_a_person_set_is_found_again_in_the_next_transcript(db, heard) -> None:
    speaker_edits.name(db, "p1", 1, "Ada")
    speaker_edits.merge(db, "p1", 3, 2)
    speaker_edits.give(db, "p1", [2], "Bob")
    speaker_edits.name(db, "p1", 0, "Eve")
    again = transcript(db, *(f"Sentence {n}." for n in range(5)), done=False)
    labelled(db, again, *HEARD)
    db.execute("update segments set start_s = start_s + 0.3 where transcript_id = ?", (again,))
    carry_over(db, heard, again)
    assert said_by(db, again) == ["Ada", "Bob", "Ada", "Eve", "Track 2"]


def test_who_looks_at_the_changes_is_not_handed_each_sentence_of_a_speaker(db, heard) -> None:
    made = speaker_edits.name(db, "p1", 1, "Ada")
    (kept,) = edits.edits_of(db, "p1")
    was = {"act": "named", "name": "Track 1", "sentences": 2}
    assert (kept.was, kept.became) == (was, {"n": 1, "name": "Ada"})
    undone = undoing.undo(db, "p1", made.edit_id)
    assert edits.told(undone.was) == was
