"""Results to take away: many as one zip, and links that open one file for a day without a session."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from draftmill.accounts import links
from draftmill.accounts.links import FOLDER, Link, LinkExpired
from draftmill.accounts.throttle import TooManyOpenings, count_opening
from draftmill.drafts import results
from draftmill.errors import NotFound
from draftmill.jobs.job import job_for
from draftmill.projects.project import Gone, InBin
from draftmill.web.forms import takes_form, text
from draftmill.web.pages import drafts, files
from draftmill.web.pages.files import named
from draftmill.web.render import refuse, render, wants_json
from draftmill.web.result_links import ZIP, path_of, url_of
from draftmill.web.services import database, settings_of
from draftmill.web.session_cookie import device_of

# Whoever has a link has the file: it is kept nowhere, told to no other site, and found by no search.
# A picture is shown wherever its draft was pasted.
ALONE = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
Take = Callable[[Request, int, Mapping[str, str]], Response]


def download(request: Request) -> Response:
    """GET the results of many jobs as one zip; `ids` are the jobs, several times or with commas."""
    asked = ",".join(request.query_params.getlist("ids"))
    return _zip(request, request.state.user.id, {"ids": asked})


def _zip(request: Request, user_id: int, address: Mapping[str, str]) -> Response:
    ids = [job_id for job_id in address["ids"].split(",", results.MOST + 1) if job_id]
    with database(request) as db:
        found = results.results_of(db, user_id, ids)
    pieces = results.zipped(settings_of(request), found)
    return StreamingResponse(pieces, media_type="application/zip", headers=named("results.zip"))


PICTURE = re.compile(r"/projects/(?P<project_id>[^/]+)/screenshots/(?P<n>[0-9]{1,6})")

# What a link may lead to, and nothing else.
OPENS: tuple[tuple[re.Pattern[str], Take], ...] = (
    (re.compile(r"/projects/(?P<project_id>[^/]+)/drafts/(?P<type>[^/]+)\.(?P<ending>\w+)"), drafts.taken_away),
    (re.compile(r"/projects/(?P<project_id>[^/]+)/transcript\.(?P<ending>\w+)"), files.taken_away),
    (PICTURE, files.shown),
    (re.compile(re.escape(ZIP) + r"\?ids=(?P<ids>[0-9a-f,-]+)"), _zip),
)  # fmt: skip


def open_link(request: Request) -> Response:
    """GET the one file that a link opens, whoever asks; 410 once it has expired, 429 too often.

    A picture's opens for its owner for as long as there is the picture: it stands in their texts.
    """
    try:
        answer = _opened(request, request.path_params["token"])
    except TooManyOpenings as problem:
        answer = refuse(request, problem)
    answer.headers.update(ALONE)
    return answer


def _opened(request: Request, token: str) -> Response:
    with database(request) as db:
        count_opening(db, token, device_of(request)[0])
        opened = links.read(db, settings_of(request), token)
    user = request.state.user
    own = user is not None and user.id == opened.user_id
    picture = PICTURE.fullmatch(opened.path) is not None
    if opened.valid or (own and picture):
        return _taken(request, opened.user_id, opened.path)
    told = {"own": own, "picture": picture, "message": LinkExpired.default_message}
    return render(request, "results/expired.html", {"token": token, **told}, LinkExpired.status)


def _taken(request: Request, user_id: int, path: str) -> Response:
    for pattern, take in OPENS:
        if match := pattern.fullmatch(path):
            with suppress(InBin, Gone):  # that is nobody's business but the owner's
                return take(request, user_id, match.groupdict())
    raise NotFound


@takes_form()
def renew(request: Request, form: FormData) -> Response:
    """POST token: a new link to what an old one of this user's led to."""
    user_id, settings = request.state.user.id, settings_of(request)
    with database(request) as db:
        opened = links.read(db, settings, text(form, "token"))
        if opened.user_id != user_id:
            raise NotFound
        link = links.make(db, settings, user_id, opened.path)
    return _handed_out(request, link)


@takes_form()
def link(request: Request, form: FormData) -> Response:
    """POST: a link to what one of the user's own jobs made."""
    user_id, job_id = request.state.user.id, request.path_params["job_id"]
    with database(request) as db:
        results.results_of(db, user_id, [job_id])
        path = path_of(job_for(db, user_id, job_id))
        made = links.make(db, settings_of(request), user_id, path)
    return _handed_out(request, made)


def _handed_out(request: Request, link: Link) -> Response:
    """A link on a page that shows it; for a script that copies it, the link alone."""
    told = {"url": url_of(request, link), "expires_at": link.expires_at}
    if wants_json(request):
        return JSONResponse(told, headers=ALONE)
    answer = render(request, "results/link.html", {**told, "path": FOLDER + link.token})
    answer.headers.update(ALONE)
    return answer
