"""The versions of a draft: all of them, two side by side, what differs, and going back to one."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from draftmill.drafts import editing
from draftmill.drafts.taking import take_passage
from draftmill.errors import NotFound
from draftmill.web.numbers import number_in
from draftmill.web.pages.desk_form import saves_first, show_both
from draftmill.web.render import fragment, render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.difference import compared
from draftmill.web.views.draft_view import current_of, find, url_of
from draftmill.web.views.version_list import history_of


def versions(request: Request) -> Response:
    """GET versions, newest first, `before` pages; `beside` shows that one and the current one.

    `open` is the one that is unfolded.
    """
    asked = (number_in(request.query_params.get(n, "")) for n in ("beside", "before", "open"))
    beside, before, opened = asked
    if beside is not None:
        return show_both(request, beside, 200)
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        context = history_of(db, found, content, before, opened)
    return render(request, "drafts/versions.html", context)


def compare(request: Request) -> Response:
    """GET what differs from `old` (the current version if it is not said) to `new`."""
    asked = (number_in(request.query_params.get(n, "")) for n in ("old", "new", "took", "made"))
    old, new, took, made = asked
    if new is None:
        raise NotFound
    with database(request) as db:
        found, content = find(db, request.state.user.id, request.path_params)
        context = compared(db, found, content, old, new, took, made)
    if wants_fragment(request):
        on_desk = {"takes": "desk" if "takes" in request.query_params else ""}
        return HTMLResponse(fragment("drafts/_difference.html", context | on_desk))
    return render(request, "drafts/compare.html", context)


@saves_first
def take(request: Request) -> Response:
    """POST: put one paragraph, post or title of version n into the draft; `difference` says which."""
    user_id, n = request.state.user.id, request.path_params["n"]
    chosen = request.query_params.get("difference", "")
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        took = take_passage(db, found["id"], content.type, user_id, n, chosen)
        made = current_of(db, found, content).n
    told = f"&took={took}&made={made}" if took else ""
    return RedirectResponse(f"{url_of(found, content)}/versions/compare?new={n}{told}", 303)


@saves_first
def restore(request: Request) -> Response:
    """POST: go on with another version; `undoes` is the one that it takes back, where it does."""
    user_id, n = request.state.user.id, request.path_params["n"]
    undoes = number_in(request.query_params.get("undoes", ""))
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        before = current_of(db, found, content)
        shown = editing.go_back(db, found["id"], content.type, n, user_id, undoes)
    told = f"?shown={shown.n}&before={before.n}" if shown.id != before.id else ""
    return RedirectResponse(url_of(found, content) + told, 303)


@saves_first
def decline(request: Request) -> Response:
    """POST: go on with one's own text instead of version n, which is offered."""
    return _offered(request, declined=True)


def offer_again(request: Request) -> Response:
    """POST: offer version n again."""
    return _offered(request, declined=False)


def _offered(request: Request, *, declined: bool) -> Response:
    user_id, n = request.state.user.id, request.path_params["n"]
    with database(request) as db:
        found, content = find(db, user_id, request.path_params)
        editing.decline(db, found["id"], content.type, n, user_id, declined)
    return RedirectResponse(url_of(found, content) + f"?declined={n}" * declined, 303)
