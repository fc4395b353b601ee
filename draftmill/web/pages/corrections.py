"""Misheard names: corrected everywhere, removed, and corrected in drafts too."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from draftmill.drafts import correcting
from draftmill.projects.project import project_for
from draftmill.transcripts import corrections
from draftmill.web.forms import takes_form, text
from draftmill.web.pages.changed import changed, shown
from draftmill.web.pages.told import applied_in, drafts_in
from draftmill.web.services import database


@takes_form()
def correct(request: Request, form: FormData) -> Response:
    """POST heard, meant: correct a misheard name everywhere in the transcript."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        made = corrections.add(db, found["id"], text(form, "heard"), text(form, "meant"))
        address = {"note": "nothing"}
        if made.places:
            told = {"places": str(made.places), "change": str(made.edit_id)}
            address = {"note": "corrected", **told}
        return shown(request, db, found, address)


def remove(request: Request) -> Response:
    """POST: take a correction back."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        made = corrections.remove(db, found["id"], request.path_params["n"])
        return changed(request, db, found, "removed", made.edit_id)


def apply_to_drafts(request: Request) -> Response:
    """POST: correct it in the drafts too, each as a new version."""
    user_id, n = request.state.user.id, request.path_params["n"]
    with database(request) as db:
        found = project_for(db, user_id, request.path_params["project_id"])
        applied = correcting.apply_to_drafts(db, found["id"], user_id, n)
        return shown(request, db, found, {"note": "applied", "drafts": drafts_in(applied)})


@takes_form()
def take_back_applied(request: Request, form: FormData) -> Response:
    """POST drafts: show the versions again that they had before."""
    user_id = request.state.user.id
    applied = applied_in(text(form, "drafts"))
    with database(request) as db:
        found = project_for(db, user_id, request.path_params["project_id"])
        count = correcting.take_back(db, found["id"], user_id, applied)
        note = "undone" if count == len(applied) else "partly" if count else "changed"
        return shown(request, db, found, {"note": note})
