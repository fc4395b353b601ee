"""A WebSocket by hand: it reads what the test reads, and answers nothing by itself."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.support.house import House
from tests.support.still_house import StillHouse

PING, CLOSE = 9, 8
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HEARD_S = 60.0
ESTABLISHED = "01"
SMALL = 536  # bytes of a packet, so that little is under way


@dataclass(frozen=True)
class RawSocket:
    """An open page's socket. A frame is its opcode and what is in it."""

    line: socket.socket

    def frame(self) -> tuple[int, bytes]:
        """The next one. Raises ConnectionError at the end."""
        first, size = self._bytes(2)
        if size >= 126:
            size = int.from_bytes(self._bytes(2 if size == 126 else 8))
        return first & 15, self._bytes(size)

    def next(self, opcode: int) -> bytes:
        """What is in the next frame of a kind."""
        while True:
            found, content = self.frame()
            if found == opcode:
                return content

    def pong(self, content: bytes) -> None:
        self.line.sendall(bytes([0x8A, 0x80 | len(content)]) + bytes(4) + content)

    def _bytes(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            if not (more := self.line.recv(count - len(found))):
                raise ConnectionError("it was closed")
            found += more
        return found


@contextmanager
def raw_socket(
    house: House | StillHouse, client: httpx2.Client, query: str = "", takes: int = 0
) -> Iterator[RawSocket]:
    """A socket of a signed-in client; its machine `takes` so many bytes that were not read yet."""
    host, port = house.url.removeprefix("http://").split(":")
    with socket.socket() as line:
        if takes:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL)
        line.settimeout(HEARD_S)
        line.connect((host, int(port)))
        head = {
            "Host": f"{host}:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": KEY,
            "Origin": house.url,
            "Cookie": f"draftmill={client.cookies['draftmill']}",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        line.sendall(f"GET /live?{query} HTTP/1.1\r\n{lines}\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += line.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        yield RawSocket(line)


def is_open(house: House, socket: RawSocket) -> bool:
    """Whether the server still holds its end of it."""
    server, page = int(house.url.rpartition(":")[2]), socket.line.getsockname()[1]
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return (f":{server:04X}", f":{page:04X}", ESTABLISHED) in {
        (row[1][8:], row[2][8:], row[3]) for row in rows
    }
