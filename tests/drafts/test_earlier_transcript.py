"""A draft tells when it goes back to an earlier transcript than the present one."""

import sqlite3

from draftmill.clock import now
from draftmill.drafts import correcting, editing
from draftmill.transcripts import corrections, sentence_edits
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.segments import Segment, add_segments
from tests.support.draft_rows import MARA, P, T, generate, save, shown


def transcribed(db: sqlite3.Connection, after_s: float) -> None:
    row = db.execute(
        "insert into transcripts (project_id, params_hash, model, created_at, completed_at)"
        " values (?, ?, '', '', ?) returning id",
        (P, str(after_s), now(after_s)),
    ).fetchone()
    db.execute("update projects set transcript_id = ? where id = ?", (row["id"], P))


def is_earlier(db: sqlite3.Connection) -> bool:
    described = editing.describe(db, P, T)
    assert described
    return described.earlier_transcript


def test_a_draft_of_the_present_transcript_is_up_to_date(db: sqlite3.Connection) -> None:
    transcribed(db, after_s=-60)
    generate(db, "one", "Text.")
    assert not is_earlier(db)


def test_a_draft_and_its_edits_are_of_an_earlier_transcript_until_written_again(
    db: sqlite3.Connection,
) -> None:
    transcribed(db, after_s=-60)
    generate(db, "one", "Text.")
    transcribed(db, after_s=60)
    assert is_earlier(db)
    save(db, "Mine.", shown(db).tag)
    assert is_earlier(db)
    db.execute("update transcripts set completed_at = ?", (now(-60),))
    generate(db, "two", "Newer.")
    assert editing.describe(db, P, T).offered


def edited(db: sqlite3.Connection, after_s: float, became: str = "{}") -> None:
    db.execute(
        "insert into transcript_changes (project_id, transcript_id, revision, kind, was, became, at)"
        " select ?, transcript_id, 1, 'speakers', '{}', ?, ? from projects where id = ?",
        (P, became, now(after_s), P),
    )


def test_a_draft_is_of_an_earlier_transcript_once_a_sentence_was_edited_and_until_that_is_undone(
    db: sqlite3.Connection,
) -> None:
    transcribed(db, after_s=-60)
    edited(db, after_s=-30)
    generate(db, "one", "Text.")
    assert not is_earlier(db)
    edited(db, after_s=30, became='{"places": 0}')  # a correction that changed nothing
    assert not is_earlier(db)
    edited(db, after_s=30)
    assert is_earlier(db)
    db.execute("update transcript_changes set undone_at = ? where id = 3", (now(40),))
    assert not is_earlier(db)
    db.execute("update transcript_changes set undone_at = ? where id = 1", (now(40),))
    assert is_earlier(db)  # it was written with the edit that is undone by now


def test_a_corrected_name_makes_only_those_drafts_earlier_that_have_it_as_it_was_misheard(
    db: sqlite3.Connection,
) -> None:
    transcribed(db, after_s=-60)
    add_segments(db, 1, 0, [Segment(0.0, 1.0, "We use draft mill.")])
    generate(db, "one", "We use draft mill.")
    db.execute("update draft_versions set created_at = ?", (now(-30),))
    corrections.add(db, P, "draft mill", "Draftmill")
    assert is_earlier(db)
    (one,) = of_project(db, P)
    applied = correcting.apply_to_drafts(db, P, MARA, one.id)
    assert not is_earlier(db)
    correcting.take_back(db, P, MARA, applied)
    assert is_earlier(db)
    correcting.apply_to_drafts(db, P, MARA, one.id)
    corrections.add(db, P, "draft mill", "DraftMill")  # in place of the first
    assert is_earlier(db)
    (other,) = (one for one in of_project(db, P) if one.heard == "draft mill")
    correcting.apply_to_drafts(db, P, MARA, other.id)
    assert not is_earlier(db)
    corrections.remove(db, P, other.id)  # the transcript has what was heard again
    assert is_earlier(db)


def test_a_sentence_in_which_only_that_name_was_put_right_makes_no_more_difference_than_its_correction(
    db: sqlite3.Connection,
) -> None:
    transcribed(db, after_s=-60)
    add_segments(db, 1, 0, [Segment(0.0, 1.0, "We use draft mill."), Segment(1.0, 2.0, "Well.")])
    generate(db, "one", "We use draft mill.")
    db.execute("update draft_versions set created_at = ?", (now(-30),))
    sentence_edits.save(db, P, 1, "We use Draftmill.")
    corrections.add(db, P, "draft mill", "Draftmill")
    assert is_earlier(db)
    correcting.apply_to_drafts(db, P, MARA, of_project(db, P)[0].id)
    assert not is_earlier(db)
    sentence_edits.save(db, P, 2, "Very well.")
    assert is_earlier(db)
