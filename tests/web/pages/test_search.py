"""The search of every page: as one types, by keyboard, to the second and the word."""

import json
import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from draftmill.database.connection import connect
from draftmill.drafts import editing
from draftmill.transcripts.segments import Segment, add_segments
from tests.support import job_states
from tests.support.browser import signed_in
from tests.support.still_house import StillHouse, still_house


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("search")) as house:
        with closing(connect(house.settings.database)) as db:
            project = job_states.heard(db, "How we cut our build")
            job_states.succeeded(db, job_states.start(db, project, "blog"))
        yield house


def test_what_is_typed_is_found_and_the_keyboard_leads_to_the_marked_word(
    still: StillHouse, browser: Browser
) -> None:
    with signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}/account")
        page.keyboard.press("/")
        field = page.get_by_role("searchbox", name="Search everywhere")
        expect(field).to_be_focused()
        found = page.get_by_role("region", name="Results")
        field.press_sequentially("cach")
        expect(found.get_by_role("link").filter(has_text="One warm cache")).to_be_visible()
        expect(page.locator("#say-page")).to_have_text("1 found")
        field.press("Escape")
        expect(found).to_be_hidden()
        # What is shown anew elsewhere, as by a poll, does not open it again.
        page.evaluate(
            "htmx.ajax('GET', '/indicator', { target: '#indicator', swap: 'outerMorph' })"
        )
        expect(found).to_be_hidden()
        field.press_sequentially("e")
        expect(found.locator("mark")).to_have_text("cache")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/projects/.+\?t=10&find=cache#s3$"))
        marked = page.locator("#s3 mark")
        expect(marked).to_have_text("cache")
        expect(marked).to_be_in_viewport()


def test_on_a_phone_it_is_a_page_and_leads_into_drafts(still: StillHouse, browser: Browser) -> None:
    with signed_in(browser, still.owner, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(still.url)
        page.get_by_role("link", name="Search everywhere").click()
        page.get_by_role("searchbox", name="Search everywhere").press_sequentially("minut")
        page.get_by_role("region", name="Results").get_by_text("Four minutes").click()
        expect(page).to_have_url(re.compile(r"/drafts/blog\?find=minut$"))
        expect(page.locator("mark.searched").first).to_have_text("minutes")


def test_a_post_that_was_found_is_shown_and_marked(still: StillHouse, browser: Browser) -> None:
    with (
        signed_in(browser, still.owner) as context,
        closing(connect(still.settings.database)) as db,
    ):
        project = job_states.heard(db, "Posts")
        posts = [f"Post {n}.\n\nNothing of it." for n in range(8)] + ["A gnu on its own."]
        editing.save(db, project, "twitter", 1, "", json.dumps(posts), {}, None)
        page = context.new_page()
        page.goto(f"{still.url}/search?q=gnu")
        page.locator(".found-line").click()
        card = page.locator(".post.searched")
        expect(card.get_by_role("textbox")).to_have_value(posts[-1])
        expect(card).to_be_in_viewport(ratio=1)


def test_all_places_of_a_talk_are_marked_in_it(still: StillHouse, browser: Browser) -> None:
    with signed_in(browser, still.owner) as context:
        with closing(connect(still.settings.database)) as db:
            project = job_states.heard(db, "Herds")
            (talk,) = db.execute("select max(id) from transcripts").fetchone()
            herds = ["A zebra ran.", "Zebras rest.", "One more zebra.", "The last zebra ran."]
            add_segments(db, talk, 1, [Segment(n, n + 1.0, said) for n, said in enumerate(herds)])
        page = context.new_page()
        page.goto(f"{still.url}/search?q=zebra")
        page.get_by_role("link", name="All places in this talk").click()
        expect(page).to_have_url(f"{still.url}/projects/{project}?find=zebra")
        expect(page.locator(".said mark")).to_have_count(4)
        expect(page.locator(".said mark").first).to_be_in_viewport()
        page.goto(f"{still.url}/projects/{project}?find=ran+zebra")
        expect(page.locator(".said mark")).to_have_text(["zebra", "ran", "zebra", "ran"])


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("今日は地球温暖化について話します。", "地球", "地球"),
        ("We met in Łódź, again.", "Lodz", "Łódź"),
        ("यह हिन्दी भाषा है", "हिन्दी", "हिन्दी"),
    ],
)
def test_words_are_marked_in_the_talk_whatever_their_script(
    still: StillHouse, browser: Browser, text: str, query: str, marked: str
) -> None:
    with signed_in(browser, still.owner) as context:
        with closing(connect(still.settings.database)) as db:
            job_states.heard(db, "Warming")
            (talk,) = db.execute("select max(id) from transcripts").fetchone()
            add_segments(db, talk, 1, [Segment(20.0, 22.0, text)])
        page = context.new_page()
        page.goto(f"{still.url}/search?q={query}")
        page.locator(".found-line").click()
        expect(page.locator(".said mark")).to_have_text(marked)


def test_a_deleted_project_comes_back_by_undo(still: StillHouse, browser: Browser) -> None:
    with (
        signed_in(browser, still.owner) as context,
        closing(connect(still.settings.database)) as db,
    ):
        project = job_states.heard(db, "Deleted by mistake")
        page = context.new_page()
        page.goto(f"{still.url}/projects/{project}")
        page.locator(".project-menu > summary").click()
        page.locator(".project-menu summary").filter(has_text="Delete the project").click()
        page.locator("#delete-project").click()
        notice = page.get_by_role("status").filter(has_text="Moved to the bin")
        expect(page.locator(f"#project-{project}")).to_have_count(0)
        page.get_by_role("link", name="Bin").click()
        expect(page.get_by_role("button", name="Restore")).to_be_visible()
        page.go_back()
        notice.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("heading", name="Deleted by mistake")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="is back")).to_be_visible()
