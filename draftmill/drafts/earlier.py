"""Whether a draft was written from another transcript than a project has now."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict

from draftmill.drafts.versions import Version
from draftmill.drafts.wording import misheard_in
from draftmill.transcripts.corrected_text import Correction, Sought, corrected
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.corrections import CORRECTION
from draftmill.transcripts.sentence_edits import SENTENCE


def is_from_earlier_transcript(db: sqlite3.Connection, shown: Version) -> bool:
    """Whether the transcript was made anew or changed by a person since a text was written from it.

    A corrected name makes no difference where the text does not have it as it was misheard: it was
    corrected too, or never had it.
    """
    row = db.execute(WRITTEN, (shown.project_id, shown.type, shown.n)).fetchone()
    if row is None or row["anew"]:
        return row is not None
    changes = db.execute(CHANGES, (row["transcript_id"], row["at"])).fetchall()
    known = of_project(db, shown.project_id) if changes else []
    made: list[Correction] = []
    for change in changes:
        corrections = _corrections(change, known)
        if corrections is None:
            return True
        made += corrections
    return bool(made and misheard_in(shown, Sought(made)))


def _corrections(change: sqlite3.Row, known: Sequence[Correction]) -> list[Correction] | None:
    """The corrections of today that a change is made of; None where it is something else."""
    if change["kind"] == CORRECTION and change["later"]:
        facts = json.loads(change["corrections"])
        return [one for one in known if asdict(one) in facts] if facts else None
    if change["kind"] == SENTENCE and change["later"]:
        was, became = (corrected(change[name], known)[0] for name in ("was", "became"))
        return (
            [one for one in known if corrected(change["was"], [one])[1]] if was == became else None
        )
    return None


WRITTEN = """
select max(v.created_at) as at, max(v.created_at) < t.completed_at as anew, t.id as transcript_id
from projects p join transcripts t on t.id = p.transcript_id
join draft_versions v on v.project_id = p.id and v.type = ?2 and v.author = 'writer' and v.n <= ?3
where p.id = ?1 having count(*) > 0
"""
# What was changed and undone again, both before or both after, makes no difference.
CHANGES = """
select kind, at > ?2 as later, json_extract(became, '$.corrections') as corrections,
json_extract(was, '$.text') as was, json_extract(became, '$.text') as became
from transcript_changes where transcript_id = ?1
and (at > ?2) != (undone_at is not null and undone_at > ?2)
and coalesce(json_extract(became, '$.places'), 1) > 0
"""
