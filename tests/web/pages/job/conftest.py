"""A Draftmill with a model that wants a key, and a project with a transcript for each test."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import brought_ahead, ready, signed_in, watched
from tests.support.house import QUICK, House, opened
from tests.support.model_server import ModelServer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = QUICK | {
        "DRAFTMILL_LLM_BASE_URL": model.base_url.replace("://", "://mara:hidden-word@"),
        "DRAFTMILL_LLM_API_KEY": "sk-hidden",
        "DRAFTMILL_LLM_MODEL": "a-model",
        # Long enough to be read on a page.
        "DRAFTMILL_CRASH_DELAY_S": "60",
    }
    with opened(tmp_path_factory.mktemp("job") / "data", **environ) as running:
        yield running


@pytest.fixture(scope="module")
def projects(house: House, owner: httpx2.Client) -> Iterator[str]:
    return brought_ahead(owner)


@pytest.fixture
def project(house: House, projects: Iterator[str]) -> str:
    """A project with a transcript and no drafts."""
    project = next(projects)
    ready(house, project, "ingest")
    return project


@pytest.fixture
def page(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    with signed_in(browser, owner) as context:
        yield watched(context)


@pytest.fixture
def plain(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    """A browser without script."""
    with signed_in(browser, owner, java_script_enabled=False) as context:
        yield context.new_page()
