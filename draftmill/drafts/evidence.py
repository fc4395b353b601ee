"""The evidence of a draft's version. What a person changed is checked in a child, once."""

import json
import logging
import sqlite3
import subprocess
from typing import Any

from draftmill.drafts.markdown import shown_of
from draftmill.drafts.versions import Version, posts_of
from draftmill.evidence import records
from draftmill.evidence.known import as_they_stand, unchecked
from draftmill.evidence.records import Block
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.processes.turns import NoTurn, Turns
from draftmill.settings import Settings, resources

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
    body = body_of(shown)
    if isinstance(body, str):  # parsing what no page shows takes as long as somebody likes
        body = shown_of(body)
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


def body_of(shown: Version) -> str | list[str]:
    """Its Markdown, or its posts."""
    return posts_of(shown.type, shown.body) or shown.body
