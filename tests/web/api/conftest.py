"""A server without workers for the tests of a file, and a program that uses it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest

from tests.support.api_programs import TALK, ServerAlone, bring, program, server_alone, token_for


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerAlone]:
    with server_alone(tmp_path_factory.mktemp("api") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: ServerAlone) -> Iterator[httpx2.Client]:
    with program(server, token_for(server)) as client:
        yield client


@pytest.fixture
def db(server: ServerAlone) -> Iterator[sqlite3.Connection]:
    with closing(server.db()) as db:
        yield db


@pytest.fixture
def project(client: httpx2.Client, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A project of its own for each test, with an ingest and a blog post to come."""
    return bring(client, f"{TALK}\n{request.node.name}.", types=["blog"], title="A talk")
