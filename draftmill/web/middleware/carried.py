"""What a browser without scripts sent after its session had ended: shown again, to be sent again."""

from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MOST = 4 * 2**20  # bytes: as much as the form of a draft may have
MOST_FIELDS = 500
# Everything below belongs to one user: sent again by another, it meets nothing.
OWNED = "/projects/"


async def carried_fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form about somebody's project; none if it is too much, or no such form.

    Only for a browser that comes from our own page and once had a session: nobody else makes us
    read so much.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded" or not request.url.path.startswith(OWNED):
        return []
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST:
                return []
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ClientDisconnect, ValueError):
        return []
