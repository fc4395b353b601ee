"""The line to an open page: uvicorn's websocket, with an end for pages that take nothing."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode

from draftmill.web.tabs import Message

ASKED = b"there?"  # in our own pings, before their number; in uvicorn's are four bytes


def framed(text: str) -> bytes:
    """A message as it goes over the line, the same for every page that is told it."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Inbox:
    """What a page says, for one reader. asyncio's queue takes three kilobytes, and pages only listen."""

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._reader and not self._reader.done():
            self._reader.set_result(None)

    def empty(self) -> bool:
        return not self._messages

    async def get(self) -> Any:
        """The oldest message, as soon as there is one."""
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._messages.pop(0)


class Line(WebSocketsSansIOProtocol):
    """uvicorn's websocket, which knows since when its page takes nothing.

    Handlers find it as `websocket.state.line`. What many pages are told goes to each by `tell`, for
    a task and a frame of its own would cost ten times as much. `when_free` is called when a page
    that took nothing takes more.
    """

    when_free: Callable[[], None] | None = None
    _stuck_since = 0.0
    _asked = 0
    _awaited: tuple[tuple[bytes, Callable[[], None]], ...] = ()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.queue = Inbox()  # type: ignore[assignment]

    async def run_asgi(self) -> None:
        self.scope["state"]["line"] = self
        await super().run_asgi()

    def forget_opening(self) -> None:
        """Give back the memory of what only its opening needed: a third of all that a page costs."""
        self.request.headers.clear()
        self.response.headers.clear()
        self.scope["headers"] = []

    @property
    def takes(self) -> bool:
        """Whether its page takes a message now."""
        return not (self._stuck_since or self.close_sent or self.transport.is_closing())

    def tell(self, message: Message) -> None:
        """Send a message, on a line that was accepted and takes it."""
        self.transport.write(message.frame)

    def ask(self, answered: Callable[[], None]) -> None:
        """Have its page answer, which browsers do by themselves. `answered` is called when it has."""
        if not (self.close_sent or self.transport.is_closing()):
            self._asked += 1
            asked = b"%b%d" % (ASKED, self._asked)
            self._awaited += ((asked, answered),)
            self.transport.write(Frame(Opcode.PING, asked).serialize(mask=False))

    def handle_pong(self, event: Frame) -> None:
        said = bytes(event.data)
        if not said.startswith(ASKED):
            super().handle_pong(event)
        # Of several questions the last may be answered alone.
        while self._awaited and said in (asked for asked, _ in self._awaited):
            (_, answered), *later = self._awaited
            self._awaited = tuple(later)
            answered()

    def drop(self) -> None:
        """End it, whatever it still had to take."""
        self.transport.abort()

    def pause_writing(self) -> None:
        self._stuck_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck_since = 0.0
        super().resume_writing()
        if self.when_free:
            self.when_free()

    def shutdown(self) -> None:
        """Ask the page to come back, unless it is closing already."""
        with suppress(InvalidState):
            super().shutdown()
        self.transport.close()

    def give_up_if_stuck(self, moment: float) -> None:
        """End it when it has taken nothing for as long as from ping to ping, at a moment of the loop's clock."""
        if self.ping_interval and 0 < self._stuck_since < moment - self.ping_interval:
            self.drop()
