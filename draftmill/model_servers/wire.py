"""The line to a server: where it leads, and how much comes over it before anybody reads it."""

from collections.abc import Callable, Iterable, Iterator

import httpx2

LARGEST_ERROR = 64_000  # bytes of an answer that is an error; what lies behind is left unread
UPGRADE = {("http", 80): ("https", 443)}  # the one change of place that is the same server


class AnswerTooLarge(httpx2.TransportError):
    """More bytes came than an answer may have, or a line of a stream has no end."""


class LedElsewhere(httpx2.TransportError):
    """A redirect to another server. `place` is its host, which was asked for nothing."""

    def __init__(self, place: str) -> None:
        super().__init__(f"redirected to {place}")
        self.place = place


class Counted(httpx2.SyncByteStream):
    """The bytes of an answer, counted as they come.

    Behind the `most` bytes an error is `cut`: its status says enough. Anything else raises
    AnswerTooLarge.
    """

    def __init__(
        self, pieces: Iterable[bytes], close: Callable[[], None], most: int, *, cut: bool
    ) -> None:
        self._pieces = pieces
        self._close = close
        self._most = most
        self._cut = cut

    def __iter__(self) -> Iterator[bytes]:
        left = self._most
        for piece in self._pieces:
            if len(piece) > left and not self._cut:
                raise AnswerTooLarge("too many bytes")
            yield piece[:left]
            left -= len(piece)
            if left < 0:
                return

    def close(self) -> None:
        self._close()


def guard(largest: int, largest_stream: int) -> Callable[[httpx2.Response], None]:
    """What a client does with each response before it reads its body.

    `largest` bytes may come as a whole, `largest_stream` as a stream of events.
    """

    def look_at(response: httpx2.Response) -> None:
        if response.has_redirect_location:
            _stay(response)
        refused = not response.is_success
        streams = "event-stream" in response.headers.get("content-type", "")
        most = LARGEST_ERROR if refused else largest_stream if streams else largest
        response.stream = _unpacked(response, most, cut=refused)
        if "content-encoding" in response.headers:
            del response.headers["content-encoding"]

    return look_at


def _unpacked(response: httpx2.Response, most: int, *, cut: bool) -> Counted:
    """A body unpacked in small steps, and counted before and after: a little packs a lot."""
    stream = response.stream
    assert isinstance(stream, httpx2.SyncByteStream)
    packed = Counted(stream, stream.close, most, cut=cut)
    inner = httpx2.Response(
        response.status_code, headers=response.headers, stream=packed, request=response.request
    )
    return Counted(inner.iter_bytes(), inner.close, most, cut=cut)


def _stay(response: httpx2.Response) -> None:
    """Raise LedElsewhere unless a redirect stays with the server; then the same is sent again."""
    asked = response.request.url
    try:
        target = asked.join(response.headers["location"])
    except httpx2.InvalidURL:
        raise LedElsewhere("a place that is no address") from None
    here, there = _door(asked), _door(target)
    if target.host != asked.host or there not in (here, UPGRADE.get(here)):
        raise LedElsewhere(target.host or "nowhere")
    response.headers["location"] = str(target)  # what was looked at, not what else it could mean
    # Of old, clients turn a 301 or 302 into a GET without a body: nothing would be asked.
    if response.status_code in (301, 302):
        response.status_code = 307


def _door(address: httpx2.URL) -> tuple[str, int]:
    ports = {"http": 80, "https": 443}
    return address.scheme, address.port or ports.get(address.scheme, 0)
