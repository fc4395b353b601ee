"""What a browser sends: the fields of forms, and numbers in addresses."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request, FormData], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

LARGEST = 10**9  # an address may name more than a database can count


def takes_form(max_fields: int = 20, max_part_size: int = 2**20) -> Callable[[Handler], Endpoint]:
    """Makes a POST's endpoint: its handler gets the form and runs in a thread. Sizes in bytes."""

    def endpoint_of(handler: Handler) -> Endpoint:
        @wraps(handler)
        async def endpoint(request: Request) -> Response:
            limits = {"max_fields": max_fields, "max_part_size": max_part_size}
            async with request.form(max_files=0, **limits) as form:
                return await run_in_threadpool(handler, request, form)

        return endpoint

    return endpoint_of


def text(form: FormData, name: str) -> str:
    """A field's text, "" without the field."""
    return str(form.get(name, ""))


def sent(form: FormData, name: str) -> str | None:
    """A field's text, None without the field: what is empty was emptied."""
    return text(form, name) if name in form else None


def number_in(text: str) -> int | None:
    """A whole number that a database can hold, else None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def number_at(request: Request, name: str) -> int:
    """The number in an address; one that is too large becomes another that nothing has."""
    return min(int(request.path_params[name]), LARGEST)
