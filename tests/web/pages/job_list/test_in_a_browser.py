"""The list of jobs in a browser: chosen from, followed, and done away with."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from draftmill.database.connection import connect
from draftmill.jobs import endings
from draftmill.projects.listing import PAGE
from tests.support import job_states
from tests.support.browser import signed_in, watched, without_sockets
from tests.support.still_house import StillHouse, still_house


@pytest.fixture
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("list")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


@pytest.fixture
def page(still: StillHouse, browser: Browser) -> Iterator[Page]:
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    with signed_in(browser, still.owner, **options) as context:
        yield watched(context)


def test_it_is_chosen_from_followed_and_cleared(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    talk, other = job_states.heard(db, "Warm caches"), job_states.heard(db, "Pricing")
    for task_type, state in (("blog", "at_work"), ("twitter", "failed"), ("linkedin", "succeeded")):
        getattr(job_states, state)(db, job_states.start(db, talk, task_type))
    page.goto(f"{still.url}/jobs")
    rows = page.locator(".job-row")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("Writing")
    page.get_by_label("State").select_option("failed")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Show all").click()
    page.get_by_role("searchbox").fill("pricing")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.goto(f"{still.url}/jobs")
    # What happens meanwhile is seen: another job comes in, ends, and can be tried again.
    job = job_states.start(db, other, "newsletter")
    expect(rows).to_have_count(6)
    page.locator("#ask-cancel summary").click()
    job_states.failed(db, job)
    row = page.locator(f"#row-{job.id}")
    expect(row.get_by_role("button", name="Retry")).to_be_visible()
    page.get_by_role("button", name="Cancel all running").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("One job was cancelled")
    expect(rows.first).to_contain_text("Cancelling")
    page.get_by_role("button", name="Retry failed").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("2 jobs were started")
    expect(page.locator(".job-row[data-status=pending]")).to_have_count(2)
    elsewhere = watched(page.context)
    elsewhere.goto(f"{still.url}/jobs")
    page.get_by_role("button", name="Clear ended").click()
    for one in (page, elsewhere):
        expect(one.locator(".job-row")).to_have_count(3)
        expect(one.get_by_role("button", name="Clear ended")).to_have_count(0)


@pytest.mark.parametrize("by", ["the live channel", "polling"])
def test_what_was_chosen_by_its_state_leaves_when_it_is_in_another(
    still: StillHouse, db: sqlite3.Connection, page: Page, by: str
) -> None:
    if by == "polling":
        without_sockets(page)
    project = job_states.heard(db, "Warm caches")
    jobs = [job_states.start(db, project, name) for name in ("blog", "twitter", "linkedin")]
    for job in jobs:
        job_states.at_work(db, job)
    page.goto(f"{still.url}/jobs?status=running")
    rows = page.locator(".job-row")
    expect(rows).to_have_count(3)
    page.locator(f"#row-{jobs[1].id}").get_by_role("button", name="Cancel").focus()
    endings.succeed(db, job_states.of_project(db, project, "twitter"))
    expect(rows).to_have_count(2)
    expect(page.locator("#say-page")).to_contain_text("Ready. It has left this list.")
    expect(page.locator(f"#row-{jobs[0].id} [data-state]")).to_be_focused()
    for name in ("blog", "linkedin"):
        endings.fail(db, job_states.of_project(db, project, name), job_states.Refused(), "3fa9c21b")
    expect(rows).to_have_count(0)
    expect(page.get_by_text("No job matches")).to_be_visible()
    expect(page.locator("#main")).to_be_focused()
    # What comes to be in the state that was chosen comes in.
    job_states.at_work(db, job_states.start(db, project, "newsletter"))
    expect(rows).to_have_count(1)


def test_a_link_to_a_result_is_copied_with_one_click_and_opens_for_anybody(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    project = job_states.heard(db, "Warm caches")
    job = job_states.start(db, project, "blog")
    page.goto(f"{still.url}/jobs")
    job_states.succeeded(db, job)
    row = page.locator(f"#row-{job.id}")
    expect(row.get_by_role("link", name="Edit")).to_be_visible()
    row.get_by_role("button", name="Copy link").click()
    expect(row.locator("[data-copies]")).to_have_text("Copied")
    url = page.evaluate("navigator.clipboard.readText()")
    with httpx2.Client(base_url=still.url) as stranger:
        assert "Four minutes" in stranger.get(urlsplit(url).path).text
        assert stranger.post(f"/jobs/{job.id}/link").status_code in (303, 401, 403)
    assert still.owner.post(f"/jobs/{job.id}/link").text.count("/results/") == 2
    waiting = job_states.start(db, project, "newsletter")
    assert still.owner.post(f"/jobs/{waiting.id}/link").status_code == 422


def test_older_jobs_are_a_click_away(still: StillHouse, db: sqlite3.Connection, page: Page) -> None:
    project = job_states.heard(db, "Warm caches")
    for _ in range(PAGE):
        job_states.cancelled(db, job_states.start(db, project, "blog"))
    page.goto(f"{still.url}/jobs")
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".job-row")).to_have_count(1)
    page.get_by_role("link", name="Newest").click()
    expect(page.locator(".job-row")).to_have_count(PAGE)
