"""A name corrected on the page: in how many places, undone at once, removed later."""

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import bring, ready
from tests.support.house import House

TEXT = """1
00:00:00,000 --> 00:00:05,000
Cooper Netties is fast. We like Cooper Netties.

2
00:00:05,000 --> 00:00:10,000
Nobody asked what cooper netties costs.
"""


@pytest.fixture
def project(house: House, owner: httpx2.Client) -> str:
    project = bring(owner, "A talk", text=TEXT)
    ready(house, project, "ingest")
    return project


def correct(page: Page) -> None:
    page.get_by_text("Correct a name").click()
    page.get_by_label("Heard").fill("Cooper Netties")
    page.get_by_label("Meant").fill("Kubernetes")
    page.get_by_role("button", name="Correct", exact=True).click()


def test_a_correction_says_how_many_places_and_can_be_undone(
    house: House, project: str, page: Page
) -> None:
    page.goto(f"{house.url}/projects/{project}")
    correct(page)
    expect(page.get_by_role("status").filter(has_text="Corrected")).to_contain_text("in 3 places")
    expect(page.locator(".transcript")).to_contain_text("Kubernetes is fast.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone.")).to_be_visible()
    expect(page.locator(".transcript")).to_contain_text("Cooper Netties is fast.")


def test_a_correction_can_be_removed_later(house: House, project: str, page: Page) -> None:
    page.goto(f"{house.url}/projects/{project}")
    correct(page)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto(f"{house.url}/projects/{project}")
    page.get_by_text("Correct a name").click()
    expect(page.locator(".corrections")).to_contain_text("Kubernetes")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".transcript")).to_contain_text("Cooper Netties is fast.")


def test_nobody_else_takes_it_back(
    house: House, owner: httpx2.Client, second: httpx2.Client, project: str
) -> None:
    form = {"heard": "Cooper Netties", "meant": "Kubernetes"}
    owner.post(f"/projects/{project}/corrections", data=form)
    (row,) = house.rows("select id from corrections where project_id = ?", project)
    path = f"/projects/{project}/corrections/{row['id']}/remove"
    assert second.post(path).status_code == 404
    assert house.rows("select 1 from corrections where project_id = ?", project)
