"""A project is renamed beside its name, by keys alone, and has its old name back by Undo."""

import re
from html import unescape

import httpx2
from playwright.sync_api import Browser, expect

from tests.support.browser import bring, ready, signed_in
from tests.support.house import House

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


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


def test_undo_leaves_a_project_as_it_was_and_no_newer_name_aside(
    house: House, owner: httpx2.Client
) -> None:
    project = house.upload(owner)
    ready(house, project, "ingest")
    was = house.one("select title, title_by from projects where id = ?", project)
    assert was
    assert was["title_by"] == "file"
    address, htmx = f"/projects/{project}/title", {"HX-Request": "true"}

    def renamed(**form: str) -> str:
        return unescape(owner.post(address, data=form, headers=htmx).text)

    way_back = dict(HIDDEN.findall(renamed(title="My own")))
    assert "Undone." in renamed(**way_back)
    assert house.one("select title, title_by from projects where id = ?", project) == was
    way_back = dict(HIDDEN.findall(renamed(title="My own")))
    renamed(title="Newer")
    assert "It was renamed since: nothing was undone." in renamed(**way_back)
    row = house.one("select title from projects where id = ?", project)
    assert row
    assert row["title"] == "Newer"
