"""The one stage of a content job: material in, a draft's version out."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from content_actions import CONTENT_TYPES, ContentType
from draftmill.content_types import rows
from draftmill.drafts import generated, parts
from draftmill.drafts.written import Written
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.engines import WITHOUT_MODEL
from draftmill.jobs.job import Job
from draftmill.jobs.wishes import UnknownType
from draftmill.pipeline.inside import model_at_hand
from draftmill.writers import choice, material
from draftmill.writers.material import Material


def write_draft(attempt: Attempt) -> None:
    """Write one draft; its version is committed together with the job's success."""
    rows.load(attempt.db)
    content = CONTENT_TYPES.known(attempt.job.type)  # asked for before it was switched off, perhaps
    if content is None:
        raise UnknownType
    source = material.load(attempt.db, attempt.job.project_id)
    part = attempt.job.parameters.get("part")
    if part:
        _write_part(attempt, source, content, part)
        return
    instructions = str(attempt.job.parameters.get("instructions", ""))
    if attempt.job.without_model:
        written = choice.outline(attempt, source, content, instructions, choice.WISHED)
    else:
        with model_at_hand(attempt):
            written = choice.write(attempt, source, content, instructions)
    kept = written.refused and _marked(written.refused, content, attempt.job)
    written = replace(_marked(written, content, attempt.job), refused=kept)
    attempt.at_the_end(lambda db: str(generated.add_generated(db, attempt.job, written).n))


def _write_part(
    attempt: Attempt, source: Material, content: ContentType, asked: Mapping[str, str]
) -> None:
    """Write one part of a draft again, to be offered beside the old one."""
    with model_at_hand(attempt):
        made = choice.write_part(attempt, source, content, asked)

    def keep(db: sqlite3.Connection) -> str:
        parts.offer(db, attempt.job, asked, made.texts, made.evidence)
        return ""

    attempt.at_the_end(keep)


def _marked(written: Written, content: ContentType, job: Job) -> Written:
    """With the number of the owner's prompt that a model followed, and that it was a try."""
    if content.owned and written.model != WITHOUT_MODEL:
        written = replace(written, prompt=str(content.prompt_n))
    if not job.parameters.get("trial"):
        return written
    note = f"A try of “{content.label}”. {written.fields.get('note') or ''}".strip()
    return replace(written, fields={**written.fields, "note": note, "trial": True})
