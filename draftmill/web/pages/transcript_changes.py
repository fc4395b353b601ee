"""What people changed of a transcript: all of it, and each taken back."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.projects.project import project_for
from draftmill.transcripts import undoing
from draftmill.web.numbers import number_in
from draftmill.web.pages.changed import shown
from draftmill.web.render import render
from draftmill.web.services import database
from draftmill.web.views.transcript_changes import AND_BACK, changes_of


def page(request: Request) -> Response:
    """GET: the changes, newest first; `before` pages."""
    before = number_in(request.query_params.get("before", ""))
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = changes_of(db, found, before)
    context["notice"] = "Undone." if "undone" in request.query_params else ""
    return render(request, "projects/changes.html", context)


def undo(request: Request) -> Response:
    """POST: take a change back; the answer leads to the list of them where that was asked for."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        undoing.undo(db, found["id"], request.path_params["n"])
        if request.url.query == AND_BACK:
            return RedirectResponse(f"/projects/{found['id']}/transcript/changes?undone", 303)
        return shown(request, db, found, {"note": "undone"})
