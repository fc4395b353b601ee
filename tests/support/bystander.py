"""Another user, who looks at a pill all the time while something is done to Draftmill."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx2

WITHIN_S = 1.0  # a pill's answer on a busy machine, whatever a stranger sends
PAUSE_S = 0.02
IDLE = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Bystander:
    """Asks for one address again and again in a thread of its own, and keeps each answer's time."""

    def __init__(self, client: httpx2.Client, path: str) -> None:
        self.client = client
        self.path = path
        self.seconds: list[float] = []
        self.statuses: set[int] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def slowest_s(self) -> float:
        """The longest wait for an answer so far, in seconds."""
        return max(self.seconds, default=0.0)

    def _look(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self.statuses.add(self.client.get(self.path, timeout=60).status_code)
            except httpx2.HTTPError:
                self.statuses.add(0)
            self.seconds.append(time.monotonic() - began)
            self._stop.wait(PAUSE_S)

    def __enter__(self) -> "Bystander":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def _machine() -> Iterator[httpx2.Client]:
    """A server that has nothing else to do: how late it answers is how loaded the machine is."""
    server = subprocess.Popen(
        [sys.executable, "-c", IDLE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout
    try:
        port = server.stdout.readline().strip()
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@contextmanager
def undisturbed(client: httpx2.Client, path: str = "/healthz") -> Iterator[Bystander]:
    """Assert that `path` answers 200 within a second, all through what is done inside.

    `client` is the bystander's own: a user's who does nothing. It is closed at the end. What an
    idle server on the same machine takes longer is allowed on top.
    """
    with (
        closing(client),
        _machine() as machine,
        Bystander(machine, "/") as idle,
        Bystander(client, path) as bystander,
    ):
        yield bystander
    assert bystander.statuses == {200}
    allowed_s = WITHIN_S + 3 * idle.slowest_s
    assert bystander.slowest_s < allowed_s, (
        f"{bystander.slowest_s:.2f} s, {idle.slowest_s:.2f} idle"
    )
