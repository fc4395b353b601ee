"""Rows to shapes: how a project, a job, a draft looks to a program."""

import sqlite3
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from content_actions import CONTENT_TYPES
from draftmill.database import changes
from draftmill.database.connection import snapshot
from draftmill.database.memory import Found
from draftmill.drafts import versions as stored
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.jobs import estimates, policies
from draftmill.jobs.job import Job, find_job, job_for, job_of, newest_of_each_type
from draftmill.jobs.policies import FETCH, INGEST
from draftmill.jobs.stages import stages_of
from draftmill.projects.project import row_of
from draftmill.web.api import draft_shapes, job_shapes, project_shapes, version_shapes
from draftmill.web.middleware.bearer import API
from draftmill.web.states import State

ARTICLE_ENDINGS = ("md", "html", "zip", "docx", "txt")
POSTS_ENDINGS = ("md", "html", "docx", "txt")


def job(db: sqlite3.Connection, project: sqlite3.Row, row: Job) -> job_shapes.Job:
    """A job as it stands; read in one transaction with its project."""
    return job_shapes.Job(
        id=row.id,
        project_id=row.project_id,
        type=row.type,
        status=row.status,  # type: ignore[arg-type]
        stage=row.stage,
        step=row.step + 1 if row.stage else 0,
        steps=len(stages_of(row.type, project["source"], row.parameters)),
        progress_pct=_progress(row, project["source"]),
        message=row.message,
        warnings=list(row.warnings),
        retries=job_shapes.Retries(used=row.retries, of=policies.of(row.type).retries),
        interruptions=row.crashes,
        retry_of=row.retry_of,
        waits_for=_waits_for(db, row),
        instructions=str(row.parameters.get("instructions", "")),
        without_model=row.without_model,
        cancellable=row.active and row.cancel_requested_at is None,
        rev=changes.rev(db, "job", row.id),
        error=_error(row),
        result_url=_result_url(row),
        created_at=row.created_at,
        started_at=row.started_at,
        retry_at=row.run_after if row.status == "pending" and not row.held_at else None,
        estimated_end_at=estimates.ends_at(db, row, project),
        estimated_end_range=_end_range(row, project["source"]),
        completed_at=row.completed_at,
    )


def state(db: sqlite3.Connection, key: tuple[int, str]) -> Found[State] | None:
    """A job as it stands, by its user's id and its own, as JSON."""
    with suppress(NotFound), snapshot(db):
        row = job_for(db, *key)
        shape = job(db, row_of(db, row.project_id), row)
        body = shape.model_dump_json().encode()
        return Found(State(shape.rev, body, not row.active), shape.rev)
    return None


def _end_range(row: Job, source: str) -> job_shapes.EndRange | None:
    left = estimates.time_left(row, source)
    if left is None or not left.reliable:
        return None
    earliest, latest = estimates.text_of(left.low), estimates.text_of(left.high)
    return job_shapes.EndRange(earliest=earliest, latest=latest)


def _progress(row: Job, source: str) -> int | None:
    if row.status == "succeeded":
        return 100
    share = estimates.share(row, source)
    return None if share is None else int(share * 100)


def _waits_for(db: sqlite3.Connection, row: Job) -> str | None:
    first = find_job(db, row.after_job_id) if row.status == "pending" and row.after_job_id else None
    return first.id if first and first.active else None


def _error(row: Job) -> job_shapes.JobError | None:
    if row.active or not row.error_code:
        return None
    return job_shapes.JobError(
        code=row.error_code,
        message=row.error_message or "",
        hint=row.error_hint or "",
        error_id=row.error_id,
    )


def _result_url(row: Job) -> str | None:
    if row.status != "succeeded":
        return None
    if row.type == FETCH:
        return f"{API}/models"
    project = f"{API}/projects/{row.project_id}"
    return project if row.type == INGEST else f"{project}/drafts/{row.type}"


def project(db: sqlite3.Connection, row: sqlite3.Row) -> project_shapes.Project:
    """A project as the list shows it."""
    url = f"/projects/{row['id']}"
    return project_shapes.Project(
        **{name: row[name] for name in COPIED},
        speakers=row["voices"],
        has_recording=bool(row["file"]),
        transcript_url=f"{url}/transcript.txt" if row["transcript_id"] is not None else None,
        drafts=in_order(stored.drafted(db, row["id"])),
    )


COPIED = (
    "id", "title", "context", "source", "file_name", "media_type", "bytes", "duration_s", "width",
    "height", "language", "draft_language", "created_at",
)  # fmt: skip


def in_order(types: Collection[str]) -> list[str]:
    """Those of the types that are known, as they are listed."""
    return [content.type for content in CONTENT_TYPES.all_known() if content.type in types]


def project_with_jobs(db: sqlite3.Connection, row: sqlite3.Row) -> project_shapes.ProjectWithJobs:
    """A project with the newest job of each type."""
    newest = {found["type"]: job_of(found) for found in newest_of_each_type(db, row["id"])}
    return project_shapes.ProjectWithJobs(
        **project(db, row).model_dump(),
        jobs=[job(db, row, newest[name]) for name in (INGEST, *in_order(newest)) if name in newest],
    )


def version(one: Version, shown: Version) -> version_shapes.Version:
    """A version of the draft that shows `shown`."""
    return version_shapes.Version(**_version(one, shown))


def whole_version(one: Version, shown: Version) -> version_shapes.WholeVersion:
    """The same with its text."""
    return version_shapes.WholeVersion(
        **_version(one, shown),
        body=_body(one),
        preview=str(one.fields.get("preview") or ""),
    )


def _version(one: Version, shown: Version) -> dict[str, Any]:
    return {
        "version": one.n,
        "based_on": one.based_on,
        "current": one.id == shown.id,
        **{name: getattr(one, name) for name in OF_A_VERSION},
    }


OF_A_VERSION = ("author", "model", "title", "created_at", "updated_at")


def _body(one: Version) -> str | list[str]:
    content = CONTENT_TYPES.known(one.type)
    return one.posts if content is not None and content.shape == "posts" else one.body


def draft(db: sqlite3.Connection, shown: Version) -> draft_shapes.Draft:
    """The current version of a draft."""
    offered = stored.offered(db, shown.project_id, shown.type)
    url = f"/projects/{shown.project_id}/drafts/{shown.type}"
    body = _body(shown)
    endings = POSTS_ENDINGS if isinstance(body, list) else ARTICLE_ENDINGS
    return draft_shapes.Draft(
        project_id=shown.project_id,
        type=shown.type,
        version=shown.n,
        author=shown.author,
        model=shown.model,
        prompt_version=int(shown.prompt) if shown.prompt else None,
        title=shown.title,
        body=body,
        preview=str(shown.fields.get("preview") or ""),
        offered_version=offered.n if offered else None,
        downloads={end: f"{url}.{end}" for end in endings},
        created_at=shown.created_at,
        updated_at=shown.updated_at,
    )
