"""Chapters changed on the project's page: each answers with the page as it is now, and an undo."""

from collections.abc import Callable
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from draftmill.projects.project import project_for
from draftmill.transcripts import chapter_edits
from draftmill.transcripts.chapter_edits import Made
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.pages.changed import changed
from draftmill.web.render import render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.chapter_panel import panel_at, panel_of


def page(request: Request) -> Response:
    """GET one chapter with what can be done with it: a page, or a piece for the project's page."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = panel_of(db, found, request.path_params["n"])
    return _panel(request, context)


def new(request: Request) -> Response:
    """GET the same, to begin a new chapter `at` a sentence; or the first one of all."""
    at = number_in(request.query_params.get("at", "")) or 1
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = panel_at(db, found, at)
    return _panel(request, context)


def _panel(request: Request, context: dict[str, object]) -> Response:
    name = "projects/_chapter.html" if wants_fragment(request) else "projects/chapter.html"
    return render(request, name, context | {"in_panel": wants_fragment(request)})


@takes_form()
def begin(request: Request, form: FormData) -> Response:
    """POST title: make the first chapter."""
    based_on = text(form, "based_on") or None
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        made = chapter_edits.begin(db, found["id"], text(form, "title"), based_on)
        return changed(request, db, found, "begun", made.edit_id)


@takes_form()
def rename(request: Request, form: FormData) -> Response:
    """POST title."""
    return _act(request, form, "renamed", chapter_edits.rename, text(form, "title"))


@takes_form()
def move(request: Request, form: FormData) -> Response:
    """POST sentence, of: the one that it shall start with."""
    verb = partial(chapter_edits.move, of=_of(form))
    return _act(request, form, "moved", verb, number_in(text(form, "sentence")) or 0)


@takes_form()
def merge(request: Request, form: FormData) -> Response:
    """POST: make one of it and the next."""
    return _act(request, form, "merged", chapter_edits.merge)


@takes_form()
def split(request: Request, form: FormData) -> Response:
    """POST sentence, of, title: where the new chapter starts, and what it is called."""
    sentence = number_in(text(form, "sentence")) or 0
    verb = partial(chapter_edits.split, of=_of(form))
    return _act(request, form, "split", verb, sentence, text(form, "title"))


@takes_form()
def delete(request: Request, form: FormData) -> Response:
    """POST: remove it; its text stays."""
    return _act(request, form, "deleted", chapter_edits.delete)


def _of(form: FormData) -> int | None:
    """How many sentences the form was made from."""
    return number_in(text(form, "of"))


def _act(
    request: Request, form: FormData, note: str, verb: Callable[..., Made], *given: object
) -> Response:
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        based_on = text(form, "based_on") or None
        made = verb(db, found["id"], request.path_params["n"], *given, based_on=based_on)
        return changed(request, db, found, note, made.edit_id)
