"""What the form of a desk sends: a person's text, saved before anything else is done with the draft."""

import sqlite3
from collections.abc import Callable
from functools import wraps

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from content_actions import ContentType
from draftmill.drafts import editing
from draftmill.drafts.editing import Saved, StaleBase
from draftmill.drafts.versions import Version
from draftmill.web.forms import LARGE, Endpoint, takes_form, text
from draftmill.web.render import render, wants_json
from draftmill.web.services import database
from draftmill.web.views.draft_view import current_of, find, url_of
from draftmill.web.views.version_list import both_of


def saves_first(handler: Callable[[Request], Response]) -> Endpoint:
    """Makes the endpoint of a button of the desk: without a script it brings what was typed along."""

    @takes_form(LARGE, max_fields=500)
    @wraps(handler)
    def endpoint(request: Request, form: FormData) -> Response:
        user_id = request.state.user.id
        try:
            if "based_on" in form:
                with database(request) as db:
                    found, content = find(db, user_id, request.path_params)
                    save_typed(db, user_id, found, content, form)
        except StaleBase as stale:
            return kept_aside(request, stale)
        return handler(request)

    return endpoint


def save_typed(
    db: sqlite3.Connection, user_id: int, found: sqlite3.Row, content: ContentType, form: FormData
) -> Saved:
    """Save the text of the form, as editing.save does."""
    body, fields = body_of(form, content), fields_of(form, current_of(db, found, content))
    title, base = text(form, "title"), text(form, "based_on")
    return editing.save(db, found["id"], content.type, user_id, title, body, fields, base)


def body_of(form: FormData, content: ContentType, *, empty: bool = False) -> str | list[str]:
    """The text as it was sent, of posts those that are not empty, or all."""
    if content.shape == "article":
        return text(form, "body")
    texts = [str(post).replace("\r\n", "\n").strip() for post in form.getlist("post")]
    return [post for post in texts if post or empty]


def fields_of(form: FormData, current: Version) -> dict[str, object]:
    """The fields of the draft as they were, but for what was sent."""
    sent = {"preview": text(form, "preview")} if "preview" in form else {}
    return {**current.fields, **sent}


def kept_aside(request: Request, stale: StaleBase) -> Response:
    """409: both texts side by side, or where they are."""
    if not wants_json(request):
        return show_both(request, stale.stored.n, 409)
    with database(request) as db:
        url = url_of(*find(db, request.state.user.id, request.path_params))
    error = {"code": stale.code, "message": stale.message, "hint": stale.hint}
    differs = f"{url}/versions/compare?new={stale.stored.n}"
    both = f"{url}/versions?beside={stale.stored.n}"
    return JSONResponse({"error": error, "url": both, "differs": differs}, 409)


def show_both(request: Request, yours: int, status: int) -> Response:
    """A text that was kept aside and the current one, side by side."""
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        context = both_of(db, found, content, yours)
    return render(request, "drafts/conflict.html", context, status)
