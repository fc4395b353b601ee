"""One open page, as the live channel tells it."""

import asyncio
import contextlib
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from draftmill.accounts.sessions import SignedIn
from draftmill.web.asgi_line import AsgiLine
from draftmill.web.tabs import Message, Tab

if TYPE_CHECKING:
    from draftmill.web.lines import Line

ENDED = 1008  # a session: the page does not come back


class Socket:
    """One open page. Used on the event loop only; what waits for a slow one is its newest state."""

    def __init__(self, websocket: WebSocket, signed_in: SignedIn, tab: Tab) -> None:
        self.user_id = signed_in.user.id
        self.session = signed_in.id_hash
        self.ends_at = signed_in.expires_at  # its session, unless that was put off since
        self.tab = tab
        self._websocket = websocket
        self._line: Line | AsgiLine = getattr(websocket.state, "line", None) or AsgiLine(websocket)
        self._line.when_free = self._tell_waiting
        self._waiting: dict[str, Message] = {}
        self._asking: list[Callable[[], None]] = []  # once what waits is told
        self._changed: set[str] | None = set()  # what it heard of until it has caught up
        self._ending: asyncio.Task[None] | None = None

    def tell(self, message: Message) -> None:
        """Send a message, at once if the line takes it."""
        if self._changed is not None:
            self._changed.add(message.key)
        if self._line.takes:
            self._line.tell(message)
        else:
            self._waiting.pop(message.key, None)  # the newest is said last
            self._waiting[message.key] = message

    def _tell_waiting(self) -> None:
        while self._waiting and self._line.takes:
            self._line.tell(self._waiting.pop(next(iter(self._waiting))))
        while self._asking and not self._waiting:
            self._line.ask(self._asking.pop(0))

    def catch_up(self, missed: Iterable[Message]) -> None:
        """Send what it missed before it was heard of; what has changed since is newer, and was said."""
        changed, self._changed = self._changed or set(), None
        for message in missed:
            if message.key not in changed:
                self.tell(message)
        self._line.forget_opening()

    def ask(self, answered: Callable[[], None]) -> None:
        """Have the page answer when it was told all so far: only then it is sure that there is one."""
        self._asking.append(answered)
        self._tell_waiting()

    def drop(self) -> None:
        """Give it up: nobody is there."""
        self._line.drop()

    def end(self) -> None:
        """Close it: its session has ended."""
        self.ends_at = math.inf
        self._waiting.clear()
        self._ending = asyncio.create_task(self._close())

    async def _close(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._websocket.close(ENDED)
