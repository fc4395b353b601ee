"""Speakers named, merged and given sentences on the project's page."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from draftmill.projects.project import project_for
from draftmill.transcripts import speaker_edits
from draftmill.transcripts.edits import edit_of
from draftmill.web.forms import sent, takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.pages.changed import changed
from draftmill.web.render import render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.speaker_panel import panel_of

MOST_FIELDS = 300  # a paragraph may have as many sentences


def page(request: Request) -> Response:
    """GET one speaker, `at` a paragraph or a `sentence` of theirs: a page, or a piece of the project's."""
    sentence = number_in(request.query_params.get("sentence", "")) or 0
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = panel_of(db, found, request.path_params["n"], _at(request), sentence)
    piece = wants_fragment(request)
    name = "projects/_speaker_panel.html" if piece else "projects/speaker.html"
    return render(request, name, context | {"in_panel": piece})


@takes_form()
def name(request: Request, form: FormData) -> Response:
    """POST name, was: call them so in all their sentences."""
    n = request.path_params["n"]
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        made = speaker_edits.name(db, found["id"], n, text(form, "name"), sent(form, "was"))
        merged = made.edit_id and edit_of(db, found["id"], made.edit_id).was["act"] == "merged"
        return changed(request, db, found, "merged" if merged else "named", made.edit_id)


@takes_form()
def merge(request: Request, form: FormData) -> Response:
    """POST into, was: the two are one."""
    n, into = request.path_params["n"], number_in(text(form, "into")) or -1
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        made = speaker_edits.merge(db, found["id"], n, into, sent(form, "was"))
        return changed(request, db, found, "merged", made.edit_id)


@takes_form(max_fields=MOST_FIELDS)
def give(request: Request, form: FormData) -> Response:
    """POST sentence (any number of them), to or new, transcript, of: somebody else said these."""
    numbers = [number_in(str(one)) or 0 for one in form.getlist("sentence")]
    called = text(form, "new").strip() or text(form, "to")
    transcript_id, of = (number_in(text(form, name)) for name in ("transcript", "of"))
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        made = speaker_edits.give(db, found["id"], numbers, called, transcript_id, of)
        return changed(request, db, found, "given", made.edit_id)


def _at(request: Request) -> float | None:
    """The time in the address, None where it is none."""
    try:
        return float(request.query_params.get("at", "")[:20])
    except ValueError:
        return None
