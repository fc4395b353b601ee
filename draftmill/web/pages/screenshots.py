"""A screenshot looked at in place, and put into a draft."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from draftmill.drafts import placing
from draftmill.projects.project import project_for
from draftmill.web.forms import sent, takes_form, text
from draftmill.web.pages.changed import placed
from draftmill.web.render import render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.draft_view import find
from draftmill.web.views.shot_panel import panel_of


def page(request: Request) -> Response:
    """GET one screenshot: a page, or a piece for the project's page."""
    with database(request) as db:
        found = project_for(db, request.state.user.id, request.path_params["project_id"])
        context = panel_of(db, found, request.path_params["n"])
    name = "projects/_shot.html" if wants_fragment(request) else "projects/shot.html"
    return render(request, name, context | {"in_panel": wants_fragment(request)})


@takes_form()
def put(request: Request, form: FormData) -> Response:
    """POST type, place ("beside" or "end"), alt: put it into that draft."""
    user_id, n = request.state.user.id, request.path_params["n"]
    address = {**request.path_params, "type": text(form, "type")}
    with database(request) as db:
        found, content = find(db, user_id, address)
        beside = text(form, "place") == "beside"
        made = placing.put(db, found["id"], content.type, user_id, n, beside, sent(form, "alt"))
    return placed(request, found, content, made)
