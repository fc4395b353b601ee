"""Whether a draft was written from another transcript than a project has now."""

import json
import sqlite3
from dataclasses import asdict

from draftmill.drafts.versions import Version
from draftmill.drafts.wording import misheard_in
from draftmill.transcripts.corrected_text import Sought
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.corrections import CORRECTION


def is_from_earlier_transcript(db: sqlite3.Connection, shown: Version) -> bool:
    """Whether the transcript was made anew or changed by a person since a text was written from it.

    A correction makes no difference where the text has nothing that it would correct: it was
    corrected too, or never had that name.
    """
    row = db.execute(WRITTEN, (shown.project_id, shown.type, shown.n)).fetchone()
    if row is None or row["anew"]:
        return row is not None
    changes = db.execute(CHANGES, (row["transcript_id"], row["at"])).fetchall()
    made = [json.loads(change["corrections"] or "[]") for change in changes]
    if not all(made):
        return True
    facts = [one for each in made for one in each]
    corrections = [one for one in of_project(db, shown.project_id) if asdict(one) in facts]
    return bool(corrections and misheard_in(shown, Sought(corrections)))


WRITTEN = """
select max(v.created_at) as at, max(v.created_at) < t.completed_at as anew, t.id as transcript_id
from projects p join transcripts t on t.id = p.transcript_id
join draft_versions v on v.project_id = p.id and v.type = ?2 and v.author = 'writer' and v.n <= ?3
where p.id = ?1 having count(*) > 0
"""
# Those that count, with the corrections that were made. What was changed and undone again, both before
# or both after, makes no difference.
CHANGES = f"""
select case when kind = '{CORRECTION}' and at > ?2 then json_extract(became, '$.corrections') end as corrections
from transcript_changes where transcript_id = ?1
and (at > ?2) != (undone_at is not null and undone_at > ?2)
and coalesce(json_extract(became, '$.places'), 1) > 0
"""
