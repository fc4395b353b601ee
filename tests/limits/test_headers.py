"""Who sends headers, trailers or half requests without end costs nothing, and is told so."""

import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.support.bystander import undisturbed
from tests.support.forms_by_hand import connect
from tests.support.house import House, opened, until
from tests.support.raw_lines import PIECE, endless, peak_memory, pour

GET = b"GET /healthz HTTP/1.1\r\nHost: here\r\n"
CHUNKED = (
    b"POST /login HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
# A beginning, what follows it again and again, and the answers that are right.
ENDLESS = {
    "header lines": (GET, b"X-Header: " + b"x" * 100 + b"\r\n", {431}),
    "short header lines": (GET, b"a:b\r\n", {431}),
    "empty header lines": (GET, b"a:\r\n", {431}),
    "one header line": (GET + b"X-Header: ", b"x", {431}),
    "a header's name": (GET, b"x", {431}),
    "blanks before a value": (GET + b"X-Header:", b" ", {431}),
    "an address": (b"GET /", b"a", {431}),
    "a query": (b"GET /login?next=", b"%2F", {431}),
    "cookies": (GET, b"Cookie: draftmill=x\r\n", {431}),
    "an upgrade": (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"a: b\r\n", {431}),
    "a method": (b"", b"GET", {400}),
    "a protocol": (b"GET / HTTP/", b"1", {400}),
    "empty lines": (b"", b"\r\n", {431}),
    "no HTTP": (b"\x16\x03\x01", b"\0", {400}),
    "trailers": (CHUNKED + b"0\r\n", b"X-Trailer: x\r\n", {400, 431}),
    "one trailer": (CHUNKED + b"0\r\nX-Trailer: ", b"x", {431}),
    "a chunk's extension": (CHUNKED + b"1;a=", b"x", {400, 431}),
    "a chunk's extensions": (CHUNKED + b"1", b";a=x", {400, 431}),
    "a chunk's size": (CHUNKED, b"0", {400, 431}),
    "trailers after an answer": (
        CHUNKED.replace(b"/login", b"/projects") + b"0\r\n",
        b"a: b\r\n",
        {401},
    ),
    "requests at once": (b"", GET + b"\r\n", {0, 200, 429}),
    "bodies of no request": (GET + b"\r\n", b"\r\n", {200, 431}),
}
HALVES = {
    "nothing": b"",
    "half a line": b"GET /heal",
    "half a head": GET,
    "half a head after a request": GET + b"\r\n" + GET,
    "half an upgrade": GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    "half a chunk's size": CHUNKED + b"1",
    "half a trailer": CHUNKED + b"1\r\nx\r\n0\r\nX-Trail",
    "half a small form": CHUNKED + b"6\r\nemail=\r\n",
    "half a body that nobody reads": b"POST /logout HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nx",
}
CLOSED_WITHIN_S = 60.0
CROWD = 1500


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("headers") / "data") as running:
        with running.client() as client:
            until(lambda: client.get("/healthz").status_code == 200)
        yield running


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_refused_early_and_costs_no_memory(house: House, name: str) -> None:
    first, again, right = ENDLESS[name]
    before = peak_memory(house)
    with undisturbed(house.client()):
        poured = pour(house, endless(first, again))
    assert poured.status in right, poured.answer[:300]
    assert poured.seconds < CLOSED_WITHIN_S
    assert peak_memory(house) - before < 20 << 20


@pytest.mark.parametrize("lines, status", [(90, 200), (101, 431)])
def test_a_hundred_lines_are_enough(house: House, lines: int, status: int) -> None:
    many = b"".join(b"x-%d: y\r\n" % n for n in range(lines))
    assert pour(house, [GET + many + b"Connection: close\r\n\r\n"]).status == status


@pytest.mark.parametrize("size, status", [(60_000, 200), (66_000, 431)])
@pytest.mark.parametrize("piece", [1000, PIECE * 2])
def test_a_head_has_64_kb_however_it_comes(
    house: House, size: int, status: int, piece: int
) -> None:
    head = GET + b"Connection: close\r\nX-Header: " + b"x" * size + b"\r\n\r\n"
    pieces = [head[at : at + piece] for at in range(0, len(head), piece)]
    assert pour(house, pieces).status == status


