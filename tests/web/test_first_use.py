"""A part of the site that is imported with its first request."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, Router
from starlette.testclient import TestClient

from draftmill.web.first_use import FirstUse


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def test_requests_at_once_are_all_answered_by_the_part_that_was_loaded() -> None:
    both = threading.Barrier(2)

    def load() -> list[Route]:
        both.wait(30)
        return [Route("/hello", hello)]

    part = FirstUse(load)
    with TestClient(Router([Mount("/part", part)])) as client, ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(client.get, ["/part/hello"] * 2))
        assert [answer.text for answer in answers] == ["hello"] * 2
        assert client.get("/part/hello").text == "hello"  # the barrier is not met again


def test_what_cannot_be_loaded_is_tried_again() -> None:
    tries = iter([False, True])

    def load() -> list[Route]:
        if not next(tries):
            raise MemoryError
        return [Route("/hello", hello)]

    with TestClient(Router([Mount("/part", FirstUse(load))])) as client:
        with pytest.raises(MemoryError):
            client.get("/part/hello")
        assert client.get("/part/hello").text == "hello"
