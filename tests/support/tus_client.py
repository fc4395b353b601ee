"""A resumable upload's client in its smallest form, and lines to it that break."""

import contextlib
import hashlib
import random
import socket
import threading
import time
import wave
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from tests.support import media_files
from tests.support.house import House, until

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
BYTES = "application/offset+octet-stream"
PIECE = 16_384
NAME = {"Upload-Metadata": "filename dGFsay53YXY="}  # talk.wav
MOST = 4_000_000  # bytes that a strict Draftmill takes
ENDLESS = float("inf")


@cache
def sound(seed: int, size: int = 3_000_000) -> bytes:
    """A recording of about `size` bytes that is unlike that of any other seed."""
    path = media_files.folder() / f"sound-{seed}-{size}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        left = size
        chance = random.Random(seed)
        while left > 0:
            file.writeframes(chance.randbytes(min(left, 1 << 20)))
            left -= 1 << 20
    return path.read_bytes()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_of(house: House, upload: str) -> Path:
    return house.data / "uploads" / f"{upload.rpartition('/')[2]}.upload"


def create(client: httpx2.Client, length: int, **headers: str) -> str:
    """A new upload's address."""
    answer = client.post("/uploads", headers=TUS | {"Upload-Length": str(length)} | headers)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def head(client: httpx2.Client, upload: str) -> httpx2.Response:
    return client.head(upload, headers=TUS)


def offset(client: httpx2.Client, upload: str) -> int:
    """Where it stands, once nobody writes to it."""
    answer = until(
        lambda: (found := head(client, upload)).status_code != 423 and found, why="the lock to go"
    )
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["upload-offset"])


def patch(client: httpx2.Client, upload: str, at: int, content: object) -> httpx2.Response:
    headers = TUS | {"Content-Type": BYTES, "Upload-Offset": str(at)}
    return client.patch(upload, headers=headers, content=content)  # type: ignore[arg-type]


def sent(client: httpx2.Client, content: bytes, **headers: str) -> str:
    """An upload that has arrived whole; its address."""
    upload = create(client, len(content), **headers)
    assert patch(client, upload, 0, content).status_code == 204
    return upload


def project(client: httpx2.Client, upload: str, **fields: object) -> httpx2.Response:
    """Make a project from an upload, as the page does."""
    form = {"upload": upload.rpartition("/")[2], "types": "blog"} | fields
    parts = {name: (None, str(value)) for name, value in form.items()}
    return client.post("/projects", files=parts, headers={"Accept": "application/json"})


def begun(
    client: httpx2.Client, upload: str, at: int, content: bytes, length: int
) -> socket.socket:
    """A PATCH of `length` bytes of which only `content` was sent so far."""
    url = urlsplit(str(client.base_url))
    assert url.hostname and url.port
    connection = socket.create_connection((url.hostname, url.port), timeout=60)
    cookie = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar)
    lines = [
        f"PATCH {upload} HTTP/1.1",
        f"Host: {url.netloc}",
        f"Origin: {str(client.base_url).rstrip('/')}",
        f"Cookie: {cookie}",
        "Tus-Resumable: 1.0.0",
        f"Content-Type: {BYTES}",
        f"Upload-Offset: {at}",
        f"Content-Length: {length}",
    ]
    connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
    return connection


class Line:
    """A port that passes everything on to a server, until the line is cut or held.

    `cut_after` is asked for each new connection: how many bytes to the server pass before it
    is cut. Behind `hold_after` bytes a connection stands still until `release`.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._broken = False
        self._cuts = 0
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.cut_after: Callable[[], float] = lambda: ENDLESS
        self.hold_after = ENDLESS
        self.held = 0
        self.passed = 0  # bytes to the server
        self._start(self._accept)

    def release(self) -> None:
        """What stood still goes on, and nothing stands still any more."""
        self.hold_after = ENDLESS
        self.held = 0

    def cut(self, hold_after: float = ENDLESS) -> None:
        """Break every connection; later ones stand still behind so many bytes."""
        self._cuts += 1
        with self._lock:
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.release()
        self.hold_after = hold_after

    def breaks(self) -> None:
        """No connection comes through until `mended`."""
        self._broken = True
        self.cut()

    def mended(self) -> None:
        self._broken = False

    def close(self) -> None:
        self.breaks()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()  # nobody is let in any more
        self.cut()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            url = urlsplit(self._house.url)
            try:
                if self._broken:
                    raise ConnectionError
                far = socket.create_connection((str(url.hostname), url.port or 0), timeout=60)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._ends |= {near, far}
            for work in (self._send, self._answer):
                self._start(work, near, far)

    def _start(self, work: Callable[..., None], *ends: socket.socket) -> None:
        thread = threading.Thread(target=work, args=ends, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _send(self, near: socket.socket, far: socket.socket) -> None:
        passed, limit, cuts = 0, self.cut_after(), self._cuts
        with contextlib.suppress(OSError):
            while passed < limit and (piece := near.recv(int(min(PIECE, limit - passed)))):
                while passed >= self.hold_after and cuts == self._cuts:
                    self.held = passed
                    time.sleep(0.01)
                far.sendall(piece)
                passed += len(piece)
                self.passed += len(piece)
        self._hang_up(near, far)

    def _answer(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(PIECE):
                near.sendall(piece)
        self._hang_up(near, far)

    def _hang_up(self, near: socket.socket, far: socket.socket) -> None:
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            known = near in self._ends
            self._ends -= {near, far}
        if not known:  # the second of the two that carried it
            near.close()
            far.close()


@contextlib.contextmanager
def line_to(house: House) -> Iterator[Line]:
    line = Line(house)
    try:
        yield line
    finally:
        line.close()


def taken(house: House, client: httpx2.Client, upload: str, content: bytes) -> str:
    """Make a project; it has exactly these bytes, and nothing of the upload is left."""
    answer = project(client, upload)
    assert answer.status_code == 200, answer.text
    made = answer.json()["url"].partition("?")[0].rpartition("/")[2]
    row = house.one("select * from projects where id = ?", made)
    assert row
    stored = (house.data / "media" / made / row["file"]).read_bytes()
    assert (row["sha256"], row["bytes"]) == (sha256(content), len(content))
    assert stored == content
    assert not file_of(house, upload).exists()
    assert not list((house.data / "uploads").glob("*.part"))
    return str(made)


def row_of(house: House, upload: str) -> dict[str, object] | None:
    row = house.one("select * from uploads where id = ?", upload.rpartition("/")[2])
    return dict(row) if row else None


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["tus-resumable"] == "1.0.0"
    return answer.status_code, answer.json()["error"]["code"]
