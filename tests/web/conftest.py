"""What the owner has, for others to reach for; projects to work on, and a signed-in page."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import brought_ahead, ready, signed_in, watched
from tests.support.house import House, project_id
from tests.support.owned_project import HOSTILE, Owned


@pytest.fixture(scope="module")
def owned(house: House, owner: httpx2.Client) -> Owned:
    text = (
        "Every pull request should be small enough to read in ten minutes.\n"
        "Small changes reached production within a day and were rolled back half as often."
    )
    answer = owner.post(
        "/projects",
        files={"recording": ("", b"")},
        data={"transcript_text": text, "title": HOSTILE, "types": ["blog", "twitter"]},
    )
    project = project_id(answer)
    for row in house.rows("select id from jobs where project_id = ?", project):
        assert house.ended(row["id"])["status"] == "succeeded"
    assert owner.post("/account/tokens", data={"name": HOSTILE}).status_code == 200
    hook = {"name": HOSTILE, "address": "https://hooks.invalid/"}
    assert owner.post("/account/channels", data=hook).status_code == 200
    return Owned(house, project)


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
