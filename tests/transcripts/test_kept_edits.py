"""What a person wrote, in a transcript that was made anew."""

import json
import sqlite3

import pytest

from draftmill.transcripts import corrections, left_edits, undoing
from draftmill.transcripts.edits import ChangedSince
from draftmill.transcripts.kept_edits import Kept, keep_edits
from draftmill.transcripts.segments import Segment, add_segments, segments_of
from draftmill.transcripts.sentence_edits import save
from tests.transcripts.test_corrections import project, said, sentence, transcript

HEARD = ("We use draft mill every day.", "Nobody asked.", "That is all for today, folks.")
WRITTEN = "We use Draftmill every single day."


@pytest.mark.parametrize(
    ("again", "now"),
    [
        (HEARD[0], WRITTEN),
        ("We used draft meal every day.", WRITTEN),  # nearly the same
        ("We use Draftmill every single day", WRITTEN),  # better heard than before
        ("Something else was said here.", "Something else was said here."),
        ("Every day.", "Every day."),
    ],
)
def test_an_edited_sentence_stays_where_it_is_still_said(db, again, now):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, WRITTEN)
    later = transcript(db, again, *HEARD[1:], done=False)
    assert keep_edits(db, "p1", earlier, later) == Kept(now == WRITTEN, now != WRITTEN)
    assert said(db, later) == [now, *HEARD[1:]]
    first, second, _ = segments_of(db, later)
    assert first.heard == (again if now == WRITTEN else None)
    assert second.heard is None


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("我们使用派森数据库", "我们使用 Python 数据库"),
        ("今天 我们讨论 数据库", "今天我们讨论数据库"),
    ],
)
def test_where_a_person_put_spaces_is_theirs(db, heard, written):
    earlier = project(db, heard)
    save(db, "p1", 1, written)
    later = transcript(db, heard, done=False)
    assert keep_edits(db, "p1", earlier, later) == Kept(1, 0)
    assert [one.text for one in segments_of(db, later)] == [written]


def test_the_same_words_at_another_time_are_another_sentence(db):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, WRITTEN)
    later = transcript(db, *HEARD[1:], HEARD[0], done=False)
    assert keep_edits(db, "p1", earlier, later) == Kept(0, 1)
    assert said(db, later) == [*HEARD[1:], HEARD[0]]


def test_what_was_corrected_after_the_edit_is_corrected_there_too(db):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, "We use draft mill, all of us, every day.")
    corrections.add(db, "p1", "draft mill", "Draftmill")
    later = transcript(db, *HEARD, done=False)
    keep_edits(db, "p1", earlier, later)
    assert said(db, later)[0] == "We use Draftmill, all of us, every day."


def test_without_edits_nothing_is_looked_at(db):
    earlier = project(db, *HEARD)
    later = transcript(db, *HEARD, done=False)
    assert keep_edits(db, "p1", earlier, later) == Kept(0, 0)


TALK = (
    "We use draft mill every day, and Cooper Netties is fast.",
    "Nobody asked.",
    "That is all for today, folks.",
)
EDITED = "We use Draftmill every day, and Kubernetes is really fast."


def again(db: sqlite3.Connection, *cut: tuple[int, ...]) -> int:
    """TALK as another recogniser cuts it: each of `cut` the numbers of its words in all of them."""
    words = [word for n, text in enumerate(TALK) for word in sentence(text, n * 10.0).words]
    parts = [[words[n] for n in range(*one)] for one in cut]
    later = transcript(db, done=False)
    found = [
        Segment(part[0].start_s, part[-1].end_s, " ".join(one.text for one in part), tuple(part))
        for part in parts
    ]
    add_segments(db, later, 0, found)
    return later


def test_an_edit_goes_into_both_halves_of_a_sentence_that_is_cut_in_two(db):
    earlier = project(db, *TALK)
    save(db, "p1", 1, EDITED)
    later = again(db, (0, 6), (6, 11), (11, 13), (13, 19))
    assert keep_edits(db, "p1", earlier, later) == Kept(1, 0)
    assert said(db, later) == [
        "We use Draftmill every day,",
        "and Kubernetes is really fast.",
        *TALK[1:],
    ]
    assert [one.heard is not None for one in segments_of(db, later)] == [True, True, False, False]


def test_edits_stay_in_a_sentence_that_is_joined_with_its_neighbours(db):
    earlier = project(db, *TALK)
    save(db, "p1", 1, EDITED)
    save(db, "p1", 2, "Nobody even asked.")
    later = again(db, (0, 6), (6, 19))
    assert keep_edits(db, "p1", earlier, later) == Kept(2, 0)
    assert said(db, later) == [
        "We use Draftmill every day,",
        "and Kubernetes is really fast. Nobody even asked. That is all for today, folks.",
    ]


def test_a_word_at_the_edge_that_is_heard_otherwise_now_is_not_there_twice(db):
    earlier = project(db, "Cooper netties is fast, and we like it.", "Nobody asked.")
    save(db, "p1", 1, "Kubernetes is fast, and we like it.")
    later = again(db, (0, 5))
    words = sentence("Coober Netties is fast, and we like it. Nobody asked.").words
    db.execute(
        "update segments set text = ?, words = ?, end_s = 10 where transcript_id = ?",
        (" ".join(word.text for word in words), json.dumps(words), later),
    )
    assert keep_edits(db, "p1", earlier, later) == Kept(1, 0)
    assert said(db, later) == ["Kubernetes is fast, and we like it. Nobody asked."]


def test_what_has_no_place_waits_and_comes_back_with_the_transcript_that_has_one(db):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, WRITTEN)
    other = transcript(db, "Something else was said here.", *HEARD[1:])
    keep_edits(db, "p1", earlier, other)
    (left,) = left_edits.left_of(db, "p1")
    assert (left.heard, left.written) == (HEARD[0], WRITTEN)
    assert left.sentences == ((1, "Something else was said here."),)
    later = transcript(db, *HEARD, done=False)
    assert keep_edits(db, "p1", other, later) == Kept(1, 0)
    assert said(db, later) == [WRITTEN, *HEARD[1:]]
    assert left_edits.left_of(db, "p1") == []


def test_an_edit_that_was_put_somewhere_waits_again_once_that_is_undone(db):
    earlier = project(db, *HEARD)
    save(db, "p1", 1, WRITTEN)
    other = transcript(db, "Something else was said here.", *HEARD[1:])
    keep_edits(db, "p1", earlier, other)
    (left,) = left_edits.left_of(db, "p1")
    made = left_edits.apply(db, "p1", left.id, 1)
    assert said(db, other)[0] == WRITTEN
    assert left_edits.count(db, "p1") == 0
    assert left_edits.apply(db, "p1", left.id, 1).edit_id is None
    with pytest.raises(left_edits.Gone):  # from a page that is open still
        left_edits.apply(db, "p1", left.id, 2)
    assert said(db, other) == [WRITTEN, *HEARD[1:]]
    undoing.undo(db, "p1", made.edit_id)
    assert left_edits.count(db, "p1") == 1


def test_an_edit_of_an_earlier_transcript_is_not_undone_behind_the_back_of_the_later_one(db):
    earlier = project(db, *HEARD)
    made = save(db, "p1", 1, WRITTEN)
    later = transcript(db, *HEARD)
    keep_edits(db, "p1", earlier, later)
    with pytest.raises(ChangedSince):
        undoing.undo(db, "p1", made.edit_id)
    assert said(db, later)[0] == WRITTEN
