"""uvicorn with the consumers beside it: their care, the sweep of connections, the stop."""

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from draftmill.processes import children
from draftmill.web import connections
from draftmill.web.streams import Streams
from draftmill.workers.consumers import ConsumerProcess

GRACE_S = 4.0  # from the first signal to stop until we leave whatever hangs
TICK_S = 5.0


class Server(uvicorn.Server):
    """uvicorn, with consumers beside it that end first, and no signal raised again at the end."""

    def __init__(
        self,
        config: uvicorn.Config,
        consumers: list[ConsumerProcess],
        streams: Streams,
        ready: Callable[[], object],
    ) -> None:
        """`ready` is called once, when it answers."""
        super().__init__(config)
        self.consumers = consumers
        self.streams = streams
        self.ready = ready
        self.woken = asyncio.Event()
        self.pause_s = 0.0

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        signal.signal(signal.SIGALRM, self._leave)
        signal.signal(signal.SIGCHLD, lambda *_: self.woken.set())
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            self.force_exit = True
            for consumer in self.consumers:
                consumer.kill()
            return
        for consumer in self.consumers:
            consumer.stop()
        self.should_exit = True
        self.woken.set()
        signal.alarm(int(GRACE_S))

    def _leave(self, sig: int, frame: FrameType | None) -> None:
        """Leave at once: a request's thread, or a consumer that hangs, would else hold us up."""
        for consumer in self.consumers:
            consumer.kill()
        children.end_helpers()
        os._exit(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # It also has any other signal interrupt the loop's sleep. uvloop's sleep ends by any signal,
        # and it lets nobody else have this one.
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self.woken.set)
        for consumer in self.consumers:
            consumer.tend(time.monotonic())
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.streams.stop()
        await super().shutdown(sockets)

    async def main_loop(self) -> None:
        """As uvicorn's, which wakes ten times a second whether anybody is there or not."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.pause_s):
                    await self.woken.wait()
            self.woken.clear()

    async def on_tick(self, counter: int) -> bool:
        leaving = await super().on_tick(counter)
        sweep_s = connections.sweep(self.server_state.connections)
        if not leaving:
            moment = time.monotonic()
            pauses = [consumer.tend(moment) for consumer in self.consumers]
            self.pause_s = min(sweep_s if self.server_state.connections else TICK_S, *pauses)
        return leaving


def quietly(app: ASGIApp) -> ASGIApp:
    """The application, whose requests may be cut off at the stop without a word in the log."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        answering = False

        async def note(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await app(scope, receive, note)
        except asyncio.CancelledError:
            # uvicorn cancels what still runs after its grace: such as an upload that stalled.
            if scope["type"] == "http" and not answering:
                await PlainTextResponse("Draftmill is stopping.\n", 503)(scope, receive, send)

    return run
