"""The page of one job: its pill unfolded, what it was asked, what it became, and its log."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from draftmill.errors import NotFound
from draftmill.jobs import log as job_log
from draftmill.jobs.job import job_for
from draftmill.jobs.log import Line
from draftmill.web.numbers import number_in
from draftmill.web.pages.jobs import deleted, signed_out
from draftmill.web.pages.told import NOTES
from draftmill.web.render import fragment, render
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.views.clocks import fill
from draftmill.web.views.job_page import news_of, page_of, unfolded_of


def page(request: Request) -> Response:
    """GET: the page, with the newest lines of the log."""
    with database(request) as db:
        job = job_for(db, request.state.user.id, request.path_params["job_id"])
        context = page_of(db, settings_of(request), job)
    notice = NOTES.get(request.query_params.get("note", ""), "")
    return render(request, "jobs/job.html", {**context, "notice": notice})


def poll(request: Request) -> Response:
    """GET ?log=: what the pill and the facts say now, and the lines after the last one seen."""
    if request.state.user is None:
        return signed_out(request)
    last = number_in(request.query_params.get("log", "")) or 0
    with database(request) as db:
        try:
            job = job_for(db, request.state.user.id, request.path_params["job_id"])
        except NotFound:
            return deleted()
        context = news_of(db, settings_of(request), job, last)
    answer = fragment("jobs/_answer.html", context)
    return HTMLResponse(fill(answer, services_of(request).places))


def steps(request: Request) -> Response:
    """GET: what a pill unfolds to where it stands, its steps and the last lines of its log."""
    with database(request) as db:
        job = job_for(db, request.state.user.id, request.path_params["job_id"])
        context = unfolded_of(db, job)
    answer = fragment("jobs/_unfolded.html", context)
    return HTMLResponse(fill(answer, services_of(request).places))


def log(request: Request) -> Response:
    """GET: every line of the log as text, with its time in UTC."""
    with database(request) as db:
        job = job_for(db, request.state.user.id, request.path_params["job_id"])
        return PlainTextResponse("".join(map(_as_text, job_log.everything(db, job.id))))


def _as_text(line: Line) -> str:
    message = " ".join(line.message.split())
    return f"{line.at}  attempt {line.attempt}  {line.level:7}  {message}\n"
