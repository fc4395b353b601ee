"""Bytes on a connection as no client would send them, and what comes back."""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from tests.support.forms_by_hand import connect
from tests.support.house import House

PIECE = 1 << 16
MOST = 300 * 10**6  # bytes that are sent unless the server has enough before


@dataclass(frozen=True)
class Poured:
    """How many bytes the server took, what it answered, and after how many seconds it closed."""

    sent: int
    answer: bytes
    seconds: float

    @property
    def status(self) -> int:
        """The status of the first answer, 0 without one."""
        return int(self.answer[9:12]) if self.answer.startswith(b"HTTP/1.1 ") else 0


def endless(first: bytes, again: bytes, most: int = MOST) -> Iterator[bytes]:
    """`first`, and `again` until `most` bytes were sent; `again` is one line or a part of one."""
    many = again * max(1, PIECE // len(again))
    return chain((first + again,), repeat(many, most // len(many)))


def pour(house: House, pieces: Iterable[bytes], within_s: float = 60.0) -> Poured:
    """Send all of it, or until the server has closed; then listen until it closes."""
    began, sent, answer = time.monotonic(), 0, bytearray()
    with connect(house) as line, selectors.DefaultSelector() as ready:
        line.setblocking(False)
        ready.register(line, selectors.EVENT_READ | selectors.EVENT_WRITE)
        left = iter(pieces)
        piece = memoryview(b"")
        while time.monotonic() - began < within_s:
            for _, events in ready.select(1.0):
                if events & selectors.EVENT_READ:
                    if not _heard(line, answer):
                        return Poured(sent, bytes(answer), time.monotonic() - began)
                elif events & selectors.EVENT_WRITE:
                    piece = piece or memoryview(next(left, b""))
                    if not piece:
                        ready.modify(line, selectors.EVENT_READ)
                        continue
                    try:
                        taken = line.send(piece)
                    except ConnectionError:
                        return Poured(sent, bytes(answer), time.monotonic() - began)
                    sent, piece = sent + taken, piece[taken:]
    raise AssertionError(f"still open after {within_s} s; it answered {bytes(answer)!r}")


def _heard(line: socket.socket, answer: bytearray) -> bool:
    try:
        heard = line.recv(PIECE)
    except ConnectionError:
        return False
    answer += heard
    return bool(heard)


def peak_memory(house: House) -> int:
    """The most memory that the web process has had, in bytes."""
    assert house.process
    status = Path(f"/proc/{house.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) << 10
