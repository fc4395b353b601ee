"""A Draftmill with a model, a draft of its own for each test, and a signed-in page."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browser import signed_in, watched
from tests.support.desk_house import draft, house, projects
from tests.support.house import House

__all__ = ["draft", "house", "projects"]


@pytest.fixture
def context(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[BrowserContext]:
    with signed_in(browser, owner) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return watched(context)
