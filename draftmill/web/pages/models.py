"""The owner's models: listed, downloaded by one press, chosen, deleted."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import tasks
from draftmill.accounts.users import check_owner
from draftmill.choices import stored
from draftmill.errors import Problem
from draftmill.models import kept
from draftmill.models.catalogue import readable
from draftmill.projects import fetching
from draftmill.web.forms import takes_form, text
from draftmill.web.render import render_form
from draftmill.web.services import database, services_of
from draftmill.web.views import models as views
from draftmill.web.views.pill import REFRESH_S

NOTICES = {"use": "The next job uses it.", "delete": "It is deleted from this machine."}


def page(request: Request) -> Response:
    """GET: what is here, and what can be had."""
    check_owner(request.state.user)
    return _page(request)


@takes_form()
def get(request: Request, form: FormData) -> Response:
    """POST: download a model of the table, unless that is at work."""
    check_owner(request.state.user)
    present = services_of(request).present
    try:
        with database(request) as db:
            started = fetching.fetch(db, present.settings, request.state.user.id, _name(request))
    except Problem as problem:
        return _page(request, problem)
    tasks.nudge(present.settings, {started.job.queue})
    return RedirectResponse(views.PAGE, 303)


@takes_form()
def use(request: Request, form: FormData) -> Response:
    """POST: from now on this model writes, or listens."""
    check_owner(request.state.user)
    present, file = services_of(request).present, _name(request)
    try:
        wished = _wished(request, text(form, "kind"), file)
        with database(request) as db:
            stored.choose(db, present.given, request.state.user.id, wished)
            present.read(db)
    except Problem as problem:
        return _page(request, problem)
    return RedirectResponse(f"{views.PAGE}?done=use", 303)


def _wished(request: Request, kind: str, file: str) -> dict[str, str | None]:
    if kind == "speech":
        return {"listening_with": "here", "whisper_model": file}
    kept.language_model(services_of(request).present.settings, file)
    return {"writing_with": "inside", "inside_model": file}


@takes_form()
def delete(request: Request, form: FormData) -> Response:
    """POST: delete a model's files; of the table, or a file that somebody put there."""
    check_owner(request.state.user)
    settings, name = services_of(request).present.settings, _name(request)
    try:
        with database(request) as db:
            fetching.delete(db, settings, request.state.user.id, name)
    except Problem as problem:
        return _page(request, problem)
    return RedirectResponse(f"{views.PAGE}?done=delete", 303)


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    return name


def _page(request: Request, problem: Problem | None = None) -> Response:
    present, user = services_of(request).present, request.state.user
    with database(request) as db:
        models = views.shown(db, present.settings, user.id, "language")
        speech = views.shown(db, present.settings, user.id, "speech")
    at_work = any(one.pill and one.pill.active for one in (*models, *speech))
    context = {
        "models": models,
        "speech": speech,
        "broken": None if problem else readable(present.settings)[1],
        "built_in": not present.settings.listens_on_server
        and present.settings.whisper_model == "tiny.en",
        "refresh_s": REFRESH_S * at_work,
        "notice": NOTICES.get(request.query_params.get("done", ""), ""),
    }
    return render_form(request, "settings/models.html", context, problem)
