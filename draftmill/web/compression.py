"""Pages, JSON and text go out compressed, by Starlette's own middleware.

Not the poll: it is asked for once a second, is small, and must not cost more than a look-up. Not
recordings: they are compressed already, and sought in. And nothing that another site makes a
browser ask for: who can choose a part of a page and see how long the answer is could else guess
what stands beside it, letter by letter (BREACH).
"""

from collections.abc import Awaitable

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNPACKED_ENDINGS = ("/pill", "/pills", "/recording")
LEVEL = 6  # of 9: the last per cents cost twice the time
PACKED_ALREADY = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


class Compression:
    """Around the site map. A strong ETag becomes a weak one: it names the text, not these bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packing = GZipMiddleware(
            app, compresslevel=LEVEL, exclude_content_types=PACKED_ALREADY
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http" and _may_be_packed(scope):
            return self._packing(scope, receive, _weakened(send))
        return self._app(scope, receive, send)


def takes_gzip(headers: Headers) -> bool:
    """Whether a client takes compressed answers."""
    offered = headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    return any(one == "gzip" or (one.startswith("gzip;") and _wished(one)) for one in offered)


def _wished(offered: str) -> bool:
    return offered.partition("q=")[2].strip("0.") != ""


def _may_be_packed(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    ours = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return ours and takes_gzip(headers) and not scope["path"].endswith(UNPACKED_ENDINGS)


def _weakened(send: Send) -> Send:
    async def send_weakened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if "content-encoding" in headers and headers.get("etag", "").startswith('"'):
                headers["etag"] = f"W/{headers['etag']}"
        await send(message)

    return send_weakened
