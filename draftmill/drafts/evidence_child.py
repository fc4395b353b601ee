"""The verb `check`: a child holds a text that a person changed to its recording.

What checks loads numbers and vectors, and a text may be made to take long: none of it in the server.
"""

import json
import sqlite3
import sys
from contextlib import closing

from draftmill.content_types import rows as content_types
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.drafts.evidence import LIMITS, body_of
from draftmill.drafts.versions import one
from draftmill.evidence import records
from draftmill.evidence.drafts import check_draft
from draftmill.evidence.edits import after_edit
from draftmill.evidence.recording import Recording, remarks_of
from draftmill.processes import children
from draftmill.projects.project import row_of
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import DOUBTFUL, NO_WORDS, is_timed, segments_of


def main_check(settings: Settings, version_id: int) -> int:
    """Print the evidence of a version as JSON. Returns the exit code: 1 when it is gone."""
    children.die_with_parent()
    LIMITS.set()
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        content_types.load(db)
        shown = one(db, "v.id = ?", (version_id,))
        if shown is None:
            return 1
        before = records.blocks_in(shown.evidence)
        shots = screenshots_of(db, shown.project_id)
        if shown.author == "writer":  # from before anything was checked
            found = check_draft(_recording(db, shown.project_id), body_of(shown), shots)
        else:
            found = after_edit(
                lambda: _recording(db, shown.project_id), before, body_of(shown), shots
            )
    sys.stdout.write(json.dumps(records.stored(found)) + "\n")
    sys.stdout.flush()
    return 0


def _recording(db: sqlite3.Connection, project_id: str) -> Recording:
    """What was said, with what its owner wrote; without the times of words, which take long."""
    project = row_of(db, project_id)
    transcript_id = project["transcript_id"]
    if transcript_id is None:
        return Recording(())
    said = segments_of(db, transcript_id, NO_WORDS)
    title = project["title"] if project["title_by"] == "person" else ""
    return Recording(
        segments=tuple(segment for segment in said if DOUBTFUL not in segment.flags),
        remarks=remarks_of(title, project["context"]),
        chapters=tuple(chapters_of(db, transcript_id)),
        language=_language(db, transcript_id) or project["language"] or "",
        timed=is_timed(db, transcript_id),
        duration_s=project["duration_s"] or 0.0,
    )


def _language(db: sqlite3.Connection, transcript_id: int) -> str:
    row = db.execute("select language from transcripts where id = ?", (transcript_id,)).fetchone()
    return str(row["language"] or "")
