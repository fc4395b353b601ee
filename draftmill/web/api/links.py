"""Links to results for programs: each opens one file for a day, without a token."""

from draftmill.accounts import links
from draftmill.drafts import versions
from draftmill.drafts.results import results_of
from draftmill.errors import NotFound
from draftmill.transcripts import export
from draftmill.web import result_links
from draftmill.web.api import job_shapes, link_shapes, owned
from draftmill.web.api.operations import Call, Reply


def of_draft(call: Call) -> Reply:
    """POST: to a draft, as one of its formats."""
    project, query = owned.project(call), call.query
    if versions.current(call.db, project["id"], call.path["type"]) is None:
        raise NotFound("There is no such draft.", "Start a job of this type to have it written.")
    return _link(call, f"/projects/{project['id']}/drafts/{call.path['type']}.{query.format}")


def of_transcript(call: Call) -> Reply:
    """POST: to the transcript of a project."""
    project, query = owned.project(call), call.query
    export.as_file(call.db, project["transcript_id"], query.format)
    return _link(call, f"/projects/{project['id']}/transcript.{query.format}")


def of_jobs(call: Call) -> Reply:
    """POST: to a zip of what these jobs made."""
    body: job_shapes.ResultsWanted = call.body
    results_of(call.db, call.user.id, body.jobs)
    return _link(call, f"{result_links.ZIP}?ids={','.join(dict.fromkeys(body.jobs))}")


def _link(call: Call, path: str) -> Reply:
    link = links.make(call.db, call.settings, call.user.id, path)
    url = result_links.url_of(call.request, link)
    return Reply(200, link_shapes.Link(url=url, expires_at=link.expires_at))
