"""A project with a transcript, as rows in a house without workers."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from draftmill.clock import now
from draftmill.database.connection import connect, transaction
from draftmill.transcripts.kept_edits import keep_edits
from draftmill.transcripts.segments import Segment, Word, add_segments
from tests.support.still_house import StillHouse

SAID = (
    "Welcome to a talk about Cooper Netties.",
    "Cooper Netties is fast, and we like it.",
    "Nobody asked what cooper netties costs.",
    "So we measured it for a whole week.",
)
SENTENCE_S = 6.0


def segment(text: str, n: int) -> Segment:
    words = text.split()
    each, start = SENTENCE_S / (len(words) + 1), n * SENTENCE_S
    said = tuple(
        Word(round(start + i * each, 3), round(start + (i + 1) * each, 3), word)
        for i, word in enumerate(words)
    )
    return Segment(said[0].start_s, said[-1].end_s, text, said)


def transcribed(
    house: StillHouse, project: str, said: Sequence[str] = SAID, context: str = ""
) -> str:
    """A new project of user 1 in which this was said; returns its address."""
    with closing(connect(house.settings.database)) as db, transaction(db):
        db.execute(
            "insert into projects (id, user_id, title, context, source, sha256, created_at)"
            " values (?, 1, 'A talk', ?, 'transcript', ?, ?)",
            (project, context, project, now()),
        )
        _transcript(db, project, said)
    return f"/projects/{project}"


def transcribed_again(house: StillHouse, project: str, said: Sequence[str]) -> None:
    """The same recording was heard otherwise; what people wrote before is carried over."""
    with closing(connect(house.settings.database)) as db, transaction(db):
        (before,) = db.execute(
            "select transcript_id from projects where id = ?", (project,)
        ).fetchone()
        keep_edits(db, project, before, _transcript(db, project, said))


def _transcript(db: sqlite3.Connection, project: str, said: Sequence[str]) -> int:
    (transcript,) = db.execute(
        "insert into transcripts (project_id, params_hash, model, created_at, completed_at)"
        " values (?, '', '', ?, ?) returning id",
        (project, now(), now()),
    ).fetchone()
    add_segments(db, transcript, 0, [segment(text, n) for n, text in enumerate(said)])
    db.execute("update projects set transcript_id = ? where id = ?", (transcript, project))
    return int(transcript)


def texts(house: StillHouse, project: str) -> list[str]:
    """What the transcript of a project says now."""
    with closing(connect(house.settings.database)) as db:
        rows = db.execute(
            "select s.text from segments s join projects p on p.transcript_id = s.transcript_id"
            " where p.id = ? order by s.window, s.n",
            (project,),
        )
        return [row["text"] for row in rows]
