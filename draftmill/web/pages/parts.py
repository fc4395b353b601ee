"""A part of a draft written again: asked for, taken, dropped."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import tasks
from draftmill.drafts import parts
from draftmill.jobs.start import start_job
from draftmill.web import live
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.pages.desk_form import saves_first
from draftmill.web.render import wants_fragment
from draftmill.web.services import database, services_of, settings_of
from draftmill.web.views.clocks import fill
from draftmill.web.views.draft_view import current_of, find, url_of


@takes_form()
def start(request: Request, form: FormData) -> Response:
    """POST part or the text that is marked, wish, words: a job that writes it again. The answer is its pill."""
    settings = settings_of(request)
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        wish = text(form, "wish") or text(form, "words")
        part = parts.id_of(text(form, "part"), text(form, "marked"))
        wishes = parts.wishes_for(current_of(db, found, content), part, wish)
        checked = wishes.check([content.type], settings.has_language_model)
        started = start_job(db, found, checked)
        tasks.nudge(settings, {started.job.queue})
        if not wants_fragment(request):
            return RedirectResponse(url_of(found, content), 303)
        shown = live.poll(db, settings, started.job)
    return HTMLResponse(fill(shown, services_of(request).places), 202, {"Vary": "HX-Request"})


@saves_first
def take(request: Request) -> Response:
    """POST: put one of the texts that are offered in the place of the part; `text` counts from 0."""
    user_id, part = request.state.user.id, request.path_params["n"]
    n = number_in(request.query_params.get("text", "")) or 0
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        before = current_of(db, found, content).n
        made = parts.take(db, found["id"], content.type, user_id, part, n).n
    told = f"?taken={part}&before={before}&made={made}"
    return RedirectResponse(url_of(found, content) + told, 303)


@saves_first
def drop(request: Request) -> Response:
    """POST: offer it no more."""
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        user_id, part = request.state.user.id, request.path_params["n"]
        parts.drop(db, found["id"], content.type, user_id, part)
    return RedirectResponse(f"{url_of(found, content)}?dropped={part}", 303)


def offer_again(request: Request) -> Response:
    """POST: offer what was dropped, or taken: then the draft goes back from `undoes` to `before`."""
    user_id, part = request.state.user.id, request.path_params["n"]
    before, undoes = (number_in(request.query_params.get(n, "")) for n in ("before", "undoes"))
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        parts.offer_again(db, found["id"], content.type, user_id, part, before, undoes)
    return RedirectResponse(url_of(found, content), 303)
