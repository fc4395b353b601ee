"""Coming in and going out."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.accounts import sessions
from draftmill.accounts.setup import owner_exists
from draftmill.errors import Problem
from draftmill.web.forms import takes_form, text
from draftmill.web.middleware.access import safe_next
from draftmill.web.render import render_form
from draftmill.web.services import database, settings_of
from draftmill.web.session_cookie import device_of, farewell, leave, welcome


def page(request: Request) -> Response:
    """GET the form; `next` says where it leads, on this site."""
    target = safe_next(request.query_params.get("next", "/"))
    if request.state.user is not None:
        return RedirectResponse(target, 303)
    return _form(request, target)


@takes_form()
def sign_in(request: Request, form: FormData) -> Response:
    """POST email, password, next: 303 to there, or the form again with what is wrong."""
    target, email = safe_next(text(form, "next") or "/"), text(form, "email")
    settings, device = settings_of(request), device_of(request)
    try:
        with database(request) as db:
            secret_id = sessions.sign_in(db, settings, email, text(form, "password"), *device)
    except Problem as problem:
        return _form(request, target, email, problem)
    leave(request)
    return welcome(request, secret_id, target)


def _form(
    request: Request, target: str, email: str = "", problem: Problem | None = None
) -> Response:
    with database(request) as db:
        owned = owner_exists(db)
    context = {"next": target, "email": email, "owned": owned}
    return render_form(request, "account/login.html", context, problem)


def sign_out(request: Request) -> Response:
    """POST: end this session."""
    leave(request)
    return farewell(request)
