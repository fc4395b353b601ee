"""A Draftmill with a model, and a draft of its own for each test: fixtures to import."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.browser import brought_ahead, ready, served
from tests.support.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("desk")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def projects(house: House, owner: httpx2.Client) -> Iterator[str]:
    return brought_ahead(owner, "blog")


@pytest.fixture
def draft(house: House, projects: Iterator[str]) -> str:
    """The address of a blog draft of its own, never edited."""
    project = next(projects)
    ready(house, project, "blog")
    return f"{house.url}/projects/{project}/drafts/blog"
