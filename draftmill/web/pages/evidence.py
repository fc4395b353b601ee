"""What a draft rests on: as a page, as what the desk opens beside a paragraph, and looked at."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from draftmill.drafts.looked import look_at
from draftmill.errors import NotFound
from draftmill.web.render import fragment, render, wants_json
from draftmill.web.services import database, settings_of
from draftmill.web.views.draft_view import current_of, find, url_of
from draftmill.web.views.evidence import ground_of, page_of


def page(request: Request) -> Response:
    """GET the evidence of each paragraph."""
    user_id = request.state.user.id
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        context = page_of(db, settings_of(request), user_id, found, content)
    return render(request, "drafts/evidence.html", context)


def ground(request: Request) -> Response:
    """GET what one paragraph rests on."""
    user_id, hash = request.state.user.id, request.path_params["hash"]
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        context = ground_of(db, settings_of(request), user_id, found, content, hash)
    if context is None:
        raise NotFound("This paragraph is not in the draft any more.", "Reload the page.")
    return HTMLResponse(fragment("drafts/_ground.html", context))


def look(request: Request) -> Response:
    """POST: this paragraph was looked at."""
    user_id, hash = request.state.user.id, request.path_params["hash"]
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        look_at(db, user_id, current_of(db, found, content), hash)
    if wants_json(request):
        return JSONResponse({"hash": hash})
    return RedirectResponse(f"{url_of(found, content)}/evidence", 303)
