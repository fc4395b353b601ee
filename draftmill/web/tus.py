"""Resumable uploads over HTTP: the tus protocol, version 1.0.0 (https://tus.io).

Core, and the extensions creation, creation-with-upload, termination and expiration.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import format_datetime
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from draftmill.clock import moment
from draftmill.errors import Problem
from draftmill.uploads import resumable
from draftmill.uploads.names import display_name
from draftmill.uploads.receiving import Arrivals, BrokenOff
from draftmill.uploads.resumable import Upload
from draftmill.web.bodies import body_of
from draftmill.web.middleware.bearer import NoToken, authorization_of
from draftmill.web.numbers import number_in
from draftmill.web.render import refuse_as_json
from draftmill.web.services import database, services_of, settings_of

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
BYTES = "application/offset+octet-stream"
MOST_METADATA = 4096  # characters

Handler = Callable[[Request], Awaitable[Response]]


class WrongVersion(Problem):
    code = "wrong_version"
    status = 412
    default_message = f"Only version {VERSION} of the tus protocol is spoken here."
    default_hint = f"Send the header Tus-Resumable: {VERSION}."


class BadHeader(Problem):
    code = "bad_header"
    status = 400


class NoBytes(Problem):
    code = "no_bytes"
    status = 415
    default_message = f"The content type has to be {BYTES}."
    default_hint = "Send the bytes of the file, and nothing around them."


def spoken(handler: Handler) -> Handler:
    """The handler as tus wants it: the version is checked and told, refusals are JSON."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            if method_of(request) == "OPTIONS":
                response = Response(status_code=204)
            elif request.headers.get("tus-resumable") != VERSION:
                raise WrongVersion
            else:
                response = await handler(request)
        except Problem as problem:
            response = refuse_as_json(problem)
            if isinstance(problem, BrokenOff | NoToken):
                response.headers["Connection"] = "close"
        response.headers.update(_told(request, response.status_code))
        return response

    return answer


def _told(request: Request, status: int) -> dict[str, str]:
    """What the protocol says of itself: all to who asks, else what an answer needs."""
    asks = method_of(request) == "OPTIONS"
    headers = {"Tus-Resumable": VERSION}
    if asks or status == 412:
        headers["Tus-Version"] = VERSION
    if asks or status == 413:
        headers["Tus-Max-Size"] = str(settings_of(request).max_upload)
    if asks:
        headers["Tus-Extension"] = EXTENSIONS
    return headers


def method_of(request: Request) -> str:
    """The method, also of a client that can only POST."""
    if request.method != "POST":
        return request.method
    return request.headers.get("x-http-method-override", "POST").upper()


def arrivals_of(request: Request) -> Arrivals:
    """Who writes to which upload in this process."""
    return services_of(request).arrivals


@spoken
async def uploads(request: Request) -> Response:
    """POST: a new upload, with its first bytes if the client sends some along."""
    upload = await run_in_threadpool(_create, request)
    headers = {"Location": f"/uploads/{upload.id}", "Upload-Expires": _expiry(upload)}
    if request.headers.get("content-type") == BYTES:
        headers["Upload-Offset"] = str(await _append(request, upload, 0))
    return Response(status_code=201, headers=headers)


def _create(request: Request) -> Upload:
    length = _whole_number(request, "upload-length")
    metadata = request.headers.get("upload-metadata", "")
    settings, user_id = settings_of(request), request.state.user.id
    with database(request) as db:
        return resumable.create(db, settings, user_id, length, file_name_in(metadata), metadata)


@spoken
async def upload(request: Request) -> Response:
    """HEAD: where it stands. PATCH: it goes on. DELETE: it is given up."""
    found = await _find(request)
    return await METHODS.get(method_of(request), _not_this)(request, found)


async def _head(request: Request, upload: Upload) -> Response:
    await arrivals_of(request).make_way(upload.id)
    upload = await _find(request)
    headers = {
        "Upload-Offset": str(resumable.arrived(settings_of(request), upload)),
        "Upload-Length": str(upload.length),
        "Upload-Expires": _expiry(upload),
        "Cache-Control": "no-store",
    }
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    return Response(headers=headers)


async def _patch(request: Request, upload: Upload) -> Response:
    if request.headers.get("content-type") != BYTES:
        raise NoBytes
    stands = await _append(request, upload, _whole_number(request, "upload-offset"))
    upload = await _find(request)
    headers = {"Upload-Offset": str(stands), "Upload-Expires": _expiry(upload)}
    return Response(status_code=204, headers=headers)


async def _delete(request: Request, upload: Upload) -> Response:
    await arrivals_of(request).end(upload.id)

    def discard() -> None:
        with database(request) as db:
            resumable.discard(db, settings_of(request), upload.id)

    await run_in_threadpool(discard)
    return Response(status_code=204)


async def _not_this(request: Request, upload: Upload) -> Response:
    raise BadHeader("X-HTTP-Method-Override has to be PATCH or DELETE.")


METHODS: Mapping[str, Callable[[Request, Upload], Awaitable[Response]]] = {
    "HEAD": _head,
    "PATCH": _patch,
    "DELETE": _delete,
}


async def _find(request: Request) -> Upload:
    def find() -> Upload:
        with database(request) as db:
            return resumable.upload_for(
                db,
                settings_of(request),
                request.state.user.id,
                request.path_params["upload_id"],
            )

    return await run_in_threadpool(find)


async def _append(request: Request, upload: Upload, offset: int) -> int:
    coming = None
    if "content-length" in request.headers:
        coming = _whole_number(request, "content-length")
    return await arrivals_of(request).append(upload, offset, _body(request), coming)


async def _body(request: Request) -> AsyncIterator[bytes]:
    """What comes, for as long as the token that opened the door is one. Raises NoToken."""
    bearers = services_of(request).bearers
    by_token = request.state.token is not None
    authorization = authorization_of(request.scope) or ""
    async for piece in body_of(request):
        # A look into memory: only who was dropped there is read again.
        if by_token:
            bearers.find(authorization)
        yield piece


def _whole_number(request: Request, name: str) -> int:
    number = number_in(request.headers.get(name, ""))
    if number is None:
        raise BadHeader(f"The header {name.title()} has to be a number of bytes.", "")
    return number


def _expiry(upload: Upload) -> str:
    return format_datetime(moment(upload.expires_at).replace(microsecond=0), usegmt=True)


def file_name_in(metadata: str) -> str:
    """The file's name in an Upload-Metadata header, as it can be shown. Raises BadHeader."""
    if len(metadata) > MOST_METADATA:
        raise BadHeader(f"Upload-Metadata is longer than {MOST_METADATA} characters.", "")
    values: dict[str, bytes] = {}
    for pair in metadata.split(",") if metadata.strip() else ():
        key, _, encoded = pair.strip().partition(" ")
        try:
            values[key] = base64.b64decode(encoded.strip(), validate=True)
        except binascii.Error:
            raise BadHeader("Upload-Metadata has to be pairs of a name and Base64.", "") from None
    return display_name(values.get("filename") or values.get("name") or b"")
