"""The other side of channels: a real HTTP server and a real mail server on this machine."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Got:
    """A request that came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"thanks"
    headers: dict[str, str] = field(default_factory=dict)
    meanwhile: Callable[[], object] = lambda: None  # what happens before it answers


class Receiver:
    """What came, and what is answered: one answer after the other, the last one for ever."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.got: list[Got] = []
        self.answers = [Answer()]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, got: Got) -> Answer:
        self.got.append(got)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A web server that keeps what is posted to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.take(Got(self.path, headers, body))
            answer.meanwhile()
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True  # it hung up, which some tests are about

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """What a mail server took: of each mail its sender and recipient as said, and its text."""

    port: int
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: str = ""  # a line that answers every recipient
    goodbye: str = "221 bye"

    def text(self, n: int = -1) -> str:
        return self.mails[n][2]


@contextmanager
def taking_mail() -> Iterator[Mailbox]:
    """A mail server that speaks as much SMTP as a client of ours needs."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            sender = to = ""
            while line := self.rfile.readline().decode().strip():
                verb = line.split(":")[0].split(" ")[0].upper()
                if verb == "MAIL":
                    sender = line
                elif verb == "RCPT":
                    to = line
                    if mailbox.refuses:
                        self.say(mailbox.refuses)
                        continue
                elif verb == "DATA":
                    self.say("354 go on")
                    mailbox.mails.append((sender, to, self.read_mail()))
                elif verb == "QUIT":
                    self.say(mailbox.goodbye)
                    return
                self.say("250 fine")

        def read_mail(self) -> str:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.decode())
            return "".join(lines)

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        mailbox = Mailbox(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
