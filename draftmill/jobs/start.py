"""What a person asks for: start a job, or retry one. And what it must wait for."""

import json
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, Problem
from draftmill.jobs import policies
from draftmill.jobs.job import INGEST_ENDED, Job, find_job, newest_job
from draftmill.jobs.log import log_line
from draftmill.jobs.policies import INGEST


class NoRecording(Problem):
    code = "no_recording"
    default_message = "The recording was deleted, so it cannot be transcribed again."
    default_hint = "Upload the same file once more: it is attached to this project."


class NotRetryable(Conflict):
    code = "not_retryable"
    default_message = "Only a job that failed or was cancelled can be retried."
    default_hint = "Use Generate again for a new draft."


@dataclass(frozen=True)
class Started:
    """The answer to start and retry_job: the job, and each further job that came into being.

    `created` is False when the job existed. `unused` says that the wishes of this request
    were not taken, because a job with other wishes is at work.
    """

    job: Job
    created: bool
    others: tuple[Job, ...] = ()
    unused: bool = False


@dataclass
class _Made:
    jobs: list[Job] = field(default_factory=list)


def start_job(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    task_type: str,
    parameters: Mapping[str, Any] | None = None,
    after_last: str | None = None,
) -> Started:
    """Start a job of a type, unless one is at work or the form has seen an older state.

    `after_last` is the id of the newest job that the form knew, empty for none; None (a
    program's request) starts a new one whenever none is active.
    """
    wishes = dict(parameters or {})
    with transaction(db):
        last = newest_job(db, project["id"], task_type)
        if last and (last.active or (after_last is not None and after_last != last.id)):
            return Started(last, created=False, unused=last.active and _differs(wishes, last))
        made = _Made()
        job = _create(db, project, task_type, wishes, made)
        others = _others(made, job)
        return Started(job, created=True, others=others, unused=_differs(wishes, job))


def _differs(wishes: Mapping[str, Any], job: Job) -> bool:
    """Whether somebody wishes something that a job will not do; no wish at all is none."""
    return bool(wishes) and job.parameters != wishes


def retry_job(db: sqlite3.Connection, job: Job) -> Started:
    """Try a failed or cancelled job again, as a new job that keeps its finished stages."""
    with transaction(db):
        row = db.execute("select id from jobs where retry_of = ?", (job.id,)).fetchone()
        existing = find_job(db, row["id"]) if row else None
        if existing:
            return Started(existing, created=False)
        last = newest_job(db, job.project_id, job.type)
        if last and last.active:
            return Started(last, created=False)
        job = find_job(db, job.id) or job
        if job.status not in ("failed", "cancelled"):
            raise NotRetryable
        made = _Made()
        again = _again(db, _project(db, job), job, made)
        return Started(again, created=True, others=_others(made, again))


def _project(db: sqlite3.Connection, job: Job) -> sqlite3.Row:
    row: sqlite3.Row = db.execute(
        "select * from projects where id = ?", (job.project_id,)
    ).fetchone()
    return row


def _others(made: _Made, job: Job) -> tuple[Job, ...]:
    return tuple(other for other in made.jobs if other.id != job.id)


def _again(db: sqlite3.Connection, project: sqlite3.Row, job: Job, made: _Made) -> Job:
    return _create(db, project, job.type, job.parameters, made, retry_of=job)


def _create(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    task_type: str,
    parameters: Mapping[str, Any],
    made: _Made,
    retry_of: Job | None = None,
) -> Job:
    if task_type == INGEST and project["source"] == "media" and not project["file"]:
        raise NoRecording
    waits_for = _first_comes(db, project, task_type, made)
    # The ingest that was just started may have taken this very type up again.
    taken_up = newest_job(db, project["id"], task_type)
    if taken_up and taken_up.active:
        return taken_up
    job = _insert(db, project, task_type, parameters, waits_for, retry_of)
    made.jobs.append(job)
    if task_type == INGEST:
        _take_up_dependents(db, project, made)
    return job


def _first_comes(
    db: sqlite3.Connection, project: sqlite3.Row, task_type: str, made: _Made
) -> str | None:
    """The id of the ingest that a job of this type waits for, started here if need be."""
    if not policies.of(task_type).needs_transcript:
        return None
    ingest = newest_job(db, project["id"], INGEST)
    if ingest and ingest.active:
        return ingest.id
    if project["transcript_id"] is not None:
        return None
    if ingest and ingest.status in ("failed", "cancelled"):
        return _again(db, project, ingest, made).id
    return _create(db, project, INGEST, {}, made).id


def _take_up_dependents(db: sqlite3.Connection, project: sqlite3.Row, made: _Made) -> None:
    """Start again each type whose newest job only ended because the ingest did."""
    rows = db.execute(
        "select id from jobs where n in (select max(n) from jobs where project_id = ? group by type)"
        " and status = 'cancelled' and error_code = ? order by n",
        (project["id"], INGEST_ENDED),
    ).fetchall()
    for row in rows:
        ended = find_job(db, row["id"])
        if ended:
            _again(db, project, ended, made)


def _insert(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    task_type: str,
    parameters: Mapping[str, Any],
    waits_for: str | None,
    retry_of: Job | None,
) -> Job:
    job_id = str(uuid.uuid4())
    db.execute(
        "insert into jobs (id, project_id, user_id, type, queue, after_job_id, waits, origin_id,"
        " retry_of, parameters, created_at, updated_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            job_id,
            project["id"],
            project["user_id"],
            task_type,
            policies.queue_of(task_type, project["source"]),
            waits_for,
            waits_for is not None,
            retry_of.origin_id if retry_of else job_id,
            retry_of.id if retry_of else None,
            json.dumps(dict(parameters)),
            now(),
            now(),
        ),
    )
    line = "Retried with today's model and server" if retry_of else "Started"
    log_line(db, job_id, 0, line)
    changes.record(db, "job", job_id, project["user_id"])
    job = find_job(db, job_id)
    assert job is not None
    return job
