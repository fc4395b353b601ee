"""A draft tells when it goes back to an earlier transcript than the present one."""

import sqlite3

from draftmill.clock import now
from draftmill.drafts import editing
from tests.support.draft_rows import P, T, generate, save, shown


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
