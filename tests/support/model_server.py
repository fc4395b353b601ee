"""A model server for tests: real HTTP on a free port, its answers chosen one request at a time."""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """What a client sent: header names are in lower case, `body` is the parsed JSON."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def asked(self) -> str:
        """The text of all messages."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        return str(self.body["messages"][1]["content"])

    @property
    def task(self) -> str:
        """What stands behind the material."""
        return self.user.rpartition("=====")[2]


@dataclass
class Exchange:
    """One request and the means to answer it."""

    request: Request
    closing: threading.Event
    handler: BaseHTTPRequestHandler
    chunked: bool = False

    def send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def open(self, kind: str = "text/event-stream") -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def write(self, data: bytes) -> None:
        self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.handler.wfile.flush()

    def event(self, value: object) -> None:
        self.write(b"data: " + json.dumps(value).encode() + b"\n\n")

    def close(self) -> None:
        self.handler.wfile.write(b"0\r\n\r\n")

    def hang_up(self) -> None:
        self.handler.close_connection = True

    def wait(self) -> None:
        """Until the server is told to end."""
        self.closing.wait()


Answer = Callable[[Exchange], None]


def chunk(finish: str | None = None, **delta: str) -> dict[str, Any]:
    """One event of a streamed chat completion."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [choice],
    }


def answers(
    text: str,
    finish: str | None = "stop",
    prompt_tokens: int | None = None,
    *,
    done: bool = True,
) -> Answer:
    """Streams a text word by word. Only where it is `done` it says that this was all."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        exchange.event(chunk(role="assistant", content=""))
        for word in text.split(" "):
            exchange.event(chunk(content=f"{word} "))
        exchange.event(chunk(finish))
        if prompt_tokens is not None:
            usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 1, "total_tokens": 1}
            exchange.event({**chunk(), "choices": [], "usage": usage})
        if done:
            exchange.write(b"data: [DONE]\n\n")
        exchange.close()

    return answer


def events(*values: object) -> Answer:
    """Streams these events as they are, and the end mark."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        for value in values:
            exchange.event(value)
        exchange.write(b"data: [DONE]\n\n")
        exchange.close()

    return answer


def whole(text: str) -> Answer:
    """Answers in one piece of JSON, as a server does that cannot stream."""

    def answer(exchange: Exchange) -> None:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = json.dumps({"object": "chat.completion", "choices": [choice]}).encode()
        exchange.send(200, {"Content-Type": "application/json"}, body)

    return answer


def sends(
    status: int, body: object = "", headers: dict[str, str] | None = None, kind: str = ""
) -> Answer:
    """Answers with a status and a body: JSON, or a text of this kind."""

    def answer(exchange: Exchange) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        content_type = {"Content-Type": kind or "application/json"}
        exchange.send(status, {**content_type, **(headers or {})}, content)

    return answer


def fails(status: int, code: str = "", message: str = "", **headers: str) -> Answer:
    """Refuses in the way of this kind of API."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sends(status, {"error": {"message": message, "code": code or None}}, named)


def stalls(after: str = "") -> Answer:
    """Streams a beginning, then nothing more, with the line kept open."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        if after:
            exchange.event(chunk(content=after))
        exchange.wait()
        exchange.hang_up()

    return answer


def never_answers(exchange: Exchange) -> None:
    """Takes the request and says nothing at all."""
    exchange.wait()
    exchange.hang_up()


def breaks_off(text: str) -> Answer:
    """Streams a beginning and drops the line."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        exchange.event(chunk(content=text))
        exchange.hang_up()

    return answer


def cut_json(text: str) -> Answer:
    """Streams an event of which the end is missing."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        exchange.event(chunk(content=text))
        exchange.write(b'data: {"choices": [{"delta": {"cont\n\n')
        exchange.close()

    return answer


def slowly(text: str) -> Answer:
    """Streams a good answer one byte at a time."""

    def answer(exchange: Exchange) -> None:
        exchange.open()
        whole_event = b"data: " + json.dumps(chunk("stop", content=text)).encode() + b"\n\n"
        for at in range(len(whole_event)):
            exchange.write(whole_event[at : at + 1])
        exchange.close()

    return answer


def unless(parameter: str, answer: Answer) -> Answer:
    """Refuses a request that carries a parameter, else answers."""

    def choose(exchange: Exchange) -> None:
        if parameter in exchange.request.body:
            fails(400, message=f"Unrecognized request argument: {parameter}")(exchange)
        else:
            answer(exchange)

    return choose


@dataclass
class ModelServer:
    """Serves until the `with` ends. `script` is answered first, then `otherwise`."""

    otherwise: Answer = field(default_factory=lambda: answers("# A title\n\nA text."))
    script: deque[Answer] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)

    def then(self, *answers: Answer) -> Self:
        """Answer the next requests so, one after the other."""
        self.script.extend(answers)
        return self

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self._http = _Http(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.path, headers, json.loads(self.rfile.read(length)))
                server.requests.append(request)
                answer = server.script.popleft() if server.script else server.otherwise
                answer(Exchange(request, server._closing, self))

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: the tests read `requests`."""

        return Handler


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for every answer to end

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""
