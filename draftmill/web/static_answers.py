"""Answers to who asks for a static file: what has its hash in its name is kept for a year."""

from pathlib import PurePosixPath

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from draftmill.web.compression import takes_gzip
from draftmill.web.views.static_files import StaticFile, by_hashed_name

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class StaticAnswers(StaticFiles):
    """A file by its hashed name, for ever; by its plain name, to be asked for again each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        file = by_hashed_name().get(path)
        if file is None:
            return await super().get_response(path, scope)
        if file.body is None:
            answer = await super().get_response(file.name, scope)
        else:
            answer = _from_memory(file, file.body, scope)
        answer.headers["Cache-Control"] = FOR_EVER
        return answer


def _from_memory(file: StaticFile, body: bytes, scope: Scope) -> Response:
    if scope["method"] not in ("GET", "HEAD"):
        raise HTTPException(405, headers={"Allow": "GET, HEAD"})
    headers = {"Content-Type": TYPES[PurePosixPath(file.name).suffix], "Vary": "Accept-Encoding"}
    if file.packed and takes_gzip(Headers(scope=scope)):
        return Response(file.packed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(body, headers=headers)
