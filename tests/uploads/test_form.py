"""Forms arrive whole, once, under their limits, or leave nothing behind."""

import asyncio
import hashlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn

from draftmill.settings import Settings
from draftmill.uploads import multipart
from draftmill.uploads.form import MAX_TEXTS, MAX_TRANSCRIPT, Form
from tests.support.form_server import BOUNDARY, END, MOST, Server, answer, part


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


def test_a_file_name_of_any_bytes_arrives(server: Server) -> None:
    name = b'name="recording"; filename="' + b"\xe9" * 250 + b'\\".mp4"'
    body = part(b"1", name) + END
    _, told = answer(server.raw(body, len(body)))
    assert told["files"]["recording"][0][0] == "é" * 250 + '".mp4'  # type: ignore[index]


def test_a_file_that_only_has_an_extended_name_is_a_file(server: Server) -> None:
    body = part(b"1", b"name=\"recording\"; filename*=utf-8''M%C3%BCller.mp4") + END
    _, told = answer(server.raw(body, len(body)))
    assert told["files"]["recording"][0][:2] == ["Müller.mp4", 1]  # type: ignore[index]
