"""The evidence of a draft's version. What a person changed is checked in a child, once.

A server keeps one that remembers what it read of the transcripts it was asked about last
(`staying`); where that is at work for somebody else, or fails, another is started for the question.
"""

import json
import logging
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from draftmill.drafts.markdown import shown_of
from draftmill.drafts.versions import Version, posts_of
from draftmill.evidence import records
from draftmill.evidence.known import as_they_stand, unchecked
from draftmill.evidence.records import Block
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.processes.standing import NoAnswer, Standing
from draftmill.processes.turns import NoTurn, Turns
from draftmill.settings import Settings, resources

LIMIT_S = 20.0  # on a busy machine: most take less than a second
PATIENCE_S = 20.0
LIMITS = Limits(cpu_s=20, memory=2 * 2**30)
MOST_ANSWERED = 32 * 10**6  # bytes
OF = "of"  # beside the blocks of evidence: the text that they were found for
IDLE_S = 300.0  # it holds some 170 MB

logger = logging.getLogger(__name__)
_turns = Turns(PATIENCE_S)
_standing: dict[Path, Standing] = {}  # by the data folder


@contextmanager
def staying(settings: Settings) -> Iterator[None]:
    """Within the block, the child that checks stays for the next question, for some minutes."""
    kept = Standing(
        "check",
        environ=_environment(settings),
        idle_s=IDLE_S,
        limit_s=LIMIT_S,
        most_bytes=MOST_ANSWERED,
    )
    _standing[settings.data] = kept
    try:
        yield
    finally:
        del _standing[settings.data]
        kept.close()


def expect(settings: Settings, shown: Version) -> None:
    """A version is being edited: have what it rests on ready when it is saved."""
    if kept := _standing.get(settings.data):
        kept.prepare(f"{shown.id} ready")


def evidence_of(db: sqlite3.Connection, settings: Settings, shown: Version) -> list[Block]:
    """What each block of a version rests on, in the order of its text.

    What nobody has checked yet is checked now, and kept; where that fails it is the person's.
    It may take a second: call it where one may wait, outside of a transaction.
    """
    body = read_of(shown)
    known = records.blocks_in(shown.evidence)
    if not _is_open(shown, known, body):
        return as_they_stand(known, body)
    answer = _checked(settings, shown.id, shown.project_id)
    if answer is None:
        return as_they_stand(known, body)
    db.execute(
        "update draft_versions set evidence = ? where id = ? and body = ?",
        (json.dumps({**answer, OF: shown.tag}), shown.id, shown.body),
    )
    return as_they_stand(records.blocks_in(answer), body)


def _is_open(shown: Version, known: Sequence[Block], body: str | list[str]) -> bool:
    """Whether a text holds what nobody has checked, or what may stand beside something else now."""
    if shown.evidence.get(OF) == shown.tag:
        return False
    depends = "![" in body or any(claim.form for block in known for claim in block.claims)
    return (depends and shown.author == "person") or bool(unchecked(known, body))


def _checked(settings: Settings, version_id: int, project_id: str) -> dict[str, Any] | None:
    try:
        with _turns.turn(project_id):
            found: dict[str, Any] | None = json.loads(_answer(settings, version_id))
    except (NoTurn, subprocess.TimeoutExpired, ValueError):
        found = None
    if found is None:
        logger.warning("a draft of project %s could not be checked", project_id)
    return found


def _answer(settings: Settings, version_id: int) -> bytes:
    if kept := _standing.get(settings.data):
        try:
            return kept.ask(str(version_id))
        except NoAnswer as why:
            logger.info("the child that stays did not check a draft: %s", why)
    return children.run_helper(
        *("check", str(version_id)),
        cwd=resources(),
        limit_s=LIMIT_S,
        most_bytes=MOST_ANSWERED,
        environ=_environment(settings),
    )


def _environment(settings: Settings) -> dict[str, str]:
    return {"DRAFTMILL_DATA": str(settings.data.absolute())} | children.LEAN


def body_of(shown: Version) -> str | list[str]:
    """Its Markdown, or its posts."""
    return posts_of(shown.type, shown.body) or shown.body


def read_of(shown: Version) -> str | list[str]:
    """The same as a page shows it: to parse what none shows takes as long as somebody likes."""
    body = body_of(shown)
    return shown_of(body) if isinstance(body, str) else body
