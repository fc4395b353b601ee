"""Starting, watching, cancelling and retrying jobs."""

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import tasks
from content_actions import CONTENT_TYPES, slot_id
from draftmill.database import changes
from draftmill.jobs.job import Job, find_job, job_for
from draftmill.jobs.start import Started, retry_job, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import cancelling
from draftmill.projects.listing import PAGE
from draftmill.projects.project import project_for
from draftmill.speech.present import check_model
from draftmill.web import live
from draftmill.web.forms import sent, takes_form, text
from draftmill.web.middleware.access import way_back
from draftmill.web.pages import job_list
from draftmill.web.pages.told import NOTES
from draftmill.web.render import fragment, wants_fragment
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.views.clocks import fill

JOB_ID = re.compile(r"[0-9a-f-]{36}")


async def pill(request: Request) -> Response:
    """The poll: what the pill of a job shows now. Touches no database and no template."""
    user = request.state.user
    if user is None:
        return signed_out(request)
    job_id = request.path_params["job_id"]
    memory = services_of(request).live
    answer = memory.get(user.id, job_id) or await run_in_threadpool(memory.read, user.id, job_id)
    if answer is None:
        return deleted()
    return Response(bytes(answer), media_type="text/html")


def pills(request: Request) -> Response:
    """The poll of a list: the rows of its projects at work, `ids` their jobs, and what to ask next.

    With `rows=jobs` they are those of the list of jobs.
    """
    user = request.state.user
    if user is None:
        return signed_out(request)
    asked = list(dict.fromkeys(_job_ids(request.query_params.get("ids", ""))[:PAGE]))
    if request.query_params.get("rows") == "jobs":
        return job_list.news(request, asked)
    found = services_of(request).rows.get(user.id, asked)
    rows = [row for row in found.values() if row]
    context = {
        "job_ids": [row.job_id for row in rows if row.job_id],
        "rows": [row.html for row in rows],
        "gone": [job_id for job_id, row in found.items() if row is None],
        "said": [row.said for row in rows if row.said],
    }
    return HTMLResponse(fragment("projects/_rows.html", context))


def _job_ids(text: str) -> list[str]:
    """The ids in a list with commas; what is none is left out, for it is said again in a selector."""
    return [job_id for job_id in text.split(",", PAGE) if JOB_ID.fullmatch(job_id)]


def signed_out(request: Request) -> Response:
    """The last pill of a session that ended: signing in leads back to its page."""
    return _gone(401, "Signed out", "You are signed out.", way_back(request), "Sign in")


def deleted() -> Response:
    """The last pill of a job that is not there, or not this user's: nobody can tell which."""
    return _gone(410, "Deleted", "This job is not there any more.", "/", "Go to your projects")


def _gone(status: int, word: str, text: str, url: str, label: str) -> Response:
    context = {"word": word, "text": text, "link_url": url, "link_label": label}
    return HTMLResponse(fragment("_pill_gone.html", context), status)


@takes_form()
def start(request: Request, form: FormData) -> Response:
    """POST: start a job of a type in a project, unless one is at work."""
    wishes = _wishes(form).check(CONTENT_TYPES, settings_of(request).has_language_model)
    check_model(settings_of(request), wishes.model)
    with database(request) as db:
        project = project_for(db, request.state.user.id, request.path_params["project_id"])
        started = start_job(db, project, wishes, sent(form, "after_last"))
    return _started(request, started, form)


def _wishes(form: FormData) -> Wishes:
    return Wishes(
        type=text(form, "type"),
        instructions=text(form, "instructions"),
        # Empty: find out, whatever was said of the project.
        language=sent(form, "language"),
        any_language=text(form, "any_language") == "1",
        stage=text(form, "stage"),
        speakers=sent(form, "speakers"),
        without_model=text(form, "without_model") == "1",
        model=text(form, "model").strip(),
    )


@takes_form()
def cancel(request: Request, form: FormData) -> Response:
    """POST: cancel a job; an ended one stays as it is."""
    with database(request) as db:
        job = job_for(db, request.state.user.id, request.path_params["job_id"])
        job = cancelling.cancel(db, settings_of(request), job)
    return _answer(request, job, (), 200, form)


@takes_form()
def retry(request: Request, form: FormData) -> Response:
    """POST: try a failed or cancelled job again."""
    with database(request) as db:
        job = job_for(db, request.state.user.id, request.path_params["job_id"])
        started = retry_job(db, job)
    return _started(request, started, form)


def _started(request: Request, started: Started, fields: Mapping[str, object]) -> Response:
    tasks.nudge(settings_of(request), {job.queue for job in (started.job, *started.others)})
    note = "unused" if started.unused else ""
    return _answer(request, started.job, started.others, 202, fields, note)


def _answer(
    request: Request,
    job: Job,
    others: tuple[Job, ...],
    status: int,
    fields: Mapping[str, object],
    note: str = "",
) -> Response:
    """The pill for htmx; for a plain form the way back to the page it came from."""
    if not wants_fragment(request):
        back = _list(request) if fields.get("then") == "jobs" else _back(job, fields, note)
        return RedirectResponse(back, 303, headers={"Vary": "HX-Request"})
    if fields.get("then") == "jobs":
        return _row(request, status)
    with database(request) as db:
        shown = live.poll(db, settings_of(request), find_job(db, job.id) or job, others)
    if fields.get("then") == "desk":
        slot = slot_id(job.project_id, job.type)
        known = {"slot_id": slot, "after_last": job.id, "oob": True}
        shown += fragment("drafts/_after_last.html", known)
    answer = HTMLResponse(
        fill(shown, services_of(request).places), status, headers={"Vary": "HX-Request"}
    )
    if note:
        # Said on the page, for the form that was sent may be gone from it by then.
        told = {"draftmill:say": {"target": "body", "value": NOTES[note]}}
        answer.headers["HX-Trigger"] = json.dumps(told)
    return answer


def _row(request: Request, status: int) -> Response:
    """The pressed row of the list of jobs; the list is told to ask for what else is new."""
    job_id, user_id = request.path_params["job_id"], request.state.user.id
    rows = services_of(request).job_rows
    with database(request) as db:
        rows.told(user_id, changes.latest(db))
        shown = "".join(row.html for row in rows.shown(db, user_id, [job_id]))
    told = {"ask": {"target": "#at-work"}}
    headers = {"Vary": "HX-Request", "HX-Trigger": json.dumps(told)}
    return HTMLResponse(fill(shown, services_of(request).places), status, headers)


def _list(request: Request) -> str:
    """The list of jobs as it was when a row was pressed: a row does not know what was chosen."""
    page = urlsplit(request.headers.get("referer", ""))
    kept = [pair for pair in parse_qsl(page.query) if pair[0] not in ("note", "count", "more")]
    return f"/jobs?{urlencode(kept)}" if page.path == "/jobs" and kept else "/jobs"


def _back(job: Job, fields: Mapping[str, object], note: str) -> str:
    """The page of the job if it was pressed there, else the project's."""
    page = f"/jobs/{job.id}" if fields.get("then") == "job" else f"/projects/{job.project_id}"
    return f"{page}?note={note}" if note else page
