"""Open pages without a browser: sockets that only listen, in a process of their own.

`listeners.py HOST PORT PATTERN` reads a line of JSON, a [path, cookie] for each socket, says
"ready" when all are connected, and at the end of its input prints a line of JSON: by what the
PATTERN's group finds in a message, at which moments it was heard by the machine's clock.
"""

import gc
import json
import re
import resource
import select
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

OPENING = 50  # at a time
HEAD_END = b"\r\n\r\n"
TEXT, CLOSE, PING = 1, 8, 9
PONG = 0x8A


@contextmanager
def listening(url: str, pattern: str, pages: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """So many sockets, all connected within the block; what they heard is there after it."""
    address = urlsplit(url)
    command = [sys.executable, __file__, str(address.hostname), str(address.port), pattern]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdin and process.stdout
    heard: dict[str, Any] = {}
    with process:
        process.stdin.write(json.dumps(pages) + "\n")
        assert process.stdout.readline() == "ready\n"
        yield heard
        process.stdin.close()
        heard.update(json.loads(process.stdout.readline()))


class Page:
    """One socket, and what came of a message."""

    def __init__(self, host: str, port: str, path: str, cookie: str) -> None:
        self.line = socket.create_connection((host, int(port)))
        self.line.setblocking(False)
        self._got = b""
        self.opened = False
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: {host}:{port}",
            f"Origin: http://{host}:{port}",
            f"Cookie: {cookie}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        )
        self.line.send("\r\n".join((*lines, "", "")).encode())

    def messages(self) -> Iterator[bytes]:
        """Read what came: the texts of whole messages."""
        piece = self.line.recv(262_144)
        assert piece, "the server hung up"
        self._got += piece
        if not self.opened:
            head, end, rest = self._got.partition(HEAD_END)
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101 "), head
            self.opened, self._got = True, rest
        while frame := self._frame():
            kind, payload = frame
            assert kind != CLOSE, payload
            if kind == PING:
                self.line.send(bytes([PONG, 0x80 | len(payload)]) + bytes(4) + payload)
            elif kind == TEXT:
                yield payload

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole frame. Servers do not mask."""
        got = self._got
        if len(got) < 2:
            return None
        size, at = got[1], 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(got[2:at], "big")
        if len(got) < at + size:
            return None
        self._got = got[at + size :]
        return got[0] & 0x0F, got[at : at + size]


def listen(host: str, port: str, pattern: str, pages: list[tuple[str, str]]) -> dict[str, Any]:
    """Connect them all, say so, and note what is heard until the end of the input."""
    find = re.compile(pattern.encode()).search
    poll, lines = select.epoll(), {}
    poll.register(sys.stdin, select.EPOLLIN)
    heard: defaultdict[str, list[float]] = defaultdict(list)
    to_open, opening, began, used = pages[::-1], 0, 0.0, 0.0
    while True:
        while to_open and opening < OPENING:
            page = Page(host, port, *to_open.pop())
            lines[page.line.fileno()] = page
            poll.register(page.line, select.EPOLLIN)
            opening += 1
        for number, _ in poll.poll():
            if number == sys.stdin.fileno():
                used = (time.process_time() - used) / (time.monotonic() - began)
                return {"heard": heard, "own_share": used}
            page = lines[number]
            was_opened = page.opened
            for text in page.messages():
                if found := find(text):
                    heard[found[1].decode()].append(time.time())
            opening -= page.opened > was_opened
        if not (to_open or opening or began):
            print("ready", flush=True)
            began, used = time.monotonic(), time.process_time()


def main() -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    pages = json.loads(sys.stdin.readline())
    gc.disable()  # its pauses would be taken for the server's
    print(json.dumps(listen(*sys.argv[1:4], pages)))


if __name__ == "__main__":
    main()
