"""The list of all jobs: what a row tells, and what can be chosen above it."""

import sqlite3
from dataclasses import dataclass
from urllib.parse import urlencode

from content_actions import CONTENT_TYPES
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.projects.job_list import Facts, Place, Wanted
from draftmill.settings import Settings
from draftmill.web.views import pills
from draftmill.web.views.job_facts import took
from draftmill.web.views.pill import Button, Pill, label_of

STATES = (
    ("", "In any state"),
    ("running", "Running"),
    ("pending", "Waiting"),
    ("succeeded", "Succeeded"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
)


@dataclass(frozen=True)
class Entry:
    """The context of `jobs/_entry.html`. A result is (label, address); "" and None are none."""

    id: str
    title: str
    project_url: str
    thumb_url: str
    source: str
    pill: Pill
    created_at: str
    took: str
    result: tuple[str, str] | None
    retried_url: str
    buttons: tuple[Button, ...]


def entry_of(
    db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, job: Job, facts: Facts
) -> Entry:
    """One row, of a job in its project."""
    pill = pills.pill_of_job(db, settings, project, job.type, job)
    url = f"/projects/{job.project_id}"
    return Entry(
        id=job.id,
        title=facts.title,
        project_url=url,
        thumb_url=f"{url}/screenshots/{facts.picture}?size=thumb" if facts.picture else "",
        source=facts.source,
        pill=pill,
        created_at=job.created_at,
        took="" if job.active else took(job),
        result=_result(job, facts, url),
        retried_url=f"/jobs/{facts.retried_by}" if facts.retried_by else "",
        buttons=_buttons(job, pill, facts),
    )


def _result(job: Job, facts: Facts, url: str) -> tuple[str, str] | None:
    if job.status != "succeeded":
        return None
    if job.type == INGEST and facts.transcript_id is not None:
        return "Transcript", f"{url}#transcript-title"
    content = CONTENT_TYPES.known(job.type)
    if content and facts.drafted:
        return content.button, f"{url}/drafts/{job.type}"
    return None


def _buttons(job: Job, pill: Pill, facts: Facts) -> tuple[Button, ...]:
    offered = {
        "cancel": ("Cancel", pill.cancellable),
        "retry": (pill.again, pill.retryable and not facts.retried_by),
    }
    return tuple(
        Button(
            label=label,
            url=f"/jobs/{job.id}/{verb}",
            id=f"{verb}-{job.id}",
            target=f"row-{job.id}",
            fields={"then": "jobs"},
            kind="ghost" if verb == "cancel" else "",
        )
        for verb, (label, there) in offered.items()
        if there
    )


def choices(wanted: Wanted) -> dict[str, object]:
    """What the form above the list offers, and what is chosen in it."""
    names = [INGEST, *CONTENT_TYPES]
    if wanted.type not in names and CONTENT_TYPES.known(wanted.type):
        names.append(wanted.type)
    types = [("", "Of any type"), *((name, label_of(name)) for name in names)]
    return {"wanted": wanted, "types": types, "states": STATES, "filtered": wanted != Wanted()}


def query_of(wanted: Wanted, after: Place | None = None) -> str:
    """The query of the address that shows what is wanted, behind a place in the list."""
    given = {"q": wanted.query, "type": wanted.type, "status": wanted.status}
    if after:
        given["cursor"] = f"{after.rank}.{after.project}.{after.n}"
    return urlencode({name: value for name, value in given.items() if value})
