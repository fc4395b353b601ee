"""A job's states as server-sent events: the latest one per change, until it has ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import closing

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from draftmill.accounts import tokens
from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.web.api.jobs import state_for
from draftmill.web.api.states import Listener, States

MEDIA_TYPE = "text/event-stream"
MOST_STREAMS = 30  # of one user at a time
BEAT_S = 15.0
STALLED_S = 60.0
RETRY_MS = 1000
BEAT = b": still here\n\n"
GONE = b"event: deleted\ndata: {}\n\n"

Tell = Callable[[bytes], Awaitable[None]]

logger = logging.getLogger(__name__)


class TooManyStreams(Problem):
    code = "too_many_streams"
    status = 429
    default_message = f"{MOST_STREAMS} event streams are open already."
    default_hint = "Close some of them, or ask for the jobs' states instead."


class Streams:
    """The open streams of this process: how many each user has, and their end at a stop."""

    def __init__(self) -> None:
        self.stopping = False
        self._open: dict[Listener, int] = {}

    def enter(self, listener: Listener, user_id: int) -> None:
        """Raises TooManyStreams."""
        if sum(one == user_id for one in self._open.values()) >= MOST_STREAMS:
            raise TooManyStreams(retry_after_s=5.0)
        self._open[listener] = user_id

    def leave(self, listener: Listener) -> None:
        self._open.pop(listener, None)

    def stop(self) -> None:
        """End all streams: the server is about to leave."""
        self.stopping = True
        for listener in self._open:
            listener.wake()


async def events(request: Request) -> Response:
    """GET: a stream; 204 when the job has ended and its end was seen, so that browsers stop."""
    state = await state_for(request)
    seen = _number(request.headers.get("last-event-id", ""))
    if state.ended and seen >= state.rev:
        return Response(None, 204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return Response(None, 200, headers, MEDIA_TYPE)
    listener = Listener()
    request.app.state.streams.enter(listener, state.user_id)
    return Stream(request, listener, seen, headers)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


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
        self._job_id: str = request.path_params["job_id"]
        self._states: States = request.app.state.states
        self._streams: Streams = request.app.state.streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(text: bytes, more: bool = True) -> None:
            message = {"type": "http.response.body", "body": text, "more_body": more}
            await asyncio.wait_for(send(message), STALLED_S)

        gone = asyncio.ensure_future(_disconnected(receive))
        gone.add_done_callback(lambda _: self._listener.news.set())
        self._states.listen(self._job_id, self._listener)
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
            self._states.leave(self._listener)
            self._streams.leave(self._listener)

    async def _go_on(self, tell: Tell, gone: "asyncio.Future[None]") -> None:
        while not (gone.done() or self._streams.stopping):
            self._listener.news.clear()
            if self._listener.doubtful and not await self._still_welcome():
                return
            state = self._states.get(self._job_id) or await run_in_threadpool(
                self._states.read, self._job_id
            )
            if state is None:
                await tell(GONE)
                return
            if state.rev > self._seen:
                self._seen = state.rev
                await tell(b"id: %d\nevent: job\ndata: %b\n\n" % (state.rev, state.body))
            if state.ended:
                return
            try:
                await asyncio.wait_for(self._listener.news.wait(), BEAT_S)
            except TimeoutError:
                await tell(BEAT)

    async def _still_welcome(self) -> bool:
        """Whether the token that opened the stream is still one."""
        self._listener.doubtful = False
        settings: Settings = self._request.app.state.settings

        def ask() -> bool:
            with closing(connect(settings.database)) as db:
                return tokens.exists(db, self._request.state.token)

        return await run_in_threadpool(ask)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
