"""What ended while the user was elsewhere: in the header of every page, and as a list."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from draftmill.notifications import inbox
from draftmill.projects.ended import page_of
from draftmill.web.indicators import news_of
from draftmill.web.middleware.access import way_back
from draftmill.web.numbers import number_in
from draftmill.web.render import fragment, render
from draftmill.web.services import database, services_of
from draftmill.web.views.notices import told

PAGE = 50


def indicator(request: Request) -> Response:
    """GET, the header's poll: what is at work, and what was not shown yet to a page open for ?open= seconds."""
    if request.state.user is None:
        return HTMLResponse(fragment("_signed_out.html", {"url": way_back(request)}), 401)
    services, user_id = services_of(request), request.state.user.id
    open_s = number_in(request.query_params.get("open", "")) or 0
    with database(request) as db:
        news = news_of(db, services.indicators, user_id, open_s)
    if news.fresh:
        services.channel.pass_on(user_id, news)
    if news.others:
        services.channel.is_shown(user_id, news.others)
    return HTMLResponse(news.html())


def page(request: Request) -> Response:
    """GET before: the newest notifications, or those before a number."""
    before = number_in(request.query_params.get("before", ""))
    with database(request) as db:
        found = inbox.newest(db, request.state.user.id, PAGE + 1, before)
        unread = inbox.unread(db, request.state.user.id) > 0
    context = {
        "told": [told(notice) for notice in found[:PAGE]],
        "unread": unread,
        "paged": before is not None,
        "following": found[PAGE - 1].id if len(found) > PAGE else None,
    }
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
