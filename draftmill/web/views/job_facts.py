"""What a job's page tells beside the pill: what was asked, with what, when, and what became of it."""

import sqlite3
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from draftmill.clock import moment
from draftmill.database import changes
from draftmill.jobs.engines import WITHOUT_MODEL, Engine, engine_of
from draftmill.jobs.job import Job, find_job, newest_job
from draftmill.settings import Settings
from draftmill.transcripts import languages
from draftmill.web.views.clocks import elapsed, lasted
from draftmill.web.views.pill import label_of
from draftmill.web.views.version_list import place_of

OUTLINE = "None: an outline in the speaker's own words"
Link = tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """The context of `jobs/_facts.html`. Times are UTC ISO 8601 text; links are (label, address)."""

    rev: int
    active: bool
    created_at: str
    started_at: str | None
    completed_at: str | None
    took: str
    attempts: str
    waits_for: Link | None
    waiting: tuple[Link, ...]
    instructions: str
    language: str
    any_language: bool
    model: str
    model_later: bool
    error_code: str | None
    error_id: str | None
    version: Link | None
    retry_of: str | None
    retried_by: str | None
    newer: str | None


def facts_of(db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, job: Job) -> Facts:
    """The facts of a job, as its rows say now."""
    written = db.execute("select n from draft_versions where job_id = ?", (job.id,)).fetchone()
    recorded = _recorded(settings, project, job)
    retried = db.execute("select id from jobs where retry_of = ?", (job.id,)).fetchone()
    last = newest_job(db, job.project_id, job.type)
    return Facts(
        rev=changes.rev(db, "job", job.id),
        active=job.active,
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
        took=took(job),
        attempts=_attempts(job),
        waits_for=_waits_for(db, project, job),
        waiting=_waiting(db, job),
        instructions=str(job.parameters.get("instructions", "")),
        language=languages.name_of(str(job.parameters.get("language", ""))),
        any_language=bool(job.parameters.get("any_language")),
        model=_named(recorded) if recorded else _model_now(settings, project, job),
        model_later=not recorded and not job.active,
        error_code=job.error_code,
        error_id=job.error_id,
        version=_version(project, job, written["n"]) if written else None,
        retry_of=job.retry_of,
        retried_by=retried["id"] if retried else None,
        newer=last.id if last and last.id != job.id else None,
    )


def took(job: Job) -> str:
    """How long it has worked, or did: "" before it began."""
    if job.started_at is None:
        return ""
    if job.completed_at is None:
        return elapsed(job.started_at)
    return lasted((moment(job.completed_at) - moment(job.started_at)).total_seconds())


def _attempts(job: Job) -> str:
    """How often it was begun, where that tells anything."""
    if job.attempt < 2:
        return ""
    times = {1: "once", 2: "twice"}.get(job.crashes, f"{job.crashes} times")
    return f"{job.attempt}, interrupted {times}" if job.crashes else str(job.attempt)


def _waits_for(db: sqlite3.Connection, project: sqlite3.Row, job: Job) -> Link | None:
    first = find_job(db, job.after_job_id) if job.after_job_id else None
    return (label_of(first.type), f"/jobs/{first.id}") if first else None


def _waiting(db: sqlite3.Connection, job: Job) -> tuple[Link, ...]:
    rows = db.execute(
        "select id, type from jobs where after_job_id = ? and status = 'pending' order by n",
        (job.id,),
    ).fetchall()
    return tuple((label_of(row["type"]), f"/jobs/{row['id']}") for row in rows)


def _version(project: sqlite3.Row, job: Job, n: int) -> Link:
    return f"Version {n}", place_of(f"/projects/{project['id']}/drafts/{job.type}", n)


def _engine(settings: Settings, project: sqlite3.Row, job: Job) -> Engine:
    return engine_of(settings, job.type, project["source"], without_model=job.without_model)


def _recorded(settings: Settings, project: sqlite3.Row, job: Job) -> str:
    """The model that did the work, "" where today's tells as much and more: also its server."""
    today = _engine(settings, project, job).model
    return job.model if job.status == "succeeded" or job.model != today else ""


def _named(model: str) -> str:
    """A model's name for people: of a folder only its last part."""
    return (
        OUTLINE if model == WITHOUT_MODEL else PurePath(model).name if "/" in model[:1] else model
    )


def _model_now(settings: Settings, project: sqlite3.Row, job: Job) -> str:
    """The model and server of today's settings, without addresses' secrets."""
    engine = _engine(settings, project, job)
    if engine.server:
        return f"{engine.model} at {_host(engine.server)}"
    if engine.model in ("", WITHOUT_MODEL):
        return _named(engine.model)
    return f"{_named(engine.model)} on this machine"


def _host(url: str) -> str:
    """Host and port of an address: it may hold a password too."""
    return urlsplit(url).netloc.rpartition("@")[2] or "its server"
