"""What a request brings in its body, handed on as plain data."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from draftmill.settings import Settings
from draftmill.uploads import form
from draftmill.uploads.form import Form
from draftmill.uploads.multipart import CutUpload


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises CutUpload when its sender is gone before the end."""
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect:
        raise CutUpload from None


async def receive_form(request: Request, settings: Settings, into: Form) -> None:
    """Read a multipart form; raises what `uploads.form.receive` does."""
    headers = request.headers
    await form.receive(
        into,
        settings,
        body_of(request),
        headers.get("content-type", ""),
        length=int(headers.get("content-length", 0)),
        waits=headers.get("expect", "").lower() == "100-continue",
    )
