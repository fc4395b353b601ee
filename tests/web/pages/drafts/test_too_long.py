"""What is too long is said in words, and to who hears the page once, not at each key."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import signed_in, watched
from tests.support.still_desk import StillDesk, still_desk

# All that a screen reader would be told while the page stands.
HEAR = """() => {
  window.heard = [];
  const live = [...document.querySelectorAll("[role=status], [role=alert], [aria-live], output")];
  const loud = live.filter((one) => one.getAttribute("aria-live") !== "off");
  const note = () => {
    const words = document.getElementById("say-page").textContent;
    if (words && words !== window.heard.at(-1)) window.heard.push(words);
  };
  for (const one of loud) {
    const hear = () => (one.contains(document.getElementById("say-page")) ? note() : window.heard.push(one.textContent));
    new MutationObserver(hear).observe(one, { childList: true, subtree: true, characterData: true });
  }
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("long"), model="") as desk:
        yield desk


@pytest.fixture
def page(browser: Browser, desk: StillDesk) -> Iterator[Page]:
    with signed_in(browser, desk.house.owner) as context:
        yield watched(context)


def test_a_post_that_becomes_too_long_is_told_once(desk: StillDesk, page: Page) -> None:
    desk.written(json.dumps(["x" * 278, "y" * 300]), "twitter")
    page.goto(desk.house.url + desk.url.replace("blog", "twitter"))
    first, second = page.locator(".post output").all()
    expect(second).to_have_text("300 / 280, 20 too many")
    page.evaluate(HEAR)
    page.locator("[name=post]").first.press_sequentially("zzzzz")
    expect(first).to_have_text("283 / 280, 3 too many")
    for _ in range(4):
        page.keyboard.press("Backspace")
    expect(first).to_have_text("279 / 280")
    assert page.evaluate("heard") == [
        "Post 1 is too long: more than 280 characters.",
        "Post 1 fits again.",
    ]


def test_a_subject_that_becomes_too_long_is_told_once(desk: StillDesk, page: Page) -> None:
    desk.written("One.", "newsletter")
    page.goto(desk.house.url + desk.url.replace("blog", "newsletter"))
    title, count = page.locator("#title"), page.locator("output")
    title.fill("x" * 59)
    page.evaluate(HEAR)
    title.press_sequentially("yyyy")
    expect(count).to_have_text("63 / 60, 3 too many")
    assert page.evaluate("heard") == ["Too long: more than 60 characters."]
    expect(page.locator("[data-saved]")).to_have_text("Saved, version 2")
    page.reload()
    expect(count).to_have_text("63 / 60, 3 too many")
