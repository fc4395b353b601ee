"""What a draft rests on, opened beside it in a real browser: by mouse, by keyboard, on a phone."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.axe import found_by_axe
from tests.support.browser import FOCUSED, ready, served, signed_in, watched
from tests.support.doubtful_draft import ARTICLE, INVENTED, NEAREST, POSTS, doubt
from tests.support.draft_page import SAVED, versions, write
from tests.support.house import SAMPLE, House

TYPES = ["blog", "twitter"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("beside")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def film(house: House, owner: httpx2.Client) -> str:
    """A project of a film with its drafts."""
    project = house.upload(owner, SAMPLE, types=TYPES, title="How we cut our build to 4 minutes")
    ready(house, project, "ingest", *TYPES)
    return project


@pytest.fixture
def blog(house: House, film: str) -> str:
    """The address of its article, with two parts to check that nobody has looked at."""
    return fresh(house, film, "blog")


@pytest.fixture
def thread(house: House, film: str) -> str:
    return fresh(house, film, "twitter")


def fresh(house: House, project: str, type: str) -> str:
    with closing(house.db()) as db:
        db.execute(
            "update drafts set version_id = (select min(id) from draft_versions v where"
            " v.project_id = drafts.project_id and v.type = drafts.type)"
        )
        db.execute("delete from looked_at")
        db.commit()
        doubt(db, project, type)
    return f"{house.url}/projects/{project}/drafts/{type}"


@pytest.fixture(params=["light", "dark"])
def phone(browser: Browser, owner: httpx2.Client, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": 390, "height": 844}
    with signed_in(browser, owner, viewport=size, color_scheme=request.param) as context:
        yield watched(context)


def trust(page: Page) -> Locator:
    return page.locator("#trust [role=status]")


def test_by_keyboard_a_mark_opens_and_closes_and_both_count_as_a_look(
    page: Page, blog: str
) -> None:
    page.goto(blog)
    expect(trust(page)).to_have_text("2 to check")
    mark = page.locator(".mark.weak").first
    expect(mark).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("button", name="Check this, part 4")).to_have_count(1)
    mark.focus()
    assert page.evaluate(FOCUSED)[1]
    page.keyboard.press("Space")
    heading = page.get_by_role("heading", name="Check this")
    expect(heading).to_be_focused()
    expect(mark).to_have_attribute("aria-expanded", "true")
    expect(trust(page)).to_have_text("1 to check")
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#ground")).to_be_hidden()
    expect(page.locator("#mark-4")).to_be_focused()
    page.get_by_role("link", name="1 to check").press("Enter")
    expect(page.locator("#mark-6")).to_have_attribute("aria-expanded", "true")
    expect(trust(page)).to_have_text("Nothing left to check")
    page.reload()
    expect(trust(page)).to_have_text("Nothing left to check")
    assert found_by_axe(page) == []


def test_the_evidence_stands_beside_its_paragraph_and_plays_from_its_second(
    page: Page, blog: str
) -> None:
    page.goto(blog)
    page.locator("#mark-4").click()
    panel = page.locator("#ground")
    expect(panel.locator("blockquote").first).to_be_visible()
    beside, text = panel.bounding_box(), page.locator("#preview").bounding_box()
    assert beside
    assert text
    assert beside["x"] + beside["width"] <= text["x"] + 1
    expect(panel.locator("figure img")).to_have_js_property("complete", True)
    expect(panel.get_by_role("link", name=re.compile("Play from 0:1"))).to_have_count(2)
    panel.get_by_role("link", name="Play from 0:10").click()
    expect(panel.locator("video")).to_be_visible()
    # A function: the policy of the page refuses words that are evaluated a second time.
    page.wait_for_function(
        "() => (media => !media.paused && media.currentTime >= 10)(document.querySelector('#player'))"
    )
    expect(panel.locator("figure")).to_be_hidden()
    assert page.url == blog
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    expect(page.locator("#player")).to_have_count(0)


def test_what_was_said_is_taken_instead_saved_and_can_be_taken_back(
    house: House, page: Page, blog: str
) -> None:
    page.goto(blog)
    page.locator("#mark-4").click()
    page.get_by_role("button", name="Take this instead").click()
    field = page.locator("#body")
    expect(field).to_have_value(ARTICLE.replace("nineteen graphs", "one graph"))
    expect(field).to_be_focused()
    expect(page.locator("#ground")).to_be_hidden()
    expect(trust(page)).to_have_text("1 to check")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    assert "one graph" in versions(house, blog)[-1][2]
    page.locator("#mark-6").click()
    page.get_by_role("button", name="Take this instead").click()
    expect(field).to_have_value(re.compile(re.escape(f"- “{NEAREST}”")))
    page.keyboard.press("Control+z")
    expect(field).to_have_value(re.compile(re.escape(f"- {INVENTED}")))
    expect(page.locator("form[data-dirty]")).to_have_count(0)


def test_what_is_typed_is_being_checked_until_the_server_has_answered(
    page: Page, blog: str
) -> None:
    page.goto(blog)
    page.route(re.compile(r"/drafts/blog$"), lambda route: route.abort())
    page.locator("#body").fill(ARTICLE.replace("They measured", "They never measured"))
    expect(page.locator("#mark-1")).to_have_text("Checking…")
    expect(page.locator("#mark-3")).to_have_class(re.compile("said"))
    page.unroute_all()
    page.locator("#body").press("Control+s")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page.locator("#mark-1.checking")).to_have_count(0)
    expect(page.locator("#mark-1")).to_have_count(1)


def test_changing_a_part_leads_to_its_place_in_the_text(page: Page, blog: str) -> None:
    page.goto(blog)
    page.locator("#mark-6").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("#body")).to_be_focused()
    selected = "(f => f.value.slice(f.selectionStart, f.selectionEnd))(document.activeElement)"
    assert page.evaluate(selected) == f"- {INVENTED}"


def test_copy_and_download_remind_and_do_not_stop(page: Page, blog: str) -> None:
    page.goto(blog)
    reminder = page.locator("[data-reminder]")
    page.locator("#copy").click()
    expect(page.locator("#copy")).to_have_text("Copied")
    expect(reminder).to_contain_text("2 to check")
    page.locator("summary", has_text="Download").click()
    expect(page.locator("[data-reminds]")).to_have_text("2 still to check")
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert Path(download.value.path()).read_text().endswith(INVENTED + "\n")
    reminder.get_by_role("button", name="Show the first").click()
    expect(page.locator("#mark-4")).to_have_attribute("aria-expanded", "true")
    expect(reminder).to_contain_text("2 to check")
    page.get_by_role("button", name="Next to check").click()
    expect(reminder).to_be_hidden()


def test_posts_have_marks_that_move_with_them(page: Page, thread: str) -> None:
    page.goto(thread)
    marks = page.locator(".posts .mark")
    expect(marks).to_have_text([re.compile(word) for word in ("Supported", "Check this", "Said")])
    page.locator(".post").nth(2).locator("[data-move=up]").click()
    expect(marks).to_have_text([re.compile(word) for word in ("Supported", "Said", "Check this")])
    page.locator(".post .mark.weak").click()
    expect(trust(page)).to_have_text("Nothing left to check")
    page.get_by_role("button", name="Take this instead").click()
    field = page.locator(".post textarea").nth(2)
    expect(field).to_have_value(POSTS[1].replace("nineteen graphs", "one graph"))
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page.locator(".posts .mark.weak")).to_have_count(0)
    assert found_by_axe(page) == []


def test_on_a_phone_the_evidence_stands_below_the_text(phone: Page, blog: str) -> None:
    phone.goto(blog)
    phone.locator("#mark-4").click()
    panel = phone.locator("#ground")
    expect(panel.locator("blockquote").first).to_be_visible()
    below, mark = panel.bounding_box(), phone.locator("#mark-4").bounding_box()
    assert below
    assert mark
    assert 0 <= mark["y"] < mark["y"] + mark["height"] <= below["y"]
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found_by_axe(phone) == []


def test_a_server_that_does_not_answer_leaves_the_desk_as_it_was(page: Page, blog: str) -> None:
    page.goto(blog)
    page.route("**/evidence/*", lambda route: route.abort())
    page.locator("#mark-4").click()
    expect(page.locator("#say-page")).to_contain_text("Try again")
    expect(page.locator("#ground")).to_be_hidden()
    expect(trust(page)).to_have_text("2 to check")
    write(page, "Saved all the same.")
