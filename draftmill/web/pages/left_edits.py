"""Edits that a new transcription had no place for: shown, applied, dropped, and back."""

import sqlite3

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.errors import Problem
from draftmill.projects.project import project_for
from draftmill.transcripts import left_edits
from draftmill.transcripts.correction_plans import revision_of
from draftmill.transcripts.segments import is_timed
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.render import render_form
from draftmill.web.services import database

DROPPED = "dropped"


def page(request: Request) -> Response:
    """GET: those that wait, each with what the transcript says at its time."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = _page_of(db, found)
    number = number_in(request.query_params.get(DROPPED, ""))
    if number is not None:
        undo = f"/projects/{found['id']}/edits/{number}/restore"
        context |= {"notice": "Dropped.", "undo_url": undo}
    return render_form(request, "projects/left_edits.html", context)


@takes_form()
def apply(request: Request, form: FormData) -> Response:
    """POST text, sentence, revision: have it there."""
    n, base = number_in(text(form, "sentence")) or 0, number_in(text(form, "revision"))
    written = text(form, "text")
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        try:
            saved = left_edits.apply(db, found["id"], request.path_params["n"], n, written, base)
        except Problem as problem:
            typed = {"typed_in": request.path_params["n"], "typed": written}
            return render_form(
                request, "projects/left_edits.html", _page_of(db, found) | typed, problem
            )
    told = f"?note=edited&change={saved.edit_id}" if saved.edit_id else ""
    return RedirectResponse(f"/projects/{found['id']}{told}#s{n}", 303)


def drop(request: Request) -> Response:
    """POST: show it no more."""
    n = request.path_params["n"]
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        left_edits.drop(db, found["id"], n)
    return RedirectResponse(f"/projects/{found['id']}/edits?{DROPPED}={n}", 303)


def restore(request: Request) -> Response:
    """POST: show it again."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        left_edits.restore(db, found["id"], request.path_params["n"])
    return RedirectResponse(f"/projects/{found['id']}/edits", 303)


def _page_of(db: sqlite3.Connection, project: sqlite3.Row) -> dict[str, object]:
    transcript_id = project["transcript_id"]
    return {
        "project": {"title": project["title"], "url": f"/projects/{project['id']}"},
        "left": left_edits.left_of(db, project["id"]),
        "revision": revision_of(db, transcript_id) if transcript_id else 0,
        "timed": transcript_id is not None and is_timed(db, transcript_id),
    }
