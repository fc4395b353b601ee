"""Uploads arrive whole, once, under their limits, or leave nothing behind."""

import asyncio
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from draftmill.errors import Problem
from draftmill.media import refusals
from draftmill.projects.recording import accept, accept_path, adopt, copy_in
from draftmill.settings import Settings
from draftmill.uploads import multipart
from draftmill.uploads.disk import discard_stale
from draftmill.uploads.form import MAX_TEXTS, MAX_TRANSCRIPT, Form, receive_form
from draftmill.uploads.multipart import display_name
from draftmill.uploads.sink import Received
from tests.support import media_files as files

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
            form = await receive_form(Request(scope, receive), self.settings)
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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    served = Server(Settings(data=tmp_path, max_upload=MOST))
    listener = socket.create_server(("127.0.0.1", 0))
    served.port = listener.getsockname()[1]
    config = uvicorn.Config(
        served.app,
        lifespan="off",
        interface="asgi3",
        log_level="error",
        timeout_graceful_shutdown=1,
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve([listener])))
    thread.start()
    yield served
    running.should_exit = True
    thread.join()
    listener.close()


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


def test_a_form_arrives_with_its_file_and_fields(server: Server) -> None:
    content = bytes(range(256)) * 9000 + b"\r\n--a-bound"
    told = server.post(
        files={"recording": ("talk.mp4", content)},
        data={"title": "Tides", "types": ["blog", "twitter"], "context": "one\r\ntwo ü"},
    ).json()
    digest = hashlib.sha256(content).hexdigest()
    assert told["files"] == {"recording": [["talk.mp4", len(content), digest]]}
    assert told["fields"] == {
        "title": ["Tides"],
        "types": ["blog", "twitter"],
        "context": ["one\ntwo ü"],
    }
    form = server.outcome()
    assert isinstance(form, Form)
    [received] = form.files["recording"]
    assert received.path.read_bytes() == content
    assert server.left == [received.path]
    form.discard()
    assert not server.left


def test_content_that_looks_like_a_boundary_is_kept(server: Server) -> None:
    tricky = f"\r\n--{BOUNDARY[:-1]}\r\n--{BOUNDARY}x\r\n--\r\n\r\n-".encode() * 5
    body = part(tricky) + END
    with server.raw(b"", len(body)) as connection:
        for at in range(len(body)):
            connection.sendall(body[at : at + 1])
        _, told = answer(connection)
    digest = hashlib.sha256(tricky).hexdigest()
    assert told["files"] == {"recording": [["a.mp4", len(tricky), digest]]}


def test_an_empty_file_input_is_no_file(server: Server) -> None:
    body = part(b"", b'name="recording"; filename=""') + part(b"hello", b'name="title"') + END
    assert answer(server.raw(body, len(body)))[1] == {"fields": {"title": ["hello"]}, "files": {}}
    assert not server.left


def test_an_empty_file_with_a_name_arrives(server: Server) -> None:
    told = server.post(files={"recording": ("empty.mp4", b"")}).json()
    assert told["files"]["recording"][0][:2] == ["empty.mp4", 0]


def test_several_recordings_arrive(server: Server) -> None:
    told = server.post(
        files=[("recording", ("a.mp4", b"1")), ("recording", ("b.mp4", b"22"))]
    ).json()
    assert [file[:2] for file in told["files"]["recording"]] == [["a.mp4", 1], ["b.mp4", 2]]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_body_leaves_nothing(server: Server, share: float) -> None:
    body = part(b"x" * 2_500_000) + END
    server.raw(body[: int(len(body) * share)], len(body)).close()
    assert isinstance(server.outcome(), multipart.CutUpload)
    assert not server.left


def test_a_body_without_its_last_boundary_leaves_nothing(server: Server) -> None:
    for body in (part(b"x" * 100_000), part(b"x" * 100_000) + END[:-4]):
        status, told = answer(server.raw(body, len(body)))
        assert (status, told["code"]) == (400, "cut_upload")
        assert not server.left


