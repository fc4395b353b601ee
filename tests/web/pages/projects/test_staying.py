"""Who changes the transcript stays where they are: the place, the focus, what plays, a clean address."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import ready, served, signed_in, watched
from tests.support.house import SAMPLE, House, until

# Where the heading stands on the screen, now and when something was sent last.
PLACE = "document.getElementById('transcript-title').getBoundingClientRect().top"
MARK = f"""media => {{
  window.kept = media;
  document.addEventListener("submit", () => {{ window.stood = {PLACE}; }}, true);
}}"""
SAME = "media => media === window.kept"
PLAYS = "media => !media.paused && media.currentTime >= 40"
LOW = {"width": 1280, "height": 500}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("staying")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def project(house: House, owner: httpx2.Client) -> str:
    owner.post("/account/vocabulary", data={"terms": "meassured\npaperr"})
    project = house.upload(owner, SAMPLE)
    ready(house, project, "ingest")
    return f"{house.url}/projects/{project}"


@pytest.fixture
def page(browser: Browser, owner: httpx2.Client, project: str) -> Iterator[Page]:
    """The page of the project, scrolled down to its transcript, with the recording playing slowly."""
    with signed_in(browser, owner, viewport=LOW, reduced_motion="reduce") as context:
        page = watched(context)
        page.goto(project)
        player = page.locator("#player")
        player.evaluate(
            "media => { media.currentTime = 40; media.playbackRate = 0.1; media.play(); }"
        )
        until(lambda: player.evaluate(PLAYS))
        player.evaluate(MARK)
        page.locator("#s1").focus()
        for _ in range(5):
            page.keyboard.press("ArrowDown")
        expect(page.locator("#suggested")).to_be_visible()
        page.locator(".transcript .section-head").evaluate(
            "head => scrollTo({ top: head.getBoundingClientRect().top + scrollY - 60 })"
        )
        until(lambda: page.evaluate("scrollY > 100"))
        yield page


def correct(page: Page, heard: str, meant: str) -> None:
    page.get_by_text("Correct a name").click()
    page.get_by_label("Heard").fill(heard)
    page.get_by_label("Meant").fill(meant)
    page.get_by_role("button", name="Correct", exact=True).click()


def stays(page: Page, project: str) -> None:
    """Nothing was loaded anew: the same player plays on, the page is where it was."""
    player = page.locator("#player")
    assert player.evaluate(SAME)
    assert player.evaluate(PLAYS)
    assert abs(page.evaluate(f"{PLACE} - window.stood")) < 5
    assert page.url == project


def test_a_correction_and_its_undo_leave_the_reader_where_they_were(
    page: Page, project: str
) -> None:
    correct(page, "stops", "halts")
    expect(page.locator("#notice")).to_contain_text("Corrected in")
    expect(page.locator("#s6")).to_contain_text("never changes halts")
    expect(page.locator("[data-correct] summary")).to_be_focused()
    expect(page.locator("[data-correct] [name=heard]")).to_have_value("")
    expect(page.locator("#s6")).to_have_attribute("tabindex", "0")
    stays(page, project)
    page.locator("#s6").focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#notice")).to_contain_text("Undone.")
    expect(page.locator("#s6")).to_contain_text("never changes stops")
    expect(page.locator("#s6")).to_be_focused()
    stays(page, project)


def test_a_correction_is_removed_in_place(page: Page, project: str) -> None:
    correct(page, "looked", "lookt")
    expect(page.locator("#s6")).to_contain_text("lookt")
    page.get_by_text("Correct a name").click()
    page.locator(".corrections").get_by_role("button", name="Remove").last.click()
    expect(page.locator("#notice")).to_contain_text("Removed.")
    expect(page.locator("#s6")).to_contain_text("looked")
    expect(page.locator("[data-correct]")).to_have_attribute("open", "")
    expect(page.locator("[data-correct] summary")).to_be_focused()
    stays(page, project)


def test_suggestions_are_taken_one_after_the_other(page: Page, project: str) -> None:
    page.locator("#suggested").click()
    taken = page.locator("#suggestions").get_by_role("button", name="Correct")
    expect(taken).to_have_count(2)
    taken.first.click()
    expect(page.locator("#notice")).to_contain_text("Corrected in")
    expect(taken).to_have_count(1)
    expect(taken).to_be_focused()
    stays(page, project)
    page.get_by_role("button", name="Undo").click()
    expect(taken).to_have_count(2)
    stays(page, project)


def test_what_was_edited_once_is_corrected_everywhere_in_place(page: Page, project: str) -> None:
    page.locator("#s6").press("Enter")
    page.locator("[data-sentence] textarea").fill(
        "Nobody had looked, because a Nummer that never changes stops being a Nummer."
    )
    page.keyboard.press("Enter")
    page.locator(".everywhere summary").first.click()
    page.locator("#player").evaluate("media => media.play()")
    page.locator(".everywhere").get_by_role("button", name="Correct").first.click()
    expect(page.locator("#s3")).to_contain_text("Nummer")
    expect(page.locator(".everywhere")).to_have_count(0)
    stays(page, project)


def test_what_an_address_tells_is_told_once(page: Page, project: str, house: House) -> None:
    page.goto(f"{project}?note=undone#s6")
    expect(page.locator("#notice")).to_contain_text("Undone.")
    expect(page).to_have_url(f"{project}#s6")
