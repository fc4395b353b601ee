"""What is copied and downloaded from the desk, in a browser: what was typed, without marks."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from draftmill.drafts import export
from tests.support.browser import signed_in, watched
from tests.support.draft_rows import save
from tests.support.still_desk import StillDesk, still_desk

TEXT = "One warm cache at [0:12](time:12).\n\n![it](shot:2)\n\nThe end, ![again](shot:2 'it').\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("marks")) as desk:
        yield desk


@pytest.fixture
def context(browser, desk: StillDesk) -> Iterator[BrowserContext]:
    with signed_in(browser, desk.house.owner) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.house.url)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return watched(context)


def copied(page: Page) -> str:
    expect(page.locator("#say-page")).to_have_text("Copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("answers", [True, False])
def test_what_is_copied_holds_no_mark_of_the_desk(
    desk: StillDesk, page: Page, answers: bool
) -> None:
    desk.written(TEXT)
    page.goto(desk.house.url + desk.url)
    if not answers:
        page.route("**/copy", lambda route: route.abort())
    page.locator("#copy").click()
    told = "# Title written-blog\n\nOne warm cache at 0:12.\n\nThe end, ."
    assert copied(page) == told


def test_posts_are_copied_without_marks(desk: StillDesk, page: Page) -> None:
    desk.written(json.dumps(["At [0:12](time:12).", "![it](shot:2)\n\nThe end."]), "twitter")
    page.goto(desk.house.url + desk.url.replace("blog", "twitter"))
    page.get_by_role("button", name="Copy this post").first.click()
    assert copied(page) == "At 0:12."
    page.reload()
    page.locator("#copy").click()
    assert copied(page) == "At 0:12.\n\nThe end."


def test_what_a_clipboard_has_no_room_for_is_left_out_and_said(
    desk: StillDesk, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_PASTED", 0)
    desk.written("One.\n\n![it](shot:2)\n\n![it](shot:3)\n")
    page.goto(desk.house.url + desk.url)
    page.locator("#copy").click()
    expect(page.locator("#notice")).to_contain_text("Copied without 2 pictures")


def test_a_download_holds_the_last_words(desk: StillDesk, page: Page) -> None:
    desk.written("One.\n")
    page.goto(desk.house.url + desk.url)
    page.locator("#body").press_sequentially("The last words. ")
    page.locator("summary", has_text="Download as").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="Markdown").click()
    assert "The last words." in caught.value.path().read_text()
    assert "The last words." in desk.shown().body


def test_a_download_that_is_pressed_while_a_save_is_on_its_way_comes_after_it(
    desk: StillDesk, page: Page
) -> None:
    desk.written("One.")
    page.goto(desk.house.url + desk.url)
    held: list[Route] = []
    page.route(
        re.compile("/drafts/blog$"),
        lambda route: route.continue_() if held else held.append(route),
    )
    page.locator("#body").fill("One, and the last words.")
    page.locator("#body").press("Control+s")
    expect(page.locator("[data-saved]")).to_have_text("Saving…")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download", exact=True).click()
        held[0].continue_()
    assert caught.value.suggested_filename.endswith(".zip")
    assert desk.shown().body == "One, and the last words."


def test_a_download_in_a_conflict_says_so_and_leads_to_it(desk: StillDesk, page: Page) -> None:
    desk.written("One.\n")
    page.goto(desk.house.url + desk.url)
    save(desk.db, "Theirs.", desk.shown().tag)
    downloads: list[object] = []
    page.on("download", lambda one: downloads.append(one))
    page.locator("#body").press_sequentially("The last words. ")
    for _ in range(2):
        page.get_by_role("link", name="Download", exact=True).click()
        told = page.locator("[data-conflict]")
        expect(told).to_contain_text("changed elsewhere")
        expect(told).to_contain_text("Nothing was downloaded")
        expect(told.get_by_role("link", name="Show both")).to_be_focused()
    assert downloads == []
    told.get_by_role("link", name="Show both").click()
    expect(page.get_by_role("heading", name="Which one shall it be?")).to_be_visible()
