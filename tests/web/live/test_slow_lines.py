"""What waits for a slow line is the newest of each thing."""

import asyncio
from typing import cast

from starlette.websockets import WebSocket

from draftmill.web.channel import Socket
from draftmill.web.tabs import Message, Tab


class Line:
    """A websocket that takes nothing until it is open."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.sent: list[str] = []

    async def send_text(self, text: str) -> None:
        await self.open.wait()
        self.sent.append(text)


async def told(*messages: Message, missed: tuple[Message, ...] = ()) -> list[str]:
    """What arrives of what a socket was told while its line took nothing, then of what it missed."""
    line = Line()
    socket = Socket(cast(WebSocket, line), 1, "", Tab())
    for message in messages:
        socket.tell(message)
    socket.catch_up(missed)
    socket.tell(Message("last", "last"))
    line.open.set()
    while "last" not in line.sent:
        await asyncio.sleep(0)
    return line.sent[:-1]


def test_the_newest_state_of_each_pill_is_told() -> None:
    first, other, second = Message("a", "a1"), Message("b", "b1"), Message("a", "a2")
    assert asyncio.run(told(first, other, second)) == ["b1", "a2"]


def test_what_was_missed_is_never_told_after_what_changed_since() -> None:
    missed = Message("row", "still there"), Message("other", "missed")
    assert asyncio.run(told(Message("row", "deleted"), missed=missed)) == ["deleted", "missed"]
