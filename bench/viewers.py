"""A crowd of viewers, each with a connection of its own that asks once a second.

Run as a process of its own, `viewers.py COUNT SECONDS`, it reads a list of [URL, cookie] in JSON,
which the viewers share out, and prints a line of JSON. The time
of an answer counts from the moment at which it should have been asked for, so a server that
stalls is charged with everybody who had to wait meanwhile, and so is this program itself.
"""

import gc
import heapq
import json
import random
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from figures import at

EVERY_S = 1.0
JITTER_S = 0.1  # earlier or later: no two keep step
WARM_S = 3.0  # they come one by one
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length: "


def crowd(count: int, seconds: float, asked: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What a crowd sees of some addresses, each with a cookie, of one server: times in seconds."""
    command = [sys.executable, __file__, str(count), str(seconds)]
    told = json.dumps(asked)
    done = subprocess.run(command, input=told, stdout=subprocess.PIPE, text=True, check=True)
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


class Viewer:
    """One connection, and the answer that it waits for."""

    def __init__(self, address: tuple[str, int], path: str, cookie: str) -> None:
        lines = (f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", f"Cookie: {cookie}")
        self._request = "\r\n".join((*lines, "HX-Request: true", "", "")).encode()
        self._address = address
        self._got = b""
        self._whole = 0
        self.due = 0.0
        self.line: socket.socket | None = None

    def ask(self) -> int | None:
        """Send the request; the number of a new connection."""
        new = self.line is None
        if self.line is None:
            self.line = socket.create_connection(self._address)
            self.line.setblocking(False)
        self._got, self._whole = b"", 0
        self.line.send(self._request)
        return self.line.fileno() if new else None

    def has_answer(self) -> bool:
        """Read what came; whether it is the whole answer."""
        assert self.line
        piece = self.line.recv(65536)
        assert piece, "the server hung up"
        self._got += piece
        if not self._whole:
            head, end, _ = self._got.partition(HEAD_END)
            if not end:
                return False
            assert head.startswith(b"HTTP/1.1 200 "), head
            at = head.index(LENGTH) + len(LENGTH)
            self._whole = len(head) + len(HEAD_END) + int(head[at:].split(b"\r", 1)[0])
        return len(self._got) == self._whole


def watch(viewers: list[Viewer], seconds: float) -> tuple[list[float], list[float]]:
    """Ask as they would; how long each answer took, and how late each request was sent."""
    began = time.monotonic()
    due = [(began + random.uniform(0, WARM_S), n) for n in range(len(viewers))]
    heapq.heapify(due)
    poll, lines = select.epoll(), {}
    took, late = [], []
    while (now := time.monotonic()) < began + WARM_S + seconds:
        while due and due[0][0] <= now:
            moment, n = heapq.heappop(due)
            viewers[n].due = moment
            if (number := viewers[n].ask()) is not None:
                poll.register(number, select.EPOLLIN)
                lines[number] = n
            late.append(time.monotonic() - moment)
        until = due[0][0] if due else now + EVERY_S
        for number, _ in poll.poll(max(0.0, until - time.monotonic()), len(viewers)):
            viewer = viewers[lines[number]]
            if viewer.has_answer():
                now = time.monotonic()
                if viewer.due > began + WARM_S:
                    took.append(now - viewer.due)
                following = viewer.due + EVERY_S + random.uniform(-JITTER_S, JITTER_S)
                heapq.heappush(due, (following, lines[number]))
    return took, late


def main(count: int, seconds: float) -> None:
    asked = [(urlsplit(url), cookie) for url, cookie in json.load(sys.stdin)]
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    random.seed(count)
    viewers = [
        Viewer((str(url.hostname), url.port or 80), url.path, cookie)
        for url, cookie in (asked[n % len(asked)] for n in range(count))
    ]
    gc.disable()  # its pauses would be taken for the server's
    began = time.monotonic()
    took, late = watch(viewers, seconds)
    used = time.process_time() / (time.monotonic() - began)
    answers = {"answers": len(took), "own_share": used, "late_p99": at(0.99, late)}
    print(json.dumps(answers | {"p50": at(0.5, took), "p99": at(0.99, took), "most": max(took)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
