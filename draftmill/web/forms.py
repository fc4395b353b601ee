"""What a browser sends: the fields of small forms."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from draftmill.uploads.form import TextTooLong
from draftmill.uploads.urlencoded import fields_of, is_urlencoded
from draftmill.web.bodies import bounded

Handler = Callable[[Request, FormData], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

SMALL = 64 * 1024  # bytes as they are sent: a character takes up to twelve
LARGE = 4 * 2**20  # for a draft, which may have a megabyte before it is written for sending


def takes_form(most: int = SMALL, max_fields: int = 20) -> Callable[[Handler], Endpoint]:
    """Makes a POST's endpoint: its handler gets the form and runs in a thread.

    `most` is how many bytes the body may have.
    """

    def endpoint_of(handler: Handler) -> Endpoint:
        @wraps(handler)
        async def endpoint(request: Request) -> Response:
            async with bounded(request, most, TextTooLong) as sender:
                if is_urlencoded(request.headers.get("content-type", "")):
                    fields = await run_in_threadpool(fields_of, await sender.body(), max_fields)
                    form = FormData([*fields])
                else:
                    form = await sender.form(max_files=0, max_fields=max_fields, max_part_size=most)
            return await run_in_threadpool(handler, request, form)

        return endpoint

    return endpoint_of


def text(form: FormData, name: str) -> str:
    """A field's text, "" without the field."""
    return str(form.get(name, ""))


def sent(form: FormData, name: str) -> str | None:
    """A field's text, None without the field: what is empty was emptied."""
    return text(form, name) if name in form else None
