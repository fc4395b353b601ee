"""The language in which a draft was written."""

import sqlite3

from draftmill.drafts.versions import Version
from draftmill.jobs.engines import WITHOUT_MODEL


def language_of(db: sqlite3.Connection, draft: Version) -> str:
    """Its code, as far as that is known: a chosen one where a model wrote, else the recording's."""
    row = db.execute(
        "select coalesce(nullif(t.language, ''), p.language) as spoken,"
        " coalesce(nullif(p.draft_language, ''), chosen.code) as chosen,"
        " (select model from draft_versions where project_id = p.id and type = ?2 and n <= ?3"
        " and author = 'writer' order by n desc limit 1) as model"
        " from projects p left join transcripts t on t.id = p.transcript_id"
        " left join draft_languages chosen on chosen.user_id = p.user_id where p.id = ?1",
        (draft.project_id, draft.type, draft.n),
    ).fetchone()
    if row is None:
        return ""
    modelled = row["model"] not in (None, "", WITHOUT_MODEL)
    return str((modelled and row["chosen"]) or row["spoken"])
