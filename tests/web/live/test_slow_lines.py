"""What waits for a slow line is the newest of each thing."""

from types import SimpleNamespace
from typing import cast

from starlette.websockets import WebSocket

from draftmill.accounts.sessions import SignedIn
from draftmill.accounts.users import User
from draftmill.web.sockets import Socket
from draftmill.web.tabs import Message, Tab

OWNER = SignedIn(User(1, "", "", ""), "", 0.0, 0.0)


class Line:
    """A line that takes nothing until it is open."""

    def __init__(self) -> None:
        self.state = SimpleNamespace(line=self)
        self.takes = False
        self.sent: list[str] = []

    def when_free(self) -> None:
        """As a socket puts in its place what it still has to tell."""

    def forget_opening(self) -> None:
        """It was never opened."""

    def tell(self, message: Message) -> None:
        self.sent.append(message.text)


def told(*messages: Message, missed: tuple[Message, ...] = ()) -> list[str]:
    """What arrives of what a socket was told while its line took nothing, then of what it missed."""
    line = Line()
    socket = Socket(cast(WebSocket, line), OWNER, Tab())
    for message in messages:
        socket.tell(message)
    socket.catch_up(missed)
    assert not line.sent
    line.takes = True
    line.when_free()
    return line.sent


def test_the_newest_state_of_each_pill_is_told() -> None:
    first, other, second = Message("a", "a1"), Message("b", "b1"), Message("a", "a2")
    assert told(first, other, second) == ["b1", "a2"]


def test_what_was_missed_is_never_told_after_what_changed_since() -> None:
    missed = Message("row", "still there"), Message("other", "missed")
    arrived = told(Message("row", "deleted"), missed=missed)
    assert arrived == ["deleted", "missed"]


def test_a_line_that_takes_it_is_told_at_once() -> None:
    line = Line()
    socket = Socket(cast(WebSocket, line), OWNER, Tab())
    line.takes = True
    socket.tell(Message("a", "a1"))
    assert line.sent == ["a1"]
