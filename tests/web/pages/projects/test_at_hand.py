"""What can be done with a sentence is shown at it: by keys, by a tap, in the room of a phone."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import found_by_axe
from tests.support.browser import bring, ready, served, signed_in, watched
from tests.support.house import SAMPLE, House, until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HEBREW = """1
00:00:00,000 --> 00:00:05,000
שלום לכולם, היום נדבר על זמן הבנייה.

2
00:00:05,000 --> 00:00:10,000
רוב הזמן הלך על המתנה למטמון קר.
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("hand")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def project(house: House, owner: httpx2.Client) -> str:
    project = house.upload(owner, SAMPLE)
    ready(house, project, "ingest")
    return f"{house.url}/projects/{project}"


@pytest.fixture
def page(browser: Browser, owner: httpx2.Client, project: str) -> Iterator[Page]:
    with signed_in(browser, owner) as context:
        page = watched(context)
        page.goto(project)
        yield page


def test_keys_lead_from_a_sentence_to_what_can_be_done_with_it(page: Page) -> None:
    hand = page.locator("[data-at-hand]")
    expect(hand).to_have_count(0)
    page.locator("#s1").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#s2")).to_have_accessible_description(
        "Enter edits it, Tab leads to what else can be done."
    )
    assert found_by_axe(page) == []
    page.keyboard.press("Tab")
    expect(hand.get_by_role("button", name="Play")).to_be_focused()
    page.keyboard.press("Enter")
    begins = float(page.locator("#s2").get_attribute("data-at") or 0)
    player = page.locator("#player")
    until(lambda: player.evaluate("media => !media.paused && media.currentTime") >= begins)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".edit-sentence textarea")).to_be_focused()
    expect(hand).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#s2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(hand).to_have_count(0)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(hand).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#s1")).to_be_focused()


def test_a_speaker_is_asked_for_the_sentence_at_hand(page: Page) -> None:
    page.locator("#s1").focus()
    page.keyboard.press("ArrowDown")
    page.locator("[data-at-hand]").get_by_role("link", name="Speaker").click()
    chosen = page.locator("#panel input[name=sentence]:checked")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_value("2")


def test_a_tap_shows_it_within_the_room_of_a_phone(
    browser: Browser, house: House, owner: httpx2.Client, project: str
) -> None:
    hebrew = bring(owner, "Hebrew", text=HEBREW)
    ready(house, hebrew, "ingest")
    with signed_in(browser, owner, **PHONE) as context:
        page = watched(context)
        for address in (project, f"{house.url}/projects/{hebrew}"):
            page.goto(address)
            page.locator("#s2").tap()
            hand = page.locator("[data-at-hand]")
            expect(hand).to_be_visible()
            for one in hand.locator(".button").all():
                box = one.bounding_box()
                assert box is not None
                assert box["height"] >= 24
                assert box["width"] >= 24
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= 390
            assert found_by_axe(page) == []
            hand.get_by_role("button", name="Edit").tap()
            expect(page.locator(".edit-sentence textarea")).to_be_focused()
            page.get_by_role("button", name="Cancel").tap()
            page.locator("#transcript-title").tap()
            expect(hand).to_have_count(0)
