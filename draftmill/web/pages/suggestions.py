"""Names that may be misheard: shown, and dismissed."""

from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from draftmill.projects.project import project_for
from draftmill.transcripts import suggestions
from draftmill.web.forms import takes_form, text
from draftmill.web.pages.changed import shown
from draftmill.web.pages.told import IN_PLACE
from draftmill.web.render import fragment, render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.sentences import suggested_of


def page(request: Request) -> Response:
    """GET: as a piece of the project's page, which comes again until all is looked through, or as a page."""
    piece = wants_fragment(request)
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = suggested_of(db, found, whole=not piece)
    if piece:
        return HTMLResponse(fragment("projects/_suggestions.html", context | {"in_place": True}))
    return render(request, "projects/suggestions.html", context | _told(request, found["id"]))


@takes_form()
def dismiss(request: Request, form: FormData) -> Response:
    """POST heard, meant: suggest it no more in this project."""
    pair = {name: text(form, name) for name in ("heard", "meant")}
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        suggestions.dismiss(db, found["id"], **pair)
        context = suggested_of(db, found, whole=False)
    if wants_fragment(request):
        told = {"notice": NOT_THIS, "undo_url": _undo_url(found["id"]), "undo_fields": pair}
        left = fragment("projects/_suggestions.html", context | {"opened": True, "in_place": True})
        return HTMLResponse(left + fragment("_notice.html", {**told, **IN_PLACE, "oob": True}))
    return RedirectResponse(f"/projects/{found['id']}/suggestions?{urlencode(pair)}", 303)


@takes_form()
def restore(request: Request, form: FormData) -> Response:
    """POST heard, meant: suggest it again."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        suggestions.restore(db, found["id"], text(form, "heard"), text(form, "meant"))
        return shown(request, db, found, {"note": "undone"})


NOT_THIS = "Not suggested again in this project."


def _undo_url(project_id: str) -> str:
    return f"/projects/{project_id}/suggestions/restore"


def _told(request: Request, project_id: str) -> dict[str, object]:
    """What a page without script says of what was dismissed just now."""
    pair = {name: request.query_params.get(name, "")[:200] for name in ("heard", "meant")}
    if not all(pair.values()):
        return {}
    return {"notice": NOT_THIS, "undo_url": _undo_url(project_id), "undo_fields": pair}
