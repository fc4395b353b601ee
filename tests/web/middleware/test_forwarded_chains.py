"""Chains of proxies that uvicorn's own middleware reads differently, which is why we have ours."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from draftmill.settings import Settings
from draftmill.web.middleware.forwarded import Front

NETWORK = "10.0.0.0/8"
FOR, PROTO, HOST = "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"
Seen = tuple[str, str, str]


def in_a_thread(asked: Coroutine[Any, Any, Any]) -> Any:
    """Run it where no loop runs: the browser of other tests has one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


def scope_of(peer: str, headers: list[tuple[str, str]]) -> Scope:
    raw = [(name.encode(), value.encode()) for name, value in [("host", "inside"), *headers]]
    return {"type": "http", "scheme": "http", "path": "/", "client": (peer, 1), "headers": raw}


def seen_in(scope: Scope) -> Seen:
    """Client, scheme and host that a handler would see."""
    return scope["client"][0], scope["scheme"], dict(scope["headers"])[b"host"].decode()


CHAINS = [
    pytest.param(
        "10.1.2.3",
        [(FOR, "203.0.113.9, 10.0.0.7"), (PROTO, "https, http")],
        ("203.0.113.9", "https", "inside"),
        id="each proxy adds its scheme",
    ),
    pytest.param(
        "10.1.2.3",
        [(FOR, "203.0.113.9, 10.0.0.7"), (PROTO, "https"), (PROTO, "http")],
        ("203.0.113.9", "https", "inside"),
        id="each proxy adds a line",
    ),
    pytest.param("10.1.2.3", [(PROTO, "wss")], ("10.1.2.3", "http", "inside"), id="an odd scheme"),
    pytest.param(
        "::ffff:10.1.2.3",
        [(FOR, "203.0.113.9"), (PROTO, "https")],
        ("203.0.113.9", "https", "inside"),
        id="an IPv4 proxy on an IPv6 socket",
    ),
    pytest.param(
        "10.1.2.3",
        [(FOR, "203.0.113.9, ::ffff:10.0.0.7")],
        ("203.0.113.9", "http", "inside"),
        id="an IPv4 hop told by its IPv6 name",
    ),
    pytest.param(
        "10.1.2.3",
        [(FOR, "someone new each time, 10.0.0.7")],
        ("10.0.0.7", "http", "inside"),
        id="what is no address",
    ),
    pytest.param(
        "10.1.2.3",
        [(FOR, "203.0.113.9"), (HOST, "drafts.example.org")],
        ("203.0.113.9", "http", "drafts.example.org"),
        id="a host",
    ),
]


@pytest.mark.parametrize(("peer", "headers", "seen"), CHAINS)
def test_a_chain_is_read_from_its_trusted_end(
    tmp_path: Path, peer: str, headers: list[tuple[str, str]], seen: Seen
) -> None:
    scope = scope_of(peer, headers)
    Front(Settings(data=tmp_path, trusted_proxies=NETWORK)).correct(scope)
    assert seen_in(scope) == seen


@pytest.mark.parametrize(("peer", "headers", "seen"), CHAINS)
def test_uvicorn_reads_it_differently(
    peer: str, headers: list[tuple[str, str]], seen: Seen
) -> None:
    """When this fails, uvicorn has caught up in one more thing, and less of ours is needed."""
    scope: Any = scope_of(peer, headers)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        """What uvicorn serves; only the scope is looked at."""

    nothing: Any = None
    in_a_thread(ProxyHeadersMiddleware(app, NETWORK)(scope, nothing, nothing))
    assert seen_in(scope) != seen
