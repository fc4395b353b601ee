"""Headers that every answer carries: what a page may load, and what a cache may keep."""

import math

from starlette.responses import Response
from starlette.types import Message, Scope, Send

from draftmill.errors import Problem

RawHeaders = list[tuple[bytes, bytes]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS: RawHeaders = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
SECURE: RawHeaders = [*ALWAYS, (b"strict-transport-security", b"max-age=31536000")]
NAMES = frozenset(name for name, _ in SECURE)


def guarded(scope: Scope, send: Send) -> Send:
    """A `send` that completes the headers of the answer. What a handler set itself stays."""

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _complete(scope, message.get("headers", []))
        await send(message)

    return send_guarded


def retry_told(answer: Response, problem: Problem) -> Response:
    """The answer to a refused request, with when to ask again where that is known."""
    if problem.retry_after_s is not None:
        answer.headers["Retry-After"] = str(math.ceil(problem.retry_after_s))
    return answer


def _complete(scope: Scope, headers: RawHeaders) -> RawHeaders:
    present = dict(headers)
    security = SECURE if scope["scheme"] == "https" else ALWAYS
    if not NAMES.isdisjoint(present):
        security = [header for header in security if header[0] not in present]
    complete = [*headers, *security]
    complete += scope["state"].get("told", ())
    if b"cache-control" not in present:
        kept = _kept(scope, present.get(b"content-type", b""))
        if kept:
            complete.append((b"cache-control", kept))
    return complete


def _kept(scope: Scope, content_type: bytes) -> bytes:
    if scope["path"].startswith("/static/"):
        return b"no-cache"
    if content_type.startswith(b"text/html"):
        return b"no-store"
    return b"private, no-cache" if scope["state"].get("user") else b""
