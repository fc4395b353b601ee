"""The poll, a second's most frequent request: what is in memory is answered before any routing."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send

from draftmill.web.live import Live, Shown

BEFORE, AFTER = "/jobs/", "/pill"
HTML = (b"content-type", b"text/html; charset=utf-8")


class Polls:
    """Around the application, inside its door: a signed-in user's own pill, if it is in memory.

    All else goes on to the site map, whose route for the same address says the same and more:
    what is not in memory yet, was deleted, or asked for by somebody who is signed out.
    """

    def __init__(self, app: ASGIApp, live: Live) -> None:
        self._app = app
        self._live = live

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        pill = self._pill(scope) if scope["type"] == "http" else None
        return self._app(scope, receive, send) if pill is None else _answer(pill, send)

    def _pill(self, scope: Scope) -> Shown | None:
        path, user = scope["path"], scope["state"]["user"]
        if user is None or scope["method"] != "GET" or not path.endswith(AFTER):
            return None
        job_id = path.removeprefix(BEFORE).removesuffix(AFTER)
        return self._live.get(user.id, job_id) if path.startswith(BEFORE) else None


async def _answer(pill: Shown, send: Send) -> None:
    body = bytes(pill)
    headers = [(b"content-length", b"%d" % len(body)), HTML]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
