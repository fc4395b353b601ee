"""The evidence of a draft's version. What a person changed is checked in a child, once."""

import json
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

from draftmill.content_types import rows as content_types
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.drafts.versions import Version, one, posts_of
from draftmill.evidence import records
from draftmill.evidence.drafts import check_draft
from draftmill.evidence.edits import after_edit, as_they_stand, unchecked
from draftmill.evidence.recording import Recording, remarks_of
from draftmill.evidence.records import Block
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.processes.turns import NoTurn, Turns
from draftmill.projects.project import row_of
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings, resources
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import DOUBTFUL, NO_WORDS, is_timed, segments_of

LIMIT_S = 20.0  # on a busy machine: most take less than a second
PATIENCE_S = 20.0
LIMITS = Limits(cpu_s=20, memory=2 * 2**30)
MOST_ANSWERED = 32 * 10**6  # bytes

logger = logging.getLogger(__name__)
_turns = Turns(PATIENCE_S)


def evidence_of(db: sqlite3.Connection, settings: Settings, shown: Version) -> list[Block]:
    """What each block of a version rests on, in the order of its text.

    What nobody has checked yet is checked now, and kept; where that fails it is the person's.
    It may take a second: call it where one may wait, outside of a transaction.
    """
    body = _body(shown)
    known = records.blocks_in(shown.evidence)
    if not unchecked(known, body):
        return as_they_stand(known, body)
    answer = _checked(settings, shown.id, shown.project_id)
    if answer is None:
        return as_they_stand(known, body)
    db.execute(
        "update draft_versions set evidence = ? where id = ? and body = ?",
        (json.dumps(answer), shown.id, shown.body),
    )
    return as_they_stand(records.blocks_in(answer), body)


def main_check(settings: Settings, version_id: int) -> int:
    """The verb `check`: print the evidence of a version that a person edited."""
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
            found = check_draft(_recording(db, shown.project_id), _body(shown), shots)
        else:
            found = after_edit(
                lambda: _recording(db, shown.project_id), before, _body(shown), shots
            )
    sys.stdout.write(json.dumps(records.stored(found)) + "\n")
    sys.stdout.flush()
    return 0


def _checked(settings: Settings, version_id: int, project_id: str) -> dict[str, Any] | None:
    try:
        with _turns.turn(project_id):
            answer = children.run_helper(
                *("check", str(version_id)),
                cwd=resources(),
                limit_s=LIMIT_S,
                most_bytes=MOST_ANSWERED,
                environ={"DRAFTMILL_DATA": str(settings.data.absolute())} | children.LEAN,
            )
        found: dict[str, Any] = json.loads(answer)
    except (NoTurn, subprocess.TimeoutExpired, ValueError):
        logger.warning("a draft of project %s could not be checked", project_id)
        return None
    return found


def _body(shown: Version) -> str | list[str]:
    return posts_of(shown.type, shown.body) or shown.body


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
