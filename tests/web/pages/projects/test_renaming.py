"""A project is renamed beside its name, by keys alone, and has its old name back by Undo."""

import re

import httpx2
from playwright.sync_api import Browser, expect

from tests.support.browser import bring, ready, signed_in
from tests.support.house import House


def test_it_is_renamed_where_its_name_stands(
    browser: Browser, house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, "The first name")
    ready(house, project, "ingest")
    with signed_in(browser, owner) as context:
        page = context.new_page()
        page.goto(f"{house.url}/projects/{project}")
        rename = page.locator("summary").get_by_text("Rename", exact=True)
        rename.press("Enter")
        field = page.get_by_label("Title of the project")
        field.fill("Another name")
        field.press("Enter")
        expect(page.locator("h1")).to_have_text("Another name")
        expect(page).to_have_title(re.compile("^Another name"))
        expect(page.locator("#notice")).to_contain_text("Renamed.")
        expect(field).to_be_hidden()
        expect(rename).to_be_focused()
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(page.locator("h1")).to_have_text("The first name")
        expect(page.locator("#notice")).to_contain_text("Undone.")
