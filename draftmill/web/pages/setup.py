"""The owner's one-time link."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.accounts.sessions import start_session
from draftmill.accounts.setup import BadSetupLink, OwnerExists, check_setup_token, create_owner
from draftmill.errors import Problem
from draftmill.web.forms import takes_form, text
from draftmill.web.render import render, render_form
from draftmill.web.services import database, settings_of
from draftmill.web.session_cookie import device_of, welcome


def page(request: Request) -> Response:
    """GET the form, while the link is good."""
    if request.state.user is not None:
        return RedirectResponse("/", 303)
    try:
        with database(request) as db:
            check_setup_token(db, request.path_params["token"])
    except (BadSetupLink, OwnerExists):
        return _over(request)
    return _form(request)


@takes_form()
def create(request: Request, form: FormData) -> Response:
    """POST name, email, password: make the owner's account and sign in."""
    token, name, email = request.path_params["token"], text(form, "name"), text(form, "email")
    settings, (_, user_agent) = settings_of(request), device_of(request)
    try:
        with database(request) as db:
            owner = create_owner(db, token, email, text(form, "password"), name)
            secret_id = start_session(db, settings, owner.id, user_agent)
    except (BadSetupLink, OwnerExists):
        return _over(request)
    except Problem as problem:
        return _form(request, name, email, problem)
    return welcome(request, secret_id, "/")


def _form(
    request: Request, name: str = "", email: str = "", problem: Problem | None = None
) -> Response:
    context = {"url": request.url.path, "name": name, "email": email, "expired": False}
    return render_form(request, "account/setup.html", context, problem)


def _over(request: Request) -> Response:
    if request.state.user is not None:  # by the first of two clicks
        return RedirectResponse("/", 303)
    return render(request, "account/setup.html", {"expired": True, "problem": None}, 410)
