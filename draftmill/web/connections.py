"""The doorstep: how much and how long a connection may send before there is a request to answer.

uvicorn's parser gathers header lines without end and waits for the rest of a request for ever.
Here the bytes are counted that belong to no body, and `sweep` ends who keeps the server waiting.
No request sets a timer for that: what came in between two sweeps only clears a mark.
"""

import asyncio
import time
from collections.abc import Iterable
from enum import Enum
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

LIVE = b"/live"  # where pages listen; nothing else becomes a websocket

MOST_HEAD = 64 * 1024  # bytes of a request line and its headers, or between two pieces of a body
MOST_LINES = 100
MOST_TARGET = 16 * 1024  # bytes of an address with its query
MOST_PIPELINED = 16  # requests that wait behind one that is answered
MOST_WAITING = 1000  # connections that have not sent a whole request; the oldest give way
MOST_ENDED = 50  # connections in one sweep
SWEEP_S = 0.1  # between two sweeps,
SWEEP_COSTS = 100  # or so many times what one took that found nobody to end,
SWEEP_MOST_S = 1.0  # but no longer
LENGTH = b"\r\ncontent-length: "
LEAST_REST = 64 * 1024  # bytes in the same time, of a body that was answered before its end


class Waits(Enum):
    """What a connection keeps us waiting for."""

    HEAD = "the rest of a request's line and headers, or anything at all"
    FRAMING = "the size of a chunk, or the end of the trailers"
    BODY = "any byte of a body that is read"
    READING = "that it takes our answer"
    LEAVE = "that it sees why it was refused"


PATIENCE_S = {
    Waits.HEAD: 10.0,
    Waits.FRAMING: 10.0,
    Waits.BODY: 300.0,
    Waits.READING: 300.0,
    Waits.LEAVE: 2.0,
}


