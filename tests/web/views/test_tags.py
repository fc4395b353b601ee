"""The list says of a project what its own page says, and what there is to be had."""

import sqlite3
from dataclasses import replace

from draftmill.clock import now
from draftmill.projects.listing import Listed, listed
from draftmill.projects.project import row_of
from draftmill.web.views.tags import summary
from tests.support.job_rows import make_project, with_transcript


def in_the_list(db: sqlite3.Connection, project: str) -> Listed:
    return listed(db, row_of(db, project))


def word(item: Listed) -> str:
    tag = summary(item)
    return tag.word if tag else ""


def test_what_waits_for_memory_was_not_interrupted(db: sqlite3.Connection) -> None:
    project = make_project(db)
    db.execute("update jobs set held_at = ?, run_after = ?", (now(), now(5)))
    assert word(in_the_list(db, project)) == "Waiting for memory"


def test_a_transcription_begun_anew_and_cancelled_hides_nothing(db: sqlite3.Connection) -> None:
    project = make_project(db)
    with_transcript(db, project)
    db.execute("update jobs set status = 'cancelled'")
    item = in_the_list(db, project)
    assert word(item) == "Transcript ready"
    assert word(replace(item, drafts=("blog",))) == "1 draft"


def test_a_first_transcription_that_was_cancelled_is_told(db: sqlite3.Connection) -> None:
    project = make_project(db)
    db.execute("update jobs set status = 'cancelled', completed_at = ?", (now(),))
    assert word(in_the_list(db, project)) == "Cancelled"
