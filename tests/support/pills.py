"""Pills: a click on Generate as a request and in a browser, and a good end."""

import re

import httpx2
from playwright.sync_api import Page, expect

from tests.support.browser import SOON_MS, actions, slot
from tests.support.house import House

HTMX = {"HX-Request": "true"}


def start(
    client: httpx2.Client, project: str, task_type: str = "blog", **fields: str
) -> httpx2.Response:
    answer = client.post(
        f"/projects/{project}/jobs", data={"type": task_type, **fields}, headers=HTMX
    )
    assert answer.status_code == 202, answer.text
    return answer


def generate(page: Page, house: House, project: str, task_type: str = "blog") -> None:
    """Press Generate on the project's page; the pill is there afterwards."""
    page.goto(f"{house.url}/projects/{project}")
    page.evaluate("window.stayed = true")
    slot(page, task_type).get_by_role("button", name="Generate").click()
    expect(slot(page, task_type)).to_have_attribute("data-status", re.compile("pending|running"))


def ends_well(page: Page, task_type: str = "blog") -> None:
    """The finished pill and its button arrived on the page that was there all the time."""
    expect(slot(page, task_type)).to_have_attribute("data-status", "succeeded", timeout=SOON_MS)
    name = re.compile("Edit|View")
    expect(actions(page, task_type).get_by_role("link", name=name)).to_be_visible()
    assert page.evaluate("window.stayed") is True
