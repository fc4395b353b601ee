"""Misheard names: corrected everywhere, removed, and corrected in drafts too."""

from collections.abc import Iterable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.drafts import correcting
from draftmill.drafts.correcting import Applied
from draftmill.projects.project import project_for
from draftmill.transcripts import corrections
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.services import database

MOST_DRAFTS = 200


@takes_form()
def correct(request: Request, form: FormData) -> Response:
    """POST heard, meant: correct a misheard name everywhere in the transcript."""
    project_id = request.path_params["project_id"]
    with database(request) as db:
        project_for(db, request.state.user.id, project_id)
        made = corrections.add(db, project_id, text(form, "heard"), text(form, "meant"))
    if not made.places:
        return _back_to(project_id, "note=nothing")
    return _back_to(project_id, f"note=corrected&places={made.places}&change={made.edit_id}")


def remove(request: Request) -> Response:
    """POST: take a correction back."""
    project_id = request.path_params["project_id"]
    with database(request) as db:
        project_for(db, request.state.user.id, project_id)
        made = corrections.remove(db, project_id, request.path_params["n"])
    return _back_to(project_id, f"note=removed&change={made.edit_id}")


def apply_to_drafts(request: Request) -> Response:
    """POST: correct it in the drafts too, each as a new version."""
    project_id, user_id = request.path_params["project_id"], request.state.user.id
    with database(request) as db:
        project_for(db, user_id, project_id)
        applied = correcting.apply_to_drafts(db, project_id, user_id, request.path_params["n"])
    return _back_to(project_id, f"note=applied&drafts={told_of(applied)}")


@takes_form()
def take_back_applied(request: Request, form: FormData) -> Response:
    """POST drafts: show the versions again that they had before."""
    project_id, user_id = request.path_params["project_id"], request.state.user.id
    applied = applied_in(text(form, "drafts"))
    with database(request) as db:
        project_for(db, user_id, project_id)
        correcting.take_back(db, project_id, user_id, applied)
    return _back_to(project_id, "note=undone")


def told_of(applied: Iterable[Applied]) -> str:
    """What the form says that takes it back: "blog.5.6,twitter.3.4"."""
    return ",".join(f"{one.type}.{one.before}.{one.after}" for one in applied)


def applied_in(told: str) -> list[Applied]:
    """The other way round; what is none of this is left out."""
    found = []
    for part in told.split(",")[:MOST_DRAFTS]:
        type, _, numbers = part.partition(".")
        before, after = (number_in(one) for one in numbers.partition(".")[::2])
        if before is not None and after is not None:
            found.append(Applied(type, before, after))
    return found


def _back_to(project_id: str, query: str) -> Response:
    return RedirectResponse(f"/projects/{project_id}?{query}", 303)