@pytest.mark.parametrize("size, status", [(1000, 401), (20_000, 414)])
def test_an_address_has_16_kb(house: House, size: int, status: int) -> None:
    head = b"GET /account?%b HTTP/1.1\r\nHost: here\r\nAccept: application/json\r\n"
    whole = head % (b"q" * size) + b"Connection: close\r\n\r\n"
    assert pour(house, [whole]).status == status


def test_a_trailer_is_no_header(house: House) -> None:
    """What was judged by its headers does not change them with its body."""
    line = b"GET /account HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n%b\r\n0\r\n%b\r\n"
    accept = b"Accept: application/json\r\n"
    end = b"GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    assert pour(house, [line % (accept, b"") + end]).status == 401
    assert pour(house, [line % (b"", accept) + end]).status == 303


def test_half_requests_are_closed_and_told_so(house: House) -> None:
    """Also those that send a byte now and then."""
    with contextlib.ExitStack() as stack:
        lines = {name: stack.enter_context(closing(connect(house))) for name in HALVES}
        for name, line in lines.items():
            line.sendall(HALVES[name])
        with undisturbed(house.client()):
            ended = {name: _end_of(line, b"") for name, line in lines.items()}
    told = {name: b"408" in answer for name, answer in ended.items()}
    # Whoever sent nothing, or has an answer already, is not told a second thing.
    untold = ["nothing", "half a head after a request", "half a body that nobody reads"]
    assert [name for name in HALVES if not told[name]] == untold


def test_a_byte_now_and_then_buys_no_time(house: House) -> None:
    names = ["half a line", "half a head", "half a trailer", "half a small form"]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(len(names)) as at_once:
        lines = [stack.enter_context(closing(connect(house))) for _ in names]
        for name, line in zip(names, lines, strict=True):
            line.sendall(HALVES[name])
        more = [b"1\r\nx\r\n" if name == "half a small form" else b"x" for name in names]
        ended = dict(zip(names, at_once.map(_end_of, lines, more), strict=True))
    assert all(b"408" in answer for answer in ended.values()), ended


def _end_of(line: socket.socket, more: bytes) -> bytes:
    """What came until the server closed; `more` is sent each second meanwhile."""
    began, answer = time.monotonic(), b""
    line.settimeout(1.0)
    while time.monotonic() - began < CLOSED_WITHIN_S:
        try:
            if more:
                line.sendall(more)
            heard = line.recv(PIECE)
        except TimeoutError:
            continue
        except ConnectionError:
            return answer
        if not heard:
            return answer
        answer += heard
    raise AssertionError(f"still open: {answer!r}")


def test_a_crowd_of_half_requests_is_closed_and_others_are_served(house: House) -> None:
    before = peak_memory(house)
    halves = [HALVES[name] for name in ("nothing", "half a head", "half a small form")]
    with contextlib.ExitStack() as stack, undisturbed(house.client()):
        lines = []
        for n in range(CROWD):
            lines.append(stack.enter_context(closing(connect(house))))
            lines[-1].sendall(halves[n % len(halves)])
        with house.client() as late:
            assert late.get("/healthz").status_code == 200
        for line in lines:
            _end_of(line, b"")
    assert peak_memory(house) - before < 60 << 20


def test_a_request_after_a_pause_is_answered(house: House) -> None:
    with closing(connect(house)) as line:
        for _ in range(3):
            line.sendall(GET + b"\r\n")
            assert _answer(line).startswith(b"HTTP/1.1 200")


def _answer(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"}"):
        answer += line.recv(PIECE)
    return answer


def test_a_socket_is_asked_for_in_vain(house: House) -> None:
    asks = GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    poured = pour(house, [asks])
    assert poured.status == 200
    assert b"connection: close" in poured.answer
