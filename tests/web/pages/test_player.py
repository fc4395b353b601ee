"""The recording beside its transcript: a click on a sentence plays it, and the place is marked."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import ready, served, signed_in, watched
from tests.support.house import SAMPLE, House, until

PLAYING = re.compile(r"\bplaying\b")
HALT = "media => { const at = media.currentTime; media.pause(); return at; }"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("player")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def project(house: House, owner: httpx2.Client) -> str:
    """The address of a project with a recording, heard in sentences of five seconds."""
    project = house.upload(owner, SAMPLE)
    ready(house, project, "ingest")
    return f"{house.url}/projects/{project}"


@pytest.fixture
def page(browser: Browser, owner: httpx2.Client, project: str) -> Iterator[Page]:
    with signed_in(browser, owner) as context:
        page = watched(context)
        page.goto(project)
        yield page


def play(page: Page, pressed: Locator) -> float:
    """Click what plays the recording; where it went on from, now halted there."""
    pressed.click()
    player = page.locator("#player")
    until(lambda: player.evaluate("media => media.currentTime > 0 && !media.paused"))
    return float(player.evaluate(HALT))


def test_a_click_on_a_sentence_plays_it_and_marks_it(page: Page) -> None:
    said = page.locator("[data-plays] .said")
    expect(page.locator(".said.playing")).to_have_count(0)
    for n in (7, 2):  # forwards and back
        begins, ends = (
            float(said.nth(n).get_attribute(f"data-{end}") or 0) for end in ("at", "to")
        )
        assert begins <= play(page, said.nth(n)) < ends
        expect(said.nth(n)).to_have_class(PLAYING)
        expect(page.locator(".said.playing")).to_have_count(1)


def test_the_mark_follows_the_recording_and_is_gone_where_nobody_speaks(page: Page) -> None:
    said = page.locator("[data-plays] .said")
    play(page, said.nth(0))
    to(page, 48.0)
    expect(page.locator(".said.playing")).to_have_attribute("data-at", spoken_at(page, 48.0))
    last = float(said.last.get_attribute("data-to") or 0)
    to(page, last + 0.9)
    expect(page.locator(".said.playing")).to_have_count(0)


def spoken_at(page: Page, seconds: float) -> str:
    """The beginning of the sentence that is spoken at a moment, as the page has it."""
    found: list[str] = page.locator(".said").evaluate_all(
        "(all, at) => all.map(one => one.dataset).filter(one => one.at <= at && at < one.to).map(one => one.at)",
        seconds,
    )
    assert len(found) == 1, found
    return found[0]


def to(page: Page, seconds: float) -> None:
    """Go to a moment by the player's own controls."""
    page.locator("#player").evaluate("(media, at) => { media.currentTime = at; }", seconds)


def test_the_chapter_that_plays_is_the_current_one(page: Page) -> None:
    chapters = page.locator(".chapters a[data-seek]")
    current = page.locator(".chapters a[aria-current=true]")
    expect(chapters).to_have_count(3)
    expect(current).to_have_count(0)
    second = float(chapters.nth(1).get_attribute("data-seek") or 0)
    assert second <= play(page, chapters.nth(1)) < second + 5
    expect(chapters.nth(1)).to_have_attribute("aria-current", "true")
    to(page, 80)
    expect(chapters.nth(2)).to_have_attribute("aria-current", "true")
    expect(current).to_have_count(1)
    to(page, second - 1)
    expect(chapters.nth(0)).to_have_attribute("aria-current", "true")
    expect(current).to_have_count(1)


def test_an_address_with_a_time_opens_the_recording_there(page: Page, project: str) -> None:
    page.goto(f"{project}?t=40")
    expect(page.locator(".said.playing")).to_have_attribute("data-at", spoken_at(page, 40.0))
    expect(page.locator("#player")).to_have_js_property("currentTime", 40)


def test_the_keys_go_from_sentence_to_sentence(page: Page) -> None:
    said = page.locator("[data-plays] .said")
    play(page, said.nth(3))
    for key, n in (("l", 4), ("j", 3)):
        page.locator("#material .chapters a").first.focus()
        page.keyboard.press(key)
        page.locator("#player").evaluate(HALT)
        expect(said.nth(n)).to_have_class(PLAYING)