def test_a_chunked_body_that_is_cut_leaves_nothing(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = f"POST / HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        piece = part(b"x" * 60_000)
        connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    assert isinstance(server.outcome(), multipart.CutUpload)
    assert not server.left


def test_a_file_that_is_too_large_is_refused_after_it_was_read(server: Server) -> None:
    sent = server.post(files={"recording": ("big.mp4", b"x" * (MOST + 1))})
    assert sent.status_code == 413
    assert sent.json()["message"] == "The file is larger than 3 MB, the most that is accepted here."
    assert not server.left


def test_a_length_that_is_too_large_is_refused_after_it_was_read(server: Server) -> None:
    size = MOST + MAX_TEXTS
    body = part(b"x" * size) + END
    with server.raw(b"", len(body)) as connection:
        connection.sendall(body)  # all of it: nobody hangs up in between
        assert answer(connection)[0] == 413
    assert not server.left


def test_who_asks_first_is_refused_before_sending(server: Server) -> None:
    expecting = "Expect: 100-continue"
    status, told = answer(server.raw(b"", MOST * 10, expecting))
    assert (status, told["code"]) == (413, "too_large")


def test_more_than_the_free_disk_is_refused_before_sending(server: Server) -> None:
    server.settings = replace(server.settings, max_upload=10**17)
    status, told = answer(server.raw(b"", 10**16, "Expect: 100-continue"))
    assert (status, told["code"]) == (507, "disk_full")
    assert not server.left


@pytest.mark.parametrize(
    ("name", "size", "status"),
    [
        ("context", 100_000, 200),
        ("context", 100_001, 413),
        ("transcript_text", 7_000_000, 200),
        ("transcript_text", 8_000_001, 413),
    ],
)
def test_texts_are_bounded(server: Server, name: str, size: int, status: int) -> None:
    sent = server.post(data={name: "é" * size if size <= 100_001 else "x" * size}, files={"f": b""})
    assert sent.status_code == status


def test_a_transcript_file_is_bounded(server: Server) -> None:
    sent = server.post(files={"transcript": ("t.txt", b"x" * (MAX_TRANSCRIPT + 1))})
    assert sent.status_code == 413
    assert not server.left


def test_too_many_fields_are_refused(server: Server) -> None:
    sent = server.post(data={"types": ["x"] * 1001}, files={"f": b""})
    assert (sent.status_code, sent.json()["code"]) == (400, "bad_form")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 999],
)
def test_what_is_no_form_is_refused(server: Server, content_type: str) -> None:
    sent = server.post(content=b"x" * 100, headers={"Content-Type": content_type})
    assert (sent.status_code, sent.json()["code"]) == (400, "bad_form")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"talk.mp4", "talk.mp4"),
        ("Müller – Vortrag.mp4".encode(), "Müller – Vortrag.mp4"),
        (b"M\xfcller.mp4", "Müller.mp4"),
        (b"\xff\xfe\x81.mp4", "ÿþ\ufffd.mp4"),
        (b"../../etc/passwd", "passwd"),
        (rb"C:\fakepath\talk.mp4", "talk.mp4"),
        (b"a\r\nSet-Cookie: x\x00\x1b[31m.mp4", "a Set-Cookie: x [31m.mp4"),
        (b"two%0D%0Alines%22.mp4", 'two lines".mp4'),
        ("evil\u202e4pm.exe".encode(), "evil4pm.exe"),
        ("שלום.mp4".encode(), "שלום.mp4"),
        ("e\u0301.mp4".encode(), "é.mp4"),
        (b"..", ""),
        (b"", ""),
        (b"/", ""),
    ],
)
def test_any_file_name_can_be_shown(raw: bytes, shown: str) -> None:
    assert display_name(raw) == shown


def test_a_long_file_name_keeps_its_ending() -> None:
    assert display_name(b"x" * 250 + b".webm") == "x" * 250 + ".webm"
    shown = display_name(b"x" * 300 + b".webm")
    assert (len(shown), shown[-6:]) == (255, "….webm")


def test_a_file_name_of_any_bytes_arrives(server: Server) -> None:
    name = b'name="recording"; filename="' + b"\xe9" * 250 + b'\\".mp4"'
    body = part(b"1", name) + END
    _, told = answer(server.raw(body, len(body)))
    assert told["files"]["recording"][0][0] == "é" * 250 + '".mp4'  # type: ignore[index]


def test_a_file_that_only_has_an_extended_name_is_a_file(server: Server) -> None:
    body = part(b"1", b"name=\"recording\"; filename*=utf-8''M%C3%BCller.mp4") + END
    _, told = answer(server.raw(body, len(body)))
    assert told["files"]["recording"][0][:2] == ["Müller.mp4", 1]  # type: ignore[index]


def test_an_accepted_recording_is_adopted(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    received = copy_in(files.video(), settings)
    assert received.sha256 == hashlib.sha256(files.video().read_bytes()).hexdigest()
    found = accept(received, settings)
    folder = settings.folder_of("a-project")
    assert adopt(received, folder, found) == "recording.mp4"
    assert (folder / "recording.mp4").read_bytes() == files.video().read_bytes()
    assert not list(settings.uploads.iterdir())


def test_a_refused_recording_is_deleted(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    received = copy_in(files.written("diary.mp4", b"Dear diary"), settings)
    with pytest.raises(refusals.NotARecording):
        accept(received, settings)
    assert not list(settings.uploads.iterdir())


def test_a_recording_in_place_stays_there(tmp_path: Path) -> None:
    text = files.written("diary.mp4", b"Dear diary")
    with pytest.raises(refusals.NotARecording):
        accept_path(text, Settings(data=tmp_path))
    assert text.exists()
    assert accept_path(files.video(), Settings(data=tmp_path)).has_video


def test_what_a_killed_server_left_is_deleted(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    discard_stale(settings)  # there is no folder yet
    settings.uploads.mkdir()
    stale, other = settings.uploads / "x.part", settings.uploads / "other"
    stale.touch()
    other.touch()
    discard_stale(settings)
    assert list(settings.uploads.iterdir()) == [other]


def test_a_form_forgets_only_files_that_nobody_adopted(tmp_path: Path) -> None:
    path = tmp_path / "x.part"
    path.touch()
    form = Form(
        files={"recording": [Received(path, "x", 0, ""), Received(tmp_path / "y", "y", 0, "")]}
    )
    form.discard()
    assert not path.exists()
