"""A job's states as server-sent events: the latest one per change, until it has ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from draftmill.accounts import tokens
from draftmill.web.api import owned
from draftmill.web.numbers import number_in
from draftmill.web.services import database, services_of
from draftmill.web.streams import Listener

MEDIA_TYPE = "text/event-stream"
BEAT_S = 15.0
STALLED_S = 60.0
RETRY_MS = 1000
BEAT = b": still here\n\n"
GONE = b"event: deleted\ndata: {}\n\n"

Tell = Callable[[bytes], Awaitable[None]]

logger = logging.getLogger(__name__)


async def events(request: Request) -> Response:
    """GET: a stream; 204 when the job has ended and its end was seen, so that browsers stop."""
    state = await owned.state(request)
    seen = number_in(request.headers.get("last-event-id", "")) or 0
    if state.ended and seen >= state.rev:
        return Response(None, 204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return Response(None, 200, headers, MEDIA_TYPE)
    listener = Listener(request.state.user.id, request.path_params["job_id"])
    services_of(request).streams.enter(listener)
    return Stream(request, listener, seen, headers)


class Stream(Response):
    """The answer that goes on. `seen` is the last revision that the client has."""

    def __init__(
        self, request: Request, listener: Listener, seen: int, headers: dict[str, str]
    ) -> None:
        super().__init__(None, 200, headers, MEDIA_TYPE)
        del self.headers["content-length"]
        self._request = request
        self._listener = listener
        self._seen = seen
        self._streams = services_of(request).streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(text: bytes, more: bool = True) -> None:
            message = {"type": "http.response.body", "body": text, "more_body": more}
            await asyncio.wait_for(send(message), STALLED_S)

        gone = asyncio.ensure_future(_disconnected(receive))
        gone.add_done_callback(lambda _: self._listener.news.set())
        try:
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            await tell(b"retry: %d\n\n" % RETRY_MS)
            await self._go_on(tell, gone)
            await tell(b"", more=False)
        except TimeoutError:
            logger.info("the reader of an event stream has stopped reading")
        finally:
            gone.cancel()
            self._streams.leave(self._listener)

    async def _go_on(self, tell: Tell, gone: "asyncio.Future[None]") -> None:
        while not (gone.done() or self._streams.stopping):
            self._listener.news.clear()
            if self._listener.doubtful and not await self._still_welcome():
                return
            if not await self._tell_news(tell):
                return
            try:
                await asyncio.wait_for(self._listener.news.wait(), BEAT_S)
            except TimeoutError:
                await tell(BEAT)

    async def _tell_news(self, tell: Tell) -> bool:
        """Tell a state that the client has not seen. Returns whether there may be more."""
        state = await owned.state_if_any(self._request)
        if state is None:
            await tell(GONE)
            return False
        if state.rev > self._seen:
            self._seen = state.rev
            await tell(b"id: %d\nevent: job\ndata: %b\n\n" % (state.rev, state.body))
        return not state.ended

    async def _still_welcome(self) -> bool:
        """Whether the token that opened the stream is still one."""
        self._listener.doubtful = False

        def ask() -> bool:
            with database(self._request) as db:
                return tokens.exists(db, self._request.state.token)

        return await run_in_threadpool(ask)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
