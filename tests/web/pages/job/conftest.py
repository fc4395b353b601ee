"""A Draftmill with a model that wants a key, and a browser without script."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import signed_in
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


@pytest.fixture
def plain(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    """A browser without script."""
    with signed_in(browser, owner, java_script_enabled=False) as context:
        yield context.new_page()
