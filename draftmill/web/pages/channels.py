"""Where else a person is told of what ended: preferences, channels, and what came of sending."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from draftmill.errors import Problem
from draftmill.notifications import channels
from draftmill.notifications.preferences import (
    BadPreference,
    Preferences,
    prefer,
    preferences_of,
)
from draftmill.web.forms import takes_form, text
from draftmill.web.numbers import number_in
from draftmill.web.render import render, render_form
from draftmill.web.services import database, settings_of
from draftmill.web.views.channels import listed, listed_one, tries
from draftmill.workers import postman

PAGE = "/account/channels"
MOST_TRIES = 50
NOTICES = {
    "wishes": "Saved.",
    "added": "The channel is added. Send a test to see that it works.",
    "removed": "The channel is removed.",
}


def page(request: Request) -> Response:
    """GET: all of it, and whether a change was `saved`."""
    return _page(request, notice=NOTICES.get(request.query_params.get("saved", ""), ""))


@takes_form()
def wish(request: Request, form: FormData) -> Response:
    """POST where, minutes, away: where to be told, and outside of the app only of what."""
    minutes = number_in(text(form, "minutes").strip())
    try:
        if minutes is None:
            raise BadPreference
        wished = Preferences(text(form, "where"), minutes, "away" in form)  # type: ignore[arg-type]
        with database(request) as db:
            prefer(db, request.state.user.id, wished)
    except Problem as problem:
        return _page(request, problem, "wishes")
    return RedirectResponse(f"{PAGE}?saved=wishes", 303)


@takes_form()
def add(request: Request, form: FormData) -> Response:
    """POST name, address. A webhook's key is shown in the answer, for no other page ever can."""
    name, address = text(form, "name"), text(form, "address")
    try:
        with database(request) as db:
            user_id, settings = request.state.user.id, settings_of(request)
            channel, key = channels.add(db, settings, user_id, name, address)
    except Problem as problem:
        return _page(request, problem, "channel", name=name)
    if key:
        return _log(request, channel.id, key=key)
    return RedirectResponse(f"{PAGE}?saved=added", 303)


def log(request: Request) -> Response:
    """GET: one channel, and what came of what was sent by it."""
    tested = request.query_params.get("tested") == "1"
    return _log(request, request.path_params["channel_id"], tested)


def test(request: Request) -> Response:
    """POST: send a test now, and show what came of it."""
    channel_id = request.path_params["channel_id"]
    with database(request) as db:
        channel = channels.channel_for(db, request.state.user.id, channel_id)
        postman.try_out(db, settings_of(request), channel)
    return RedirectResponse(f"{PAGE}/{channel_id}?tested=1", 303)


def remove(request: Request) -> Response:
    """POST: remove a channel with its log, and with what was still to be sent."""
    with database(request) as db:
        channels.remove(db, request.state.user.id, request.path_params["channel_id"])
    return RedirectResponse(f"{PAGE}?saved=removed", 303)


def _page(
    request: Request,
    problem: Problem | None = None,
    problem_in: str = "",
    notice: str = "",
    name: str = "",
) -> Response:
    user_id, settings = request.state.user.id, settings_of(request)
    with database(request) as db:
        context = {
            "channels": listed(db, user_id),
            "wished": preferences_of(db, user_id),
            "mail": bool(settings.smtp_host and settings.smtp_from),
            "email": request.state.user.email,
            "examples": channels.examples(),
            "problem_in": problem_in,
            "notice": notice,
            "name": name,
        }
    return render_form(request, "account/channels.html", context, problem)


def _log(request: Request, channel_id: int, tested: bool = False, key: str = "") -> Response:
    with database(request) as db:
        channel = channels.channel_for(db, request.state.user.id, channel_id)
        context = {
            "one": listed_one(db, channel),
            "tries": tries(db, channel, MOST_TRIES),
            "tested": tested,
            "key": key,
        }
    return render(request, "account/channel.html", context)
