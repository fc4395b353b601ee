"""Chapters as a person wants them: each change can be undone, and none is lost or done twice."""

import sqlite3

import pytest

from draftmill.errors import NotFound, Problem
from draftmill.transcripts import chapter_edits, correction_plans, corrections, undoing
from draftmill.transcripts.carried_over import carry_over, matched
from draftmill.transcripts.chapter_edits import BadChapter, NoPlace, StaleChapters
from draftmill.transcripts.chapters import Chapter, are_a_persons, chapters_of, tag_of
from draftmill.transcripts.edits import ChangedSince
from tests.transcripts.test_corrections import project, transcript

TITLES = ["One", "Two", "Three"]


@pytest.fixture
def heard(db: sqlite3.Connection) -> int:
    """Nine sentences, one every ten seconds, in three chapters; the transcript's id."""
    heard = project(db, *(f"Sentence {n}." for n in range(9)))
    db.executemany(
        "insert into chapters (transcript_id, n, start_s, end_s, title) values (?, ?, ?, ?, ?)",
        [(heard, n + 1, 30.0 * n, 30.0 * n + 30, title) for n, title in enumerate(TITLES)],
    )
    return heard


def told(db: sqlite3.Connection, transcript_id: int) -> list[tuple[str, float]]:
    found = chapters_of(db, transcript_id)
    assert [chapter.n for chapter in found] == list(range(1, len(found) + 1))
    assert [c.end_s for c in found[:-1]] == [c.start_s for c in found[1:]]
    return [(chapter.title, chapter.start_s) for chapter in found]


BEFORE = [("One", 0.0), ("Two", 30.0), ("Three", 60.0)]


@pytest.mark.parametrize(
    ("verb", "given", "becomes"),
    [
        (chapter_edits.rename, (2, "  The  middle "), [BEFORE[0], ("The middle", 30.0), BEFORE[2]]),
        (chapter_edits.move, (2, 3), [BEFORE[0], ("Two", 20.0), BEFORE[2]]),
        (chapter_edits.merge, (2,), BEFORE[:2]),
        (chapter_edits.split, (1, 2, "New"), [BEFORE[0], ("New", 10.0), *BEFORE[1:]]),
        (chapter_edits.delete, (2,), [BEFORE[0], BEFORE[2]]),
        (chapter_edits.delete, (1,), [("Two", 0.0), BEFORE[2]]),
    ],
)
def test_each_change_is_undone_and_a_second_press_changes_nothing(
    db, heard, verb, given, becomes
) -> None:
    base = tag_of(chapters_of(db, heard))
    made = verb(db, "p1", *given, based_on=base)
    assert told(db, heard) == becomes
    assert are_a_persons(db, heard)
    assert verb(db, "p1", *given, based_on=base).edit_id == made.edit_id
    undoing.undo(db, "p1", made.edit_id)
    assert told(db, heard) == BEFORE
    assert not are_a_persons(db, heard)


@pytest.mark.parametrize(
    ("verb", "given"), [(chapter_edits.move, (2, 3)), (chapter_edits.split, (1, 2, "New"))]
)
def test_a_sentence_among_others_than_were_read_is_refused(db, heard, verb, given) -> None:
    with pytest.raises(StaleChapters, match="Sentences"):
        verb(db, "p1", *given, of=8)
    assert told(db, heard) == BEFORE
    assert verb(db, "p1", *given, of=9).edit_id


@pytest.mark.parametrize(
    ("verb", "given", "refusal"),
    [
        (chapter_edits.rename, (2, " \u200b "), BadChapter),
        (chapter_edits.rename, (2, "x" * 201), BadChapter),
        (chapter_edits.rename, (4, "x"), NotFound),
        (chapter_edits.move, (2, 1), NoPlace),
        (chapter_edits.move, (1, 2), NoPlace),
        (chapter_edits.move, (2, 99), NotFound),
        (chapter_edits.merge, (3,), NotFound),
        (chapter_edits.split, (1, 4, "x"), NoPlace),
        (chapter_edits.delete, (0,), NotFound),
    ],
)
def test_what_cannot_be_done_is_refused(db, heard, verb, given, refusal) -> None:
    with pytest.raises(Problem) as refused:
        verb(db, "p1", *given)
    assert type(refused.value) is refusal
    assert told(db, heard) == BEFORE


