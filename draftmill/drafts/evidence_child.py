"""The verb `check`: a child holds texts that a person changed to their recordings.

What checks loads numbers and vectors, and a text may be made to take long: none of it in the server.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

from draftmill.content_types import rows as content_types
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.drafts.evidence import LIMITS, body_of
from draftmill.drafts.versions import Version, one
from draftmill.evidence import records
from draftmill.evidence.drafts import check_draft
from draftmill.evidence.edits import after_edit
from draftmill.evidence.recording import Recording, remarks_of
from draftmill.evidence.records import Block
from draftmill.processes import children
from draftmill.projects.project import row_of
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import DOUBTFUL, NO_WORDS, is_timed, segments_of

STAYING = replace(LIMITS, cpu_s=3600)
MOST_REMEMBERED = 3  # recordings: three hours of talk take some 30 MB
FIRST_WORDS = "“What was said”, by whom and when, is read before it is asked for in 2 minutes."


def main_check(settings: Settings, version_id: int) -> int:
    """Print the evidence of a version as JSON. Returns the exit code: 1 when it is gone."""
    children.die_with_parent()
    LIMITS.set()
    found = _answer(settings, version_id, [])
    if found is None:
        return 1
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    return 0


def stay(settings: Settings) -> int:
    """Print that of each version that a line of our input names, until its end; null for one that is gone.

    "7 ready" only has what version 7 rests on ready. Who asks sees to the time that each may take.
    """
    children.ask_for_death_signal()
    STAYING.set()
    lately: list[Recording] = []
    for line in sys.stdin:
        number, *only = line.split()
        sys.stdout.write(json.dumps(_answer(settings, int(number), lately, bool(only))) + "\n")
        sys.stdout.flush()
    return 0


def _answer(
    settings: Settings, version_id: int, lately: list[Recording], only_ready: bool = False
) -> dict[str, Any] | None:
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        content_types.load(db)
        shown = one(db, "v.id = ?", (version_id,))
        if shown is None:
            return None
        recording = partial(_remembered, db, shown.project_id, lately)
        if only_ready:
            check_draft(recording(), FIRST_WORDS)
            return None
        return records.stored(_found(db, shown, recording))


def _found(
    db: sqlite3.Connection, shown: Version, recording: Callable[[], Recording]
) -> list[Block]:
    shots = screenshots_of(db, shown.project_id)
    if shown.author == "writer":  # from before anything was checked
        return check_draft(recording(), body_of(shown), shots)
    return after_edit(recording, records.blocks_in(shown.evidence), body_of(shown), shots)


def _remembered(db: sqlite3.Connection, project_id: str, lately: list[Recording]) -> Recording:
    """The recording as it is now. One that was read lately and has not changed keeps its index."""
    present = _recording(db, project_id)
    found = next((one for one in lately if one == present), present)
    lately[:] = [found, *(one for one in lately if one is not found)][:MOST_REMEMBERED]
    return found


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
