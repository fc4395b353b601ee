"""Where voices can be told apart, a form asks how many people speak; nowhere else."""

import sqlite3

from draftmill.projects.project import row_of
from draftmill.web.views.voices import voices_of
from tests.transcripts.test_corrections import project


def test_the_form_is_not_offered_where_something_else_told_who_speaks(
    db: sqlite3.Connection,
) -> None:
    heard = project(db, "Good morning.", "Hello.")
    db.execute("update projects set file = 'recording.mp4'")
    assert voices_of(db, row_of(db, "p1"), None)
    db.execute("update segments set speaker = 'Track 1' where transcript_id = ?", (heard,))
    assert voices_of(db, row_of(db, "p1"), None) is None
