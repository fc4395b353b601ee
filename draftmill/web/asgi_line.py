"""The line to an open page where another server than ours runs the application."""

import asyncio
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from draftmill.web.tabs import Message


class AsgiLine:
    """As lines.Line, by what ASGI has: one message at a time, with a task for each."""

    when_free: Callable[[], None] | None = None

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._sending: asyncio.Task[None] | None = None

    @property
    def takes(self) -> bool:
        return self._sending is None

    def tell(self, message: Message) -> None:
        self._sending = asyncio.create_task(self._send(message.text))

    async def _send(self, text: str) -> None:
        try:
            await self._websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            return  # it is gone; who receives hears of that too
        finally:
            self._sending = None
        if self.when_free:
            self.when_free()

    def ask(self, answered: Callable[[], None]) -> None:
        """That server sends pings of its own only: the page counts as there."""
        answered()

    def drop(self) -> None:
        """That server ends what is dead."""

    def forget_opening(self) -> None:
        """That server keeps what it likes."""