def test_what_was_changed_elsewhere_is_not_overwritten(db, heard) -> None:
    base = tag_of(chapters_of(db, heard))
    first = chapter_edits.rename(db, "p1", 2, "Mine", base)
    with pytest.raises(StaleChapters):
        chapter_edits.rename(db, "p1", 2, "Another", base)
    chapter_edits.delete(db, "p1", 3)
    with pytest.raises(ChangedSince):
        undoing.undo(db, "p1", first.edit_id)


def test_a_persons_chapters_are_found_again_in_the_next_transcript(db, heard) -> None:
    again = transcript(db, *(f"Sentence {n}." for n in range(7)), done=False)
    db.execute("update segments set start_s = start_s * 1.3 + 1 where transcript_id = ?", (again,))
    carry_over(db, heard, again)
    assert told(db, again) == []
    chapter_edits.rename(db, "p1", 2, "The middle")
    carry_over(db, heard, again)
    assert told(db, again) == [("One", 1.0), ("The middle", 27.0), ("Three", 66.0)]
    assert are_a_persons(db, again)


def test_who_removed_all_chapters_has_none_in_the_next_transcript(db, heard) -> None:
    for _ in TITLES:
        gone = chapter_edits.delete(db, "p1", 1)
    assert are_a_persons(db, heard)
    again = transcript(db, *(f"Sentence {n}." for n in range(7)), done=False)
    carry_over(db, heard, again)
    assert told(db, again) == []
    assert are_a_persons(db, again)
    undoing.undo(db, "p1", gone.edit_id)
    assert told(db, heard) == [("Three", 0.0)]


def test_a_first_chapter_is_made_where_there_is_none_and_split(db, heard) -> None:
    with pytest.raises(NoPlace):
        chapter_edits.begin(db, "p1", "All")
    for _ in TITLES:
        chapter_edits.delete(db, "p1", 1)
    base = tag_of([])
    made = chapter_edits.begin(db, "p1", "All", base)
    assert chapter_edits.begin(db, "p1", "All", base).edit_id == made.edit_id
    assert told(db, heard) == [("All", 0.0)]
    chapter_edits.split(db, "p1", 1, 4, "The rest")
    assert told(db, heard) == [("All", 0.0), ("The rest", 30.0)]


def test_chapters_that_come_to_start_together_are_one() -> None:
    found = [Chapter(1, 0, 10, "One"), Chapter(2, 10, 12, "Two"), Chapter(3, 12, 90, "Three")]
    kept = matched(found, [0.0, 11.5], 60.0)
    assert [(one.n, one.title, one.start_s, one.end_s) for one in kept] == [
        (1, "One", 0.0, 11.5),
        (2, "Three", 11.5, 90),
    ]


def test_undo_brings_the_title_back_with_the_corrections_that_stand(db, heard) -> None:
    db.execute("update chapters set title = 'Why draft mill' where n = 2")
    renamed = chapter_edits.rename(db, "p1", 1, "About draft mill")
    gone = chapter_edits.merge(db, "p1", 1)
    made = corrections.add(db, "p1", "draft mill", "Draftmill")
    assert [title for title, _ in told(db, heard)] == ["About Draftmill", "Three"]
    undoing.undo(db, "p1", gone.edit_id)
    assert [title for title, _ in told(db, heard)] == ["About Draftmill", "Why Draftmill", "Three"]
    undoing.undo(db, "p1", renamed.edit_id)
    assert [title for title, _ in told(db, heard)] == ["One", "Why Draftmill", "Three"]
    undoing.undo(db, "p1", made.edit_id)  # what was heard is known after all of that
    assert [title for title, _ in told(db, heard)] == ["One", "Why draft mill", "Three"]


def test_undo_does_not_bring_back_a_correction_that_was_removed(db, heard) -> None:
    db.execute("update chapters set title = 'Why draft mill' where n = 2")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    gone = chapter_edits.delete(db, "p1", 2)
    (one,) = correction_plans.of_project(db, "p1")
    corrections.remove(db, "p1", one.id)
    undoing.undo(db, "p1", gone.edit_id)
    assert [title for title, _ in told(db, heard)] == ["One", "Why draft mill", "Three"]


def test_a_title_that_was_written_after_a_correction_keeps_its_words(db, heard) -> None:
    corrections.add(db, "p1", "draft mill", "Draftmill")
    chapter_edits.rename(db, "p1", 2, "Not draft mill")
    gone = chapter_edits.delete(db, "p1", 3)
    undoing.undo(db, "p1", gone.edit_id)
    assert [title for title, _ in told(db, heard)] == ["One", "Not draft mill", "Three"]
