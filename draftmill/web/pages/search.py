"""Search everywhere: a page, and what its field shows while somebody types."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from draftmill.search.everywhere import search
from draftmill.search.words import QUERY_CHARACTERS
from draftmill.web.render import fragment, render, wants_fragment
from draftmill.web.services import database
from draftmill.web.views.found import groups_of


def page(request: Request) -> Response:
    """GET: what of the user's has the words `q`; for htmx the results alone."""
    query = request.query_params.get("q", "").strip()[:QUERY_CHARACTERS]
    with database(request) as db:
        found = search(db, request.state.user.id, query)
    groups = groups_of(found)
    context = {"query": query, "groups": groups, "words": found.words.words}
    if not wants_fragment(request):
        return render(request, "search/page.html", context)
    count = sum(len(one.lines) or 1 for _, found_here in groups for one in found_here)
    html = fragment("search/_answer.html", {**context, "count": count})
    return HTMLResponse(html, headers={"Vary": "HX-Request"})
