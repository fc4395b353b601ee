"""Search everywhere: a page, and what its field shows while somebody types."""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from draftmill.search.everywhere import FIRST, search
from draftmill.search.words import QUERY_CHARACTERS
from draftmill.web.render import fragment, render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.found import Kind, kinds_of

BEFORE = re.compile(r"[0-9]{1,18}", re.ASCII)


def page(request: Request) -> Response:
    """GET: what of the user's has the words `q`; for htmx the results alone.

    With a `kind` that alone, a page at a time: `before` is where the page before it ended.
    """
    asked = request.query_params
    query = asked.get("q", "").strip()[:QUERY_CHARACTERS]
    kind = asked.get("kind", "") if asked.get("kind") in FIRST else ""
    before = int(asked["before"]) if BEFORE.fullmatch(asked.get("before", "")) else None
    with database(request) as db:
        found = search(db, request.state.user.id, query, kind, before)
    kinds = kinds_of(found, query, kind)
    context = {"query": query, "kinds": kinds, "kind": kind, "words": found.words.words}
    if not wants_fragment(request):
        return render(request, "search/page.html", context)
    html = fragment("search/_answer.html", {**context, "count": _count(kinds)})
    return HTMLResponse(html, headers={"Vary": "HX-Request"})


def _count(kinds: Sequence[Kind]) -> str:
    """How many places are shown, "+" where there are more."""
    count = sum(len(group.lines) or 1 for kind in kinds for group in kind.groups)
    more = any(kind.more_url or any(g.more_url for g in kind.groups) for kind in kinds)
    return f"{count}{'+' * more}" if count else ""
