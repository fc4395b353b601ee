"""The page of one job: its pill unfolded, its facts and its log, read in one transaction."""

import sqlite3
from dataclasses import replace

from content_actions import CONTENT_TYPES
from draftmill.database import changes
from draftmill.database.connection import snapshot
from draftmill.jobs import log as job_log
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.log import Line
from draftmill.jobs.policies import INGEST
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.web.views import pills
from draftmill.web.views.job_facts import Facts, facts_of
from draftmill.web.views.pill import REFRESH_S, Pill
from draftmill.web.views.steps import steps_of

LINES = 200
FEW = 8  # lines below a pill that is unfolded where it stands


def page_of(db: sqlite3.Connection, settings: Settings, job: Job) -> dict[str, object]:
    """The context of jobs/job.html, with the newest lines of the log."""
    with snapshot(db):
        since = changes.latest(db)
        project = row_of(db, job.project_id)
        pill, facts = _state(db, settings, project, job)
        lines = job_log.newest(db, job.id, LINES + 1)
    return {
        "project": {"title": project["title"], "url": f"/projects/{job.project_id}"},
        "pill": pill,
        "facts": facts,
        "lines": _shown(lines[-LINES:], lines[:-LINES]),
        "last_seen": lines[-1].id if lines else 0,
        "log_url": f"/jobs/{job.id}/log.txt",
        "cut": len(lines) > LINES,
        "live": f"job={job.id}&since={since}",
        "refresh_s": REFRESH_S * pill.active,
    }


def news_of(db: sqlite3.Connection, settings: Settings, job: Job, last: int) -> dict[str, object]:
    """The context of jobs/_answer.html: the state, and the lines after `last`, an id.

    It reads one job's rows by their indexes, and no more lines than are new.
    """
    with snapshot(db):
        pill, facts = _state(db, settings, row_of(db, job.project_id), job)
        # With the line that the page has: the attempt it belongs to goes on.
        lines = job_log.after(db, job.id, last - 1, LINES + 1)
    new, known = [one for one in lines if one.id > last], [one for one in lines if one.id <= last]
    return {
        "pill": pill,
        "facts": facts,
        "lines": _shown(new, known),
        "last_seen": lines[-1].id if lines else last,
    }


def unfolded_of(db: sqlite3.Connection, job: Job) -> dict[str, object]:
    """The context of jobs/_unfolded.html: the steps, unless the pill lists them, and the last lines."""
    with snapshot(db):
        job = find_job(db, job.id) or job
        lines = job_log.newest(db, job.id, FEW + 1)
        steps = steps_of(row_of(db, job.project_id), job)
    return {
        "steps": steps if job.type != INGEST or job.status == "succeeded" else (),
        "lines": _shown(lines[-FEW:], lines[:-FEW]),
    }


def _state(
    db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, job: Job
) -> tuple[Pill, Facts]:
    job = find_job(db, job.id) or job
    facts = facts_of(db, settings, project, job)
    return _unfolded(db, settings, project, job, facts), facts


def _unfolded(
    db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, job: Job, facts: Facts
) -> Pill:
    """The pill as a panel that stays on this page: its buttons lead to the page of their job."""
    pill = pills.pill_of_job(db, settings, project, job.type, job)
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
    content = CONTENT_TYPES.known(job.type)
    if facts.version and content:
        return f"{url}/drafts/{job.type}", f"{content.button} the draft"
    return "", ""


def _shown(lines: list[Line], before: list[Line]) -> list[tuple[Line, bool]]:
    """Each line, and whether an attempt begins with it."""
    attempts = [before[-1].attempt if before else 0, *(line.attempt for line in lines)]
    return [(line, line.attempt != was) for line, was in zip(lines, attempts, strict=False)]
