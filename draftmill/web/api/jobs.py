"""Jobs for programs: started, watched, cancelled, retried."""

from starlette.requests import Request
from starlette.responses import Response

from content_actions import CONTENT_TYPES
from draftmill.jobs import log as job_log
from draftmill.jobs.job import Job
from draftmill.jobs.start import Started, retry_job, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import cancelling, jobs_at_once, listing
from draftmill.projects import project as stored
from draftmill.projects.job_list import Wanted
from draftmill.projects.jobs_at_once import Done
from draftmill.speech.present import check_model
from draftmill.web.api import job_shapes, owned, representations
from draftmill.web.api.operations import Call, Reply
from draftmill.web.api.projects import cursor
from draftmill.web.middleware.bearer import API

LINE = tuple(job_shapes.LogLine.model_fields)


async def status(request: Request) -> Response:
    """GET a job. Touches no database once the job is known; 304 while nothing changed."""
    state = await owned.state(request)
    headers = {"ETag": state.etag, "Vary": "Authorization"}
    if names(request.headers.get("if-none-match", ""), state.etag):
        return Response(None, 304, headers)
    return Response(state.body, 200, headers, "application/json")


def names(header: str, etag: str) -> bool:
    """Whether an If-None-Match names this state; weak and strong spellings compare as equal."""
    if not header:
        return False
    opaque = etag.removeprefix("W/")
    given = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return any(tag in ("*", opaque) for tag in given)


def start(call: Call) -> Reply:
    """POST: 202 with the new job, 200 with the one of this type that is at work."""
    body: job_shapes.NewJob = call.body
    wishes = Wishes(
        body.type,
        body.instructions,
        body.language,
        body.any_language,
        stage=body.stage,
        speakers=None if body.speakers is None else str(body.speakers),
        without_model=body.without_model,
        model=body.model,
    )
    check_model(call.settings, body.model)
    project = owned.project(call)
    return started_reply(
        call,
        start_job(call.db, project, wishes.check(CONTENT_TYPES, call.settings.has_language_model)),
    )


def retry(call: Call) -> Reply:
    """POST: a new job that goes on from the finished stages of a failed or cancelled one."""
    return started_reply(call, retry_job(call.db, owned.job(call)))


def cancel(call: Call) -> Reply:
    """POST: a pending job ends now, a running one within two seconds; an ended one stays."""
    job = cancelling.cancel(call.db, call.settings, owned.job(call))
    return Reply(200, _shape(call, job), jobs=(job.id,))


def cancel_all(call: Call) -> Reply:
    """POST: the same for all that match."""
    done = jobs_at_once.cancel_all(call.db, call.settings, call.user.id, _wanted(call))
    return Reply(200, _changed(done), jobs=done.job_ids)


def retry_failed(call: Call) -> Reply:
    """POST: new jobs for all that match and failed, where that can help."""
    done = jobs_at_once.retry_failed(call.db, call.user.id, _wanted(call))
    return Reply(202, _changed(done), {"Location": f"{API}/jobs"}, done.job_ids)


def clear_ended(call: Call) -> Reply:
    """POST: the page of all jobs shows them no more."""
    cleared = jobs_at_once.clear_ended(call.db, call.user.id, _wanted(call)).count
    return Reply(200, job_shapes.JobsCleared(cleared=cleared))


def _wanted(call: Call) -> Wanted:
    body: job_shapes.JobFilter = call.body
    return Wanted(body.type, body.status or "", body.q.strip())


def _changed(done: Done) -> job_shapes.JobsChanged:
    return job_shapes.JobsChanged(jobs=list(done.job_ids), more=done.more)


def started_reply(call: Call, started: Started) -> Reply:
    """202 with a new job, 200 with the one that is at work."""
    return Reply(
        202 if started.created else 200,
        _shape(call, started.job),
        {"Location": f"{API}/jobs/{started.job.id}"},
        (started.job.id, *(other.id for other in started.others)),
    )


def _shape(call: Call, job: Job) -> job_shapes.Job:
    return representations.job(call.db, stored.row_of(call.db, job.project_id), job)


def list_all(call: Call) -> Reply:
    """GET: a page of the user's jobs, newest first."""
    query: job_shapes.JobQuery = call.query
    before = int(query.cursor) if query.cursor else None
    wanted = {"project_id": query.project, "status": query.status, "type": query.type}
    found, following = listing.jobs_of(call.db, call.user.id, wanted, before, query.limit)
    items = [_shape(call, job) for job in found]
    return Reply(200, job_shapes.JobPage(items=items, next=cursor(following)))


def logs(call: Call) -> Reply:
    """GET: a page of the lines that a job keeps for its user, oldest first."""
    query: job_shapes.LogQuery = call.query
    job = owned.job(call)
    lines = job_log.after(call.db, job.id, int(query.cursor or 0), query.limit + 1)
    following = lines[query.limit - 1].id if len(lines) > query.limit else None
    items = [
        job_shapes.LogLine(**{name: getattr(line, name) for name in LINE})
        for line in lines[: query.limit]
    ]
    return Reply(200, job_shapes.LogPage(items=items, next=cursor(following)))
