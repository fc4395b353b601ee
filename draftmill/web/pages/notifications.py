"""What ended while the user was elsewhere: in the header of every page, and as a list."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from draftmill.notifications import inbox
from draftmill.projects.ended import page_of
from draftmill.web.render import fragment, render
from draftmill.web.services import database
from draftmill.web.views.notices import news_of, told

PAGE = 50


def indicator(request: Request) -> Response:
    """GET, the header's poll: what is at work, and what has not been shown yet."""
    with database(request) as db:
        context = news_of(db, request.state.user.id, oob=False)
    return HTMLResponse(fragment("_news.html", context))


def page(request: Request) -> Response:
    """GET: the newest notifications."""
    with database(request) as db:
        found = inbox.newest(db, request.state.user.id, PAGE)
        unread = inbox.unread(db, request.state.user.id) > 0
    context = {"told": [told(notice) for notice in found], "unread": unread}
    return render(request, "notifications/list.html", context)


def read_all(request: Request) -> Response:
    """POST: mark all as read."""
    with database(request) as db:
        inbox.read_all(db, request.state.user.id)
    return RedirectResponse("/notifications", 303)


def follow(request: Request) -> Response:
    """GET: mark one as read, and lead to what it tells of."""
    with database(request) as db:
        notice = inbox.read(db, request.state.user.id, request.path_params["number"])
    return RedirectResponse(page_of(notice), 303)
