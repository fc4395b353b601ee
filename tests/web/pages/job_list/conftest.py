"""A Draftmill with a model that writes, refuses or keeps one waiting, and somebody else in it."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.browser import served
from tests.support.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("jobs")) as (running, _):
        yield running


@pytest.fixture(scope="module")
def other(house: House, owner: httpx2.Client, second: httpx2.Client) -> httpx2.Client:
    return second
