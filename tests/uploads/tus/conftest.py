"""Draftmills that take any size and no silence, or little of both."""

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from tests.support.house import House, draftmill, opened
from tests.support.tus_client import MOST


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    """A Draftmill that takes any size, and every silent connection for a slow one."""
    folder = tmp_path_factory.mktemp("tus")
    more = {"DRAFTMILL_MAX_UPLOAD": "1000000T", "DRAFTMILL_UPLOAD_SILENT_S": "600"}
    with opened(folder / "data", **quiet, **more) as running:
        yield running


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    """A Draftmill that takes little, and every connection that is silent for lost."""
    folder = tmp_path_factory.mktemp("strict")
    more = {"DRAFTMILL_MAX_UPLOAD": str(MOST), "DRAFTMILL_UPLOAD_SILENT_S": "0"}
    with opened(folder / "data", **quiet, **more) as running:
        yield running


@pytest.fixture(scope="module")
def guest(strict: House) -> Iterator[httpx2.Client]:
    """The owner of the strict Draftmill."""
    with closing(strict.make_owner()) as client:
        yield client


@pytest.fixture(scope="module")
def token(house: House, owner: httpx2.Client) -> str:
    return draftmill(house.data, "token", "add", "mara@example.org").stdout.strip()
