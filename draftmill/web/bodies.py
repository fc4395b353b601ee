"""What a request brings in its body, handed on as plain data."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.uploads import form
from draftmill.uploads.form import Form
from draftmill.uploads.multipart import CutUpload
from draftmill.web.numbers import number_in

PATIENCE_S = 10.0
SPREAD_S = 5.0  # a crowd that came at once is not refused at once
SLOWEST = 20_000  # bytes a second of the longest body that an address takes


class TooSlow(Problem):
    code = "too_slow"
    status = 408
    transient = True
    default_message = "What was sent did not arrive in time."
    default_hint = "Check the connection and send it again."


@asynccontextmanager
async def bounded(request: Request, most: int, too_large: type[Problem]) -> AsyncIterator[Request]:
    """The request, whose body has at most `most` bytes and as long as those may take.

    Reading more raises `too_large`, waiting longer TooSlow, and CutUpload when its sender left.
    """
    left = most

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large
        return message

    if (number_in(request.headers.get("content-length", "0")) or 0) > most:
        raise too_large
    try:
        with _whole():
            spread_s = random.uniform(0, SPREAD_S)  # noqa: S311
            async with asyncio.timeout(PATIENCE_S + spread_s + most / SLOWEST):
                yield Request(request.scope, receive)
    except TimeoutError:
        raise TooSlow from None


@contextmanager
def _whole() -> Iterator[None]:
    try:
        yield
    except ClientDisconnect:
        raise CutUpload from None


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises CutUpload when its sender is gone before the end."""
    with _whole():
        async for piece in request.stream():
            yield piece


async def receive_form(request: Request, settings: Settings, into: Form) -> None:
    """Read a multipart form; raises what `uploads.form.receive` does."""
    headers = request.headers
    await form.receive(
        into,
        settings,
        body_of(request),
        headers.get("content-type", ""),
        length=number_in(headers.get("content-length", "")) or 0,
        waits=headers.get("expect", "").lower() == "100-continue",
    )
