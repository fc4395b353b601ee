"""The page of one job: its pill unfolded, what it was asked, what it became, and its log."""

import sqlite3
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from content_actions import CONTENT_TYPES
from draftmill.database import changes
from draftmill.errors import NotFound
from draftmill.jobs import log as job_log
from draftmill.jobs.job import Job, find_job, job_for
from draftmill.jobs.log import Line
from draftmill.jobs.policies import INGEST
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.pages.jobs import deleted, signed_out
from draftmill.web.pages.projects import NOTES, REFRESH_S
from draftmill.web.render import database, fragment, render, settings_of
from draftmill.web.views import pills
from draftmill.web.views.clocks import fill
from draftmill.web.views.job_facts import Facts, facts_of
from draftmill.web.views.pill import Pill
from draftmill.web.views.steps import steps_of

LINES = 200


@dataclass(frozen=True)
class _Seen:
    """A job and all that its page shows of it, read in one transaction."""

    job: Job
    project: sqlite3.Row
    pill: Pill
    facts: Facts
    lines: list[Line]


async def page(request: Request) -> Response:
    """GET: the page, with the newest lines of the log."""

    def run() -> Response:
        with database(request) as db:
            job = job_for(db, request.state.user.id, request.path_params["job_id"])
            seen = _see(db, settings_of(request), job, None)
        context = {
            "project": {"title": seen.project["title"], "url": f"/projects/{job.project_id}"},
            "pill": seen.pill,
            "facts": seen.facts,
            "lines": _shown(seen.lines[-LINES:], seen.lines[:-LINES]),
            "last_seen": seen.lines[-1].id if seen.lines else 0,
            "log_url": f"/jobs/{job.id}/log.txt",
            "cut": len(seen.lines) > LINES,
            "notice": NOTES.get(request.query_params.get("note", ""), ""),
            "refresh_s": REFRESH_S * seen.pill.active,
        }
        return render(request, "jobs/job.html", context)

    return await run_in_threadpool(run)


async def poll(request: Request) -> Response:
    """GET ?log=: what the pill and the facts say now, and the lines after the last one seen.

    It reads one job's rows by their indexes, and no more lines than are new.
    """
    if request.state.user is None:
        return signed_out()

    def run() -> Response:
        with database(request) as db:
            try:
                job = job_for(db, request.state.user.id, request.path_params["job_id"])
            except NotFound:
                return deleted()
            last = _number(request.query_params.get("log", ""))
            seen = _see(db, settings_of(request), job, last)
        context = {
            "pill": seen.pill,
            "facts": seen.facts,
            "lines": _shown(
                [line for line in seen.lines if line.id > last],
                [line for line in seen.lines if line.id <= last],
            ),
            "last_seen": seen.lines[-1].id if seen.lines else last,
        }
        return HTMLResponse(fill(fragment("jobs/_answer.html", context)))

    return await run_in_threadpool(run)


def _shown(lines: list[Line], before: list[Line]) -> list[tuple[Line, bool]]:
    """Each line, and whether an attempt begins with it."""
    attempts = [before[-1].attempt if before else 0, *(line.attempt for line in lines)]
    return [(line, line.attempt != was) for line, was in zip(lines, attempts, strict=False)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _see(db: sqlite3.Connection, settings: Settings, job: Job, last: int | None) -> _Seen:
    """`last` is the newest line that the page has; None reads one line more than a page holds."""
    db.execute("begin")
    try:
        job = find_job(db, job.id) or job
        project = row_of(db, job.project_id)
        facts = facts_of(db, settings, project, job)
        pill = _unfolded(db, project, job, facts)
        if last is None:
            lines = job_log.newest(db, job.id, LINES + 1)
        else:
            # With the line that the page has: the attempt it belongs to goes on.
            lines = job_log.after(db, job.id, last - 1, LINES + 1)
    finally:
        db.execute("rollback")
    return _Seen(job, project, pill, facts, lines)


def _unfolded(db: sqlite3.Connection, project: sqlite3.Row, job: Job, facts: Facts) -> Pill:
    """The pill as a panel that stays on this page: its buttons lead to the page of their job."""
    pill = pills.row_of_job(db, project, job.type, job).pill
    open_url, open_label = _leads_to(project, job, facts)
    return replace(
        pill,
        rev=changes.rev(db, "job", job.id),
        panel=True,
        own_page=True,
        steps=steps_of(project, job),
        hint=None if facts.newer and pill.status == "succeeded" else pill.hint,
        # An end is retried once: who comes back is led to the job that it became.
        retryable=pill.retryable and not facts.retried_by,
        anyway=pill.anyway and not facts.newer,
        open_url=open_url,
        open_label=open_label,
    )


def _leads_to(project: sqlite3.Row, job: Job, facts: Facts) -> tuple[str, str]:
    if facts.retried_by:
        return f"/jobs/{facts.retried_by}", "See the retry"
    if job.status != "succeeded":
        return "", ""
    url = f"/projects/{project['id']}"
    if job.type == INGEST:
        return f"{url}#transcript-title", "Read the transcript"
    if facts.version and job.type in CONTENT_TYPES:
        return f"{url}/drafts/{job.type}", f"{CONTENT_TYPES[job.type].button} the draft"
    return "", ""


async def log(request: Request) -> Response:
    """GET: every line of the log as text, with its time in UTC."""

    def run() -> Response:
        with database(request) as db:
            job = job_for(db, request.state.user.id, request.path_params["job_id"])
            return PlainTextResponse("".join(map(_as_text, job_log.everything(db, job.id))))

    return await run_in_threadpool(run)


def _as_text(line: Line) -> str:
    message = " ".join(line.message.split())
    return f"{line.at}  attempt {line.attempt}  {line.level:7}  {message}\n"
