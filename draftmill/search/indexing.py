"""What was there before the index of the search: added later, a transcript or some drafts at a time."""

import sqlite3

from draftmill.database.connection import transaction
from draftmill.database.search_schema import FIRST, NUMBER, SHOWN, TRANSCRIPT_BITS

DRAFTS_AT_ONCE = 20


def transcripts_to_add(db: sqlite3.Connection) -> list[int]:
    """The transcripts that are in no index yet, the newest first."""
    rows = db.execute(
        "select id from transcripts where id not in (select transcript_id from search_places)"
        " order by id desc"
    )
    return [row[0] for row in rows]


def add_transcript(db: sqlite3.Connection, transcript_id: int) -> bool:
    """Index a transcript, unless it is gone or indexed by now."""
    with transaction(db):
        added = db.execute(
            f"insert or ignore into search_places select t.id, {FIRST} + (t.id << {TRANSCRIPT_BITS})"
            " from transcripts t join projects p on p.id = t.project_id where t.id = ?",
            (transcript_id,),
        )
        if added.rowcount:
            db.execute(
                f"insert into sentences_fts (rowid, text) select {NUMBER.format(row='s')}, search_text(s.text)"
                " from segments s join search_places using (transcript_id)"
                " where s.transcript_id = ?",
                (transcript_id,),
            )
    return added.rowcount > 0


def add_drafts(db: sqlite3.Connection) -> int:
    """Index some drafts that are in no index yet. Returns how many."""
    with transaction(db):
        rows = db.execute(
            "select version_id from drafts d where version_id is not null and not exists"
            " (select 1 from draft_texts t where t.project_id = d.project_id and t.type = d.type)"
            " limit ?",
            (DRAFTS_AT_ONCE,),
        ).fetchall()
        db.executemany(SHOWN.format(version="?"), [(row["version_id"],) for row in rows])
    return len(rows)
