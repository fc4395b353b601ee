"""Where a link to a result leads from outside."""

from starlette.requests import Request

from draftmill.accounts.links import FOLDER, Link
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.web.services import settings_of

ZIP = "/jobs/results.zip"


def path_of(job: Job) -> str:
    """Where what a job made can be had as a file."""
    project = f"/projects/{job.project_id}"
    return f"{project}/transcript.txt" if job.type == INGEST else f"{project}/drafts/{job.type}.md"


def url_of(request: Request, link: Link) -> str:
    """The whole address of a link, as its reader can open it."""
    return f"{root_of(request)}{FOLDER}{link.token}"


def root_of(request: Request) -> str:
    """The address of this server, as its readers can open it."""
    root = settings_of(request).base_url or f"{request.url.scheme}://{request.url.netloc}"
    return root.rstrip("/")
