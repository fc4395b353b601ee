"""A real HTTP server that receives forms, and forms to send to it."""

import json
import socket
import threading
from dataclasses import dataclass
from pathlib import Path

import httpx2
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from draftmill.errors import Problem
from draftmill.settings import Settings
from draftmill.uploads.form import Form
from draftmill.web.bodies import receive_form

BOUNDARY = "a-boundary"
MOST = 3_000_000


@dataclass
class Server:
    """A real HTTP server that receives forms and tells what it got."""

    settings: Settings
    port: int = 0

    def __post_init__(self) -> None:
        self.ended = threading.Condition()
        self.outcomes: list[Form | BaseException] = []

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, answer = 200, {}
        try:
            form = Form()
            await receive_form(Request(scope, receive), self.settings, form)
            self._end(form)
            answer = {
                "fields": form.fields,
                "files": {
                    name: [[f.file_name, f.bytes, f.sha256] for f in received]
                    for name, received in form.files.items()
                },
            }
        except Problem as problem:
            self._end(problem)
            status, answer = problem.status, {"code": problem.code, "message": problem.message}
        body = json.dumps(answer).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _end(self, outcome: Form | BaseException) -> None:
        with self.ended:
            self.outcomes.append(outcome)
            self.ended.notify_all()

    def outcome(self) -> Form | BaseException:
        with self.ended:
            assert self.ended.wait_for(lambda: self.outcomes, timeout=20)
            return self.outcomes[-1]

    @property
    def left(self) -> list[Path]:
        return list(self.settings.uploads.iterdir()) if self.settings.uploads.exists() else []

    def post(self, **parts: object) -> httpx2.Response:
        return httpx2.post(f"http://127.0.0.1:{self.port}/", timeout=30, **parts)  # type: ignore[arg-type]

    def raw(self, body: bytes, length: int, *headers: str, then: bytes = b"") -> socket.socket:
        """A connection on which a request was begun."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        lines = [
            "POST / HTTP/1.1",
            "Host: test",
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
            f"Content-Length: {length}",
            *headers,
        ]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return connection


def part(content: bytes, disposition: bytes = b'name="recording"; filename="a.mp4"') -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return head + disposition + b"\r\n\r\n" + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def answer(connection: socket.socket) -> tuple[int, dict[str, object]]:
    with connection, connection.makefile("rb") as file:
        status = int(file.readline().split()[1])
        length = 0
        while line := file.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return status, json.loads(file.read(length))
