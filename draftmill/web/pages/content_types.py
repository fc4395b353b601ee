"""The kinds of draft: listed, written, changed, tried. Only the owner comes here."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import tasks
from draftmill.accounts.users import check_owner
from draftmill.content_types import changing
from draftmill.content_types.rows import prompt_of
from draftmill.content_types.wanted import Wanted, wanted_of
from draftmill.errors import Problem
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects.project import project_for
from draftmill.web.forms import LARGE, Endpoint, takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.render import render, render_form
from draftmill.web.services import database, settings_of
from draftmill.web.views.content_types import PAGE, list_of, page_of

NOTICES = {
    "kept": "Saved. The next draft follows it.",
    "added": "The kind is added.",
    "on": "It is offered now.",
    "off": "It is not offered any more. What was written stays.",
    "deleted": "The kind is deleted. What was written stays.",
    "tried": "Saved. A try is being written below.",
}


def _owned(handler: Callable[[Request, FormData], Response]) -> Endpoint:
    """Makes an endpoint for the owner: a POST's form goes to its handler."""

    @wraps(handler)
    def checked(request: Request, form: FormData) -> Response:
        check_owner(request.state.user)
        return handler(request, form)

    return takes_form(LARGE)(checked)


def page(request: Request) -> Response:
    """GET: all kinds, and what was done last."""
    check_owner(request.state.user)
    return render(request, "settings/types.html", list_of() | {"notice": _notice(request)})


def new(request: Request) -> Response:
    """GET: an empty form."""
    check_owner(request.state.user)
    return _form(request, None)


@_owned
def add(request: Request, form: FormData) -> Response:
    """POST: a new kind, and a try of it if that is wished."""
    wanted = _wanted(form, text(form, "shape"))
    try:
        with database(request) as db:
            added = changing.add(db, request.state.user.id, wanted)
    except Problem as problem:
        return _form(request, None, wanted, problem)
    return _kept(request, added.type, form, "added")


def one(request: Request) -> Response:
    """GET: a kind of the owner's; with `tried` also what came of a try."""
    check_owner(request.state.user)
    return _form(request, request.path_params["type"], tried=request.query_params.get("tried", ""))


@_owned
def change(request: Request, form: FormData) -> Response:
    """POST: change it, and try it if that is wished."""
    name = request.path_params["type"]
    wanted = _wanted(form, changing.own_type_for(name).shape)
    try:
        with database(request) as db:
            changing.change(db, request.state.user.id, name, wanted)
    except Problem as problem:
        return _form(request, name, wanted, problem)
    return _kept(request, name, form, "kept")


@_owned
def switch(request: Request, form: FormData) -> Response:
    """POST on, every: "yes" or "no"; what is left out stays."""
    on, every = ({"yes": True, "no": False}.get(text(form, name)) for name in ("on", "every"))
    with database(request) as db:
        changing.switch(db, request.state.user.id, request.path_params["type"], on=on, every=every)
    return _to(PAGE, "kept" if on is None else "on" if on else "off")


@_owned
def move(request: Request, form: FormData) -> Response:
    """POST by: "up" or "down"."""
    by = -1 if text(form, "by") == "up" else 1
    with database(request) as db:
        changing.move(db, request.state.user.id, request.path_params["type"], by)
    return RedirectResponse(f"{PAGE}#type-{request.path_params['type']}", 303)


@_owned
def delete(request: Request, form: FormData) -> Response:
    """POST: its drafts stay."""
    with database(request) as db:
        changing.delete(db, request.state.user.id, request.path_params["type"])
    return _to(PAGE, "deleted")


@_owned
def use_prompt(request: Request, form: FormData) -> Response:
    """POST: an earlier prompt again, as a new version."""
    name, n = request.path_params["type"], request.path_params["n"]
    with database(request) as db:
        wanted = replace(wanted_of(changing.own_type_for(name)), prompt=prompt_of(db, name, n))
        changing.change(db, request.state.user.id, name, wanted)
    return _to(f"{PAGE}/{name}", "kept")


def _wanted(form: FormData, shape: str) -> Wanted:
    return Wanted(
        label=text(form, "label"),
        summary=text(form, "summary"),
        prompt=text(form, "prompt"),
        shape=shape,  # type: ignore[arg-type]
        button=text(form, "button") or "Edit",  # type: ignore[arg-type]
        limit=_number(form, "limit", 500),
        max_posts=_number(form, "max_posts", 1),
        title_limit=_number(form, "title_limit", 0),
        has_preview="has_preview" in form,
        on="on" in form,
        every=text(form, "every") == "yes",
    )


def _number(form: FormData, name: str, empty: int) -> int:
    """A field's number; what is none is out of all bounds, and refused there."""
    typed = text(form, name).strip()
    number = number_in(typed) if typed else empty
    return -1 if number is None else number


def _form(
    request: Request,
    name: str | None,
    typed: Wanted | None = None,
    problem: Problem | None = None,
    tried: str = "",
) -> Response:
    content = changing.own_type_for(name) if name is not None else None
    with database(request) as db:
        user_id, settings = request.state.user.id, settings_of(request)
        context = page_of(db, settings, user_id, content, typed, tried)
    return render_form(
        request, "settings/type.html", context | {"notice": _notice(request)}, problem
    )


def _kept(request: Request, name: str, form: FormData, notice: str) -> Response:
    project_id = text(form, "project")
    if text(form, "then") != "try" or not project_id:
        return _to(f"{PAGE}/{name}", notice)
    with database(request) as db:
        project = project_for(db, request.state.user.id, project_id)
        start_job(db, project, Wishes(name, trial=True))
    tasks.nudge(settings_of(request))
    return RedirectResponse(f"{PAGE}/{name}?tried={project_id}&saved=tried#tried", 303)


def _to(url: str, notice: str) -> Response:
    return RedirectResponse(f"{url}?saved={notice}", 303)


def _notice(request: Request) -> str:
    return NOTICES.get(request.query_params.get("saved", ""), "")
