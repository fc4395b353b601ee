"""A transcription server for tests: real HTTP that speaks OpenAI's audio/transcriptions.

Each answer is a function; a request takes the next one of `answers`, the last one stays.
"""

import email.parser
import email.policy
import io
import json
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client sent. Header names are in lower case, `fields` holds every form value."""

    path: str
    headers: dict[str, str]
    fields: dict[str, list[str]]
    sound: bytes

    @property
    def seconds(self) -> float:
        with wave.open(io.BytesIO(self.sound)) as file:
            assert (file.getnchannels(), file.getframerate()) == (1, 16_000)
            return float(file.getnframes() / 16_000)


@dataclass(frozen=True)
class Exchange:
    request: Request
    handler: BaseHTTPRequestHandler
    closing: threading.Event

    def send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)


Answer = Callable[[Exchange], None]


def says(text: str = "", **more: Any) -> Answer:
    """A good answer: JSON with a text and whatever else is given."""

    def answer(exchange: Exchange) -> None:
        exchange.send(200, json.dumps({"text": text, **more}).encode(), "application/json")

    return answer


def fails(status: int, message: str = "it broke", code: str = "", **headers: str) -> Answer:
    """An error as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "code": code, "type": "x"}}).encode()

    def answer(exchange: Exchange) -> None:
        exchange.send(status, body, "application/json", **headers)

    return answer


def sends(body: bytes, kind: str = "application/json", status: int = 200) -> Answer:
    """Any bytes at all."""

    def answer(exchange: Exchange) -> None:
        exchange.send(status, body, kind)

    return answer


def stalls(exchange: Exchange) -> None:
    """Take the request and stay silent until the server closes."""
    exchange.closing.wait()
    exchange.handler.close_connection = True


def breaks_off(exchange: Exchange) -> None:
    """Promise more than is sent, and hang up."""
    exchange.handler.send_response(200)
    exchange.handler.send_header("Content-Length", "1000")
    exchange.handler.end_headers()
    exchange.handler.wfile.write(b'{"text": "Good mor')
    exchange.handler.close_connection = True


class SpeechServer:
    """The running server: `url` for settings, `requests` for assertions."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.answers: list[Answer] = [says()]
        self.lock = threading.Lock()

    def next_answer(self, request: Request) -> Answer:
        with self.lock:
            self.requests.append(request)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def speech_server(*answers: Answer) -> Iterator[SpeechServer]:
    """A server on a free port of this machine, with these answers."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = _request(self)
            known.next_answer(request)(Exchange(request, self, closing))

        def log_message(self, *_: object) -> None:
            """Tests need no access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known = SpeechServer(f"http://127.0.0.1:{server.server_port}/v1")
        known.answers = list(answers) or known.answers
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield known
        finally:
            closing.set()
            server.shutdown()
            thread.join()


def _request(handler: BaseHTTPRequestHandler) -> Request:
    body = handler.rfile.read(int(handler.headers["Content-Length"]))
    kind = f"Content-Type: {handler.headers['Content-Type']}\r\n\r\n".encode()
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(kind + body)
    fields: dict[str, list[str]] = {}
    sound = b""
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if name == "file":
            sound = content
        else:
            fields.setdefault(str(name), []).append(content.decode())
    headers = {name.lower(): value for name, value in handler.headers.items()}
    return Request(handler.path, headers, fields, sound)
