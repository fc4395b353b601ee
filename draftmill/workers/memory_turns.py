"""Who goes first where the memory does not suffice for a transcription and a language model at once."""

import sqlite3
from datetime import UTC, datetime

from draftmill.choices.stored import in_effect
from draftmill.clock import moment
from draftmill.errors import Problem
from draftmill.jobs import endings, policies, queue
from draftmill.jobs.job import COLUMNS, Job, job_of
from draftmill.jobs.policies import INGEST
from draftmill.models import kept, room, running
from draftmill.settings import Settings
from draftmill.speech import memory
from draftmill.speech.present import heard_with

AGAIN_S = 2.0
MODEL_LEAVES_S = 900.0  # so long a transcription waits for drafts at work
OTHERS = "another recording"


def hold_next(settings: Settings, db: sqlite3.Connection, name: str) -> bool:
    """Put off the next job of a queue if others have the memory that it needs; whether it was."""
    job = queue.next_due(db, name)
    why = job and _why(in_effect(db, settings, keys=False), db, job)
    if job and why:
        queue.hold(db, job, why, AGAIN_S)
    return bool(why)


def hold_lacking(settings: Settings, db: sqlite3.Connection, job: Job) -> bool:
    """The same for a running draft whose model found no room; whether a transcription goes first."""
    first = _transcription(settings, db)
    if first is None or _for_s(job.started_at) > settings.patience_total_s:
        return False
    return endings.wait_for_memory(db, job, _goes_first(first, job), AGAIN_S) is not None


def _why(settings: Settings, db: sqlite3.Connection, job: Job) -> str:
    if job.type == INGEST and job.queue == policies.of(INGEST).queue:
        return _why_not_heard(settings, db, job)
    if policies.of(job.type).needs_transcript and _writes_inside(settings, job):
        return _why_not_written(settings, db, job)
    return ""


def _why_not_written(settings: Settings, db: sqlite3.Connection, job: Job) -> str:
    """A draft waits for a transcription at work, as long as any job may take."""
    first = _transcription(settings, db)
    if first is None or _for_s(job.held_at) > settings.patience_total_s:
        return ""
    if running.runs(settings, settings.inside_model) or not _lacks(_needs(settings)):
        return ""
    return _goes_first(first, job)


def _why_not_heard(settings: Settings, db: sqlite3.Connection, job: Job) -> str:
    """A transcription asks the model to leave, and waits for a busy one and drafts before it."""
    if _for_s(job.held_at) > MODEL_LEAVES_S:
        return ""
    settings = heard_with(settings, str(job.parameters.get("model", "")))
    if memory.scarce(settings) and running.any_runs(settings):
        running.leave_all(settings)
        return "A draft is being written: the language model leaves first."
    before = _draft_before(db, job)
    if before and _writes_inside(settings, before) and memory.scarce(settings, _needs(settings)):
        return "A draft has waited for longer, and is written first."
    return ""


def _transcription(settings: Settings, db: sqlite3.Connection) -> sqlite3.Row | None:
    """The title and user of what is being transcribed by this machine itself."""
    if settings.listens_on_server:
        return None
    row: sqlite3.Row | None = db.execute(
        "select p.title, p.user_id from jobs j join projects p on p.id = j.project_id"
        " where j.queue = ? and j.type = ? and j.status = 'running' order by j.n",
        (policies.of(INGEST).queue, INGEST),
    ).fetchone()
    return row


def _goes_first(first: sqlite3.Row, job: Job) -> str:
    """Nobody is told what others' recordings are called."""
    of = f"“{first['title']}”" if first["user_id"] == job.user_id else OTHERS
    return f"The transcription of {of} goes first."


def _draft_before(db: sqlite3.Connection, job: Job) -> Job | None:
    row = db.execute(
        f"select {COLUMNS} from jobs where queue = ? and status = 'pending' and waits = 0"
        " and run_after is not null and held_at is not null and n < ? order by n",
        (policies.DEFAULT.queue, job.n),
    ).fetchone()
    return job_of(row) if row else None


def _writes_inside(settings: Settings, job: Job) -> bool:
    return settings.writer == "inside" and not job.without_model


def _needs(settings: Settings) -> int:
    """Bytes of memory without which the model is not even tried, 0 for one that is not there."""
    try:
        return kept.language_model(settings, settings.inside_model).least_memory
    except Problem:
        return 0


def _lacks(needs: int) -> bool:
    free = room.free_memory()
    return free is not None and free < needs


def _for_s(since: str | None) -> float:
    return (datetime.now(UTC) - moment(since)).total_seconds() if since else 0.0
