"""What a browser without scripts sent after its session had ended: shown again, to be sent again."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from draftmill.uploads.multipart import BadForm
from draftmill.uploads.urlencoded import fields_of, is_urlencoded

MOST = 4 * 2**20  # bytes: as much as the form of a draft may have
MOST_FIELDS = 500
# Everything below belongs to one user: sent again by another, it meets nothing.
OWNED = "/projects/"


async def carried_fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form about somebody's project; none if it is too much, or no such form.

    Only for a browser that comes from our own page and once had a session: nobody else makes us
    read so much.
    """
    kind = request.headers.get("content-type", "")
    if not is_urlencoded(kind) or not request.url.path.startswith(OWNED):
        return []
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST:
                return []
        return await run_in_threadpool(fields_of, bytes(body), MOST_FIELDS)
    except (ClientDisconnect, BadForm):
        return []
