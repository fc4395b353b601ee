"""What can be done with a sentence is shown at it: by keys, by a tap, in the room of a phone."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import found_by_axe
from tests.support.browser import bring, ready, served, signed_in, watched
from tests.support.house import SAMPLE, House, until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SLOWLY = "media => { media.defaultPlaybackRate = media.playbackRate = 0.1; }"
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


@pytest.fixture(scope="module")
def hebrew(house: House, owner: httpx2.Client) -> str:
    """The address of a transcript without its recording."""
    project = bring(owner, "Hebrew", text=HEBREW)
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
    expect(hand).to_have_count(1)
    page.keyboard.press("Tab")
    expect(hand.get_by_role("button", name="Play")).to_be_focused()
    expect(hand.get_by_role("link", name="Speaker")).to_be_visible()
    expect(hand.get_by_role("link", name="New chapter here")).to_have_count(0)  # one begins here
    page.keyboard.press("Escape")
    expect(page.locator("#s1")).to_be_focused()
    page.evaluate(FRAMES)
    expect(hand).to_have_count(0)


def test_a_speaker_is_asked_for_the_sentence_at_hand(page: Page) -> None:
    page.locator("#s1").focus()
    page.keyboard.press("ArrowDown")
    page.locator("[data-at-hand]").get_by_role("link", name="Speaker").click()
    chosen = page.locator("#panel input[name=sentence]:checked")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_value("2")
    page.keyboard.press("Escape")
    expect(page.locator("#s2")).to_be_focused()


def test_it_stands_where_a_hebrew_sentence_begins(
    browser: Browser, house: House, owner: httpx2.Client, hebrew: str
) -> None:
    with signed_in(browser, owner) as context:
        page = watched(context)
        page.goto(hebrew)
        page.locator("#s1").focus()
        page.keyboard.press("ArrowDown")
        hand = page.locator("[data-at-hand]").bounding_box()
        around = page.locator("p:has(> #s2)").bounding_box()
    assert hand
    assert around
    assert hand["x"] + hand["width"] == pytest.approx(around["x"] + around["width"], abs=1)
    assert hand["width"] < around["width"]


def test_a_tap_shows_it_within_the_room_of_a_phone(
    browser: Browser, owner: httpx2.Client, project: str, hebrew: str
) -> None:
    with signed_in(browser, owner, **PHONE) as context:
        page = watched(context)
        for address in (project, hebrew):
            page.goto(address)
            if address == project:
                page.locator("#player").evaluate(SLOWLY)
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
            if address == project:  # the tap plays it, too
                hand.get_by_role("button", name="Pause").tap()
                expect(page.locator("#player")).to_have_js_property("paused", True)
                expect(hand.get_by_role("button", name="Play")).to_be_visible()
            hand.get_by_role("button", name="Edit").tap()
            expect(page.locator(".edit-sentence textarea")).to_be_focused()
            page.get_by_role("button", name="Cancel").tap()
            page.locator("#transcript-title").tap()
            expect(hand).to_have_count(0)
            expect(page.locator(".said[tabindex='0']")).to_have_count(1)