class OneWrite(asyncio.Transport):
    """A connection's transport for one answer: its head leaves with the first bytes of its body.

    uvicorn writes them apart, and each write costs as much as all else that an answer needs.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._head = b""
        self._began = False

    def write(self, data: "bytes | bytearray | memoryview[int]") -> None:
        if not self._began and LENGTH in bytes(data):
            self._head = bytes(data)
        else:
            self._transport.write(self._head + data)
            self._head = b""
        self._began = True

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        if self._head:
            self._transport.write(self._head)
        self._transport.close()


class Connection(HttpToolsProtocol):
    """uvicorn's connection with bounds. Called by the parser, so its names are the parser's."""

    _in_head = True
    _refused = False
    _upgrades = False
    _progress = False  # the last bytes ended a head or brought some of a body
    _lean = 0  # bytes since then
    _rest = 0  # bytes of a body after its answer
    _waits: Waits | None = None
    _since = 0.0

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._unset_keepalive_if_required()
        if len(data) > MOST_HEAD and self._in_head:
            # What follows a head of the largest size is fed once there was its end.
            self._feed(data[:MOST_HEAD])
            data = data[MOST_HEAD:]
        self._feed(data)

    def _feed(self, data: bytes) -> None:
        if self._refused:
            return
        self._progress = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._upgrades:
                self._become_a_line()
                return
            # Answered as if it had not asked for it; what it sends after that is no HTTP.
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)
        if not self._progress:
            self._lean += len(data)
            if self._lean > MOST_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        if self._refused:
            return
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if len(self.headers) > MOST_LINES or size > MOST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif len(self.url) > MOST_TARGET:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif len(self.pipeline) >= MOST_PIPELINED:
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)
        else:
            listens = self.url.partition(b"?")[0] == LIVE
            self._upgrades = listens and super()._should_upgrade()
            super().on_headers_complete()
            if not self._upgrades and self.scope["method"] != "HEAD":  # whose answers have no body
                self.cycle.transport = OneWrite(self.transport)
            # Trailers come into a list of their own: no request changes once it was judged.
            self.headers = []
            self._in_head = False
            self._went_on()

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def _should_upgrade(self) -> bool:
        return self._upgrades

    def _become_a_line(self) -> None:
        from draftmill.web.lines import Line  # websockets load with the first page, not the server

        self.ws_protocol_class = Line
        self.handle_websocket_upgrade()

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        self._rest += len(body)
        if not self.cycle.response_complete or self._rest >= LEAST_REST:
            self._since, self._rest = 0.0, 0
        self._progress = True
        self._lean = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._refused:
            return
        if len(self.headers) > MOST_LINES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        super().on_message_complete()
        self._in_head = True
        self._rest = 0
        self._went_on()

    def _went_on(self) -> None:
        self._progress = True
        self._lean = 0
        self._since = 0.0

    def resume_writing(self) -> None:
        self._since = 0.0
        super().resume_writing()

    def rests(self) -> bool:
        """Whether all was answered and read, so that uvicorn's own timer closes it."""
        kept_open = self.timeout_keep_alive_task is not None
        return kept_open and not (self.flow.write_paused or self.transport.is_closing())

    def kept_waiting(self, moment: float) -> tuple[Waits | None, float]:
        """What it keeps us waiting for at a moment of the loop's clock, and for how many seconds."""
        waits = self._keeps_waiting()
        if waits is not self._waits or not self._since:
            self._waits, self._since = waits, moment
        return waits, moment - self._since

    def _keeps_waiting(self) -> Waits | None:
        if self._refused:
            return Waits.LEAVE
        if self.flow.write_paused or self.transport.is_closing():
            return Waits.READING
        if self._at_work() is not None:
            return None if self._in_head else self._waits_in_body()
        kept_open = self.timeout_keep_alive_task is not None  # and closed by uvicorn
        return None if kept_open else Waits.HEAD

    def _waits_in_body(self) -> Waits | None:
        if self._lean:
            return Waits.FRAMING
        return None if self.flow.read_paused else Waits.BODY

    def _at_work(self) -> RequestResponseCycle | None:
        """The request that has no whole answer yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return None if cycle is None or cycle.response_complete else cycle

    def give_up(self, waits: Waits) -> None:
        """End it, and say why where it sent something."""
        told = waits is Waits.FRAMING or (waits is Waits.HEAD and self._lean)
        if told:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.abort()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer if nothing else was, and hear no more; the sender may see the answer first."""
        if self._refused:
            return
        self._refused = True
        self._since = 0.0
        answerable = self._answerable() and not self.transport.is_closing()
        if at_work := self._at_work():
            at_work.disconnected = True
            at_work.message_event.set()
        self.pipeline.clear()
        if answerable:
            self.flow.resume_reading()
            self.transport.write(_refusal(status))
            self.transport.write_eof()
        else:
            self.transport.abort()

    def _answerable(self) -> bool:
        at_work = self._at_work()
        if self._in_head:
            return at_work is None
        return at_work is not None and not at_work.response_started


def _refusal(status: HTTPStatus) -> bytes:
    text = f"{status.phrase}.\n".encode()
    return (
        STATUS_LINE[status]
        + b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        + b"content-length: %d\r\n\r\n%b" % (len(text), text)
    )


def sweep(connections: Iterable[Any]) -> float:
    """End the connections that have kept us waiting too long, and the oldest of too many.

    A crowd that came at once is not ended at once: others wait while it is. Returns after how many
    seconds to sweep again.
    """
    began, moment = time.monotonic(), asyncio.get_running_loop().time()
    late: list[tuple[Waits, Connection]] = []
    waiting: list[tuple[float, Connection]] = []
    for connection in list(connections):
        if not isinstance(connection, Connection):
            connection.give_up_if_stuck(moment)
        elif not connection.rests():
            waits, waited_s = connection.kept_waiting(moment)
            if waits and waited_s > PATIENCE_S[waits]:
                late.append((waits, connection))
            elif waits in (Waits.HEAD, Waits.FRAMING):
                waiting.append((waited_s, connection))
    for waits, connection in late[:MOST_ENDED]:
        connection.give_up(waits)
    waiting.sort(key=lambda one: one[0], reverse=True)
    too_many = waiting[: min(MOST_ENDED, max(0, len(waiting) - MOST_WAITING))]
    for _, connection in too_many:
        connection.transport.abort()
    if late or too_many:
        return SWEEP_S
    took_s = time.monotonic() - began  # the loop's clock stands meanwhile
    return min(max(SWEEP_S, SWEEP_COSTS * took_s), SWEEP_MOST_S)
