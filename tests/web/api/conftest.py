"""A counter for the tests of a file, and a program at it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest

from tests.support.api_programs import TALK, Counter, bring, counter, program, token_for


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter(tmp_path_factory.mktemp("api") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def client(desk: Counter) -> Iterator[httpx2.Client]:
    with program(desk, token_for(desk)) as client:
        yield client


@pytest.fixture
def db(desk: Counter) -> Iterator[sqlite3.Connection]:
    with closing(desk.db()) as db:
        yield db


@pytest.fixture
def project(client: httpx2.Client, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A project of its own for each test, with an ingest and a blog post to come."""
    return bring(client, f"{TALK}\n{request.node.name}.", types=["blog"], title="A talk")
