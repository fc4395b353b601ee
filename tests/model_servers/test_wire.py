"""What comes from a server is counted before it is read, and comes from that server alone."""

import gzip
import json
import zlib
from collections.abc import Callable
from contextlib import closing

import pytest

from draftmill.errors import Problem
from draftmill.model_servers.server import Server, transcribing, writing
from draftmill.settings import Settings
from tests.support.model_server import Answer, Exchange, ModelServer, sends

MEGABYTE = 1_000_000


def writes(server: ModelServer) -> Server:
    return writing(Settings(llm_base_url=server.base_url, llm_model="m", llm_api_key="our-key"))


def asked(server: Server) -> bytes:
    """What the model server answers to a question, as bytes."""
    with closing(server.line()) as line, server.problems():
        return line.post("chat/completions", {"model": "m", "messages": []}).content


def problem(server: ModelServer) -> Problem:
    with pytest.raises(Problem) as caught:
        asked(writes(server))
    return caught.value


def packed(body: bytes, kind: str, status: int = 200) -> Answer:
    pack: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
    headers = {"Content-Type": "application/json", "Content-Encoding": kind}
    return lambda exchange: exchange.send(status, headers, pack[kind](body))


def endless(piece: bytes, status: int = 200, kind: str = "application/json") -> Answer:
    """Sends the same for as long as anybody listens."""

    def answer(exchange: Exchange) -> None:
        handler = exchange.handler
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while not exchange.closing.is_set():
            handler.wfile.write(piece)

    return answer


def test_an_answer_may_have_two_megabytes_and_no_more() -> None:
    with ModelServer() as server:
        server.then(sends(200, "1" * 2 * MEGABYTE), sends(200, "1" * (2 * MEGABYTE + 1)))
        assert len(asked(writes(server))) == 2 * MEGABYTE
        assert problem(server).code == "model_reply_too_large"


def test_a_transcription_may_have_twenty() -> None:
    with ModelServer() as server:
        server.otherwise = endless(b"1" * 65_536)
        with pytest.raises(Problem) as caught:
            asked(transcribing(Settings(transcribe_base_url=server.base_url)))
    assert caught.value.code == "transcription_server_answer"


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_what_is_packed_is_counted_unpacked(kind: str) -> None:
    with ModelServer() as server:
        server.then(packed(b'{"a": 1}', kind), packed(b" " * 50 * MEGABYTE, kind))
        assert json.loads(asked(writes(server))) == {"a": 1}
        assert server.requests[0].headers["accept-encoding"] == "identity"
        assert problem(server).code == "model_reply_too_large"


def test_what_packs_nothing_is_counted_packed() -> None:
    empty_block = b"\x00\x00\x00\xff\xff"
    with ModelServer() as server:
        packer = zlib.compressobj()
        start = packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH)

        def answer(exchange: Exchange) -> None:
            headers = {"Content-Encoding": "deflate"}
            exchange.send(200, headers, start + empty_block * (MEGABYTE // 2))

        server.otherwise = answer
        assert problem(server).code == "model_reply_too_large"


@pytest.mark.parametrize("piece", [b"x" * 65_536, b"[" * 65_536, b"\n" * 65_536])
def test_an_endless_error_is_known_by_its_status(piece: bytes) -> None:
    with ModelServer() as server:
        server.otherwise = endless(piece, status=429)
        assert problem(server).code == "model_busy"


def test_a_redirect_within_the_server_is_followed_with_the_question() -> None:
    with ModelServer() as server:
        for status in (301, 302, 307, 308):
            server.then(sends(status, "", {"Location": "/v2/chat"}), sends(200, "{}"))
            assert asked(writes(server)) == b"{}"
            assert server.requests[-1].path == "/v2/chat"
            assert server.requests[-1].body == server.requests[-2].body


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_server_is_refused_by_name(status: int) -> None:
    with ModelServer() as server, ModelServer() as other:
        server.otherwise = sends(status, "", {"Location": f"{other.base_url}/chat/completions"})
        failure = problem(server)
        assert failure.code == "model_address_wrong"
        assert "leads to another server, 127.0.0.1," in failure.message
        with pytest.raises(Problem) as caught:
            asked(transcribing(Settings(transcribe_base_url=server.base_url)))
        assert caught.value.code == "transcription_server_address"
        assert other.requests == []


@pytest.mark.parametrize(
    "place",
    ["http://[", "gopher://x", "//elsewhere.example/v1", "http:///x", "https://127.0.0.1/v1"],
)
def test_a_redirect_to_nowhere_is_refused_too(place: str) -> None:
    with ModelServer() as server:
        server.otherwise = sends(307, "", {"Location": place})
        assert problem(server).code == "model_address_wrong"
