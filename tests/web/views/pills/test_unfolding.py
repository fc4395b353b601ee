"""A pill unfolds where it stands: steps and log, which no swap folds up again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from draftmill.database.connection import connect
from draftmill.jobs import endings, running
from tests.support import job_states
from tests.support.browser import signed_in, watched, without_sockets
from tests.support.still_house import StillHouse, still_house


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("unfolding")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


@pytest.fixture
def page(still: StillHouse, browser: Browser) -> Iterator[Page]:
    with signed_in(browser, still.owner) as context:
        yield watched(context)


@pytest.mark.parametrize("transport", ["socket", "polls"])
def test_it_stays_open_over_pushes_and_polls_and_follows_the_job(
    still: StillHouse, db: sqlite3.Connection, page: Page, transport: str
) -> None:
    project = job_states.heard(db, "Talk")
    job = job_states.start(db, project, "blog")
    without_sockets(page) if transport == "polls" else page
    page.goto(f"{still.url}/projects/{project}")
    row = page.locator(".row").first
    toggle = row.locator(".unfolds > summary")
    assert page.locator("#job-" + project + "-blog summary").count() == 0
    toggle.focus()
    page.keyboard.press("Enter")
    expect(row.locator(".steps li")).to_have_class(["done", "next"])
    job_states.at_work(db, job)
    at_work = job_states.of_project(db, project, "blog")
    expect(row.locator(".steps li")).to_have_class(["done", "now"])
    running.note(db, at_work, "A line of its own")
    running.progress(db, at_work, 500, None, "words", "", 0)
    expect(row.locator(".unfolded .lines")).to_contain_text("A line of its own")
    expect(toggle).to_be_focused()
    endings.fail(db, at_work, job_states.Refused())
    expect(row.locator(".steps li")).to_have_class(["done", "failed"])
    expect(row.get_by_role("button", name="Retry")).to_be_visible()
    toggle.click()
    expect(row.locator(".unfolded")).to_be_hidden()


def test_rows_without_a_job_have_nothing_to_unfold_until_one_is_started(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    project = job_states.heard(db, "Talk")
    page.goto(f"{still.url}/projects/{project}")
    row = page.locator(".row").first
    expect(row.locator(".unfolds")).to_be_hidden()
    row.get_by_role("button", name="Generate", exact=True).click()
    row.locator(".unfolds > summary").click()
    expect(row.locator(".unfolded")).to_contain_text("Transcript ready")
    expect(row.locator(".unfolded")).to_contain_text("Started")


def test_in_the_list_of_jobs_a_row_stays_open_when_others_come_in(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    project = job_states.heard(db, "Talk")
    job = job_states.start(db, project, "blog")
    page.goto(f"{still.url}/jobs")
    row = page.locator(f"#row-{job.id}")
    row.locator(".unfolds > summary").click()
    other = job_states.start(db, project, "newsletter")
    expect(page.locator(f"#row-{other.id}")).to_be_visible()
    job_states.at_work(db, job)
    expect(row.locator(".steps li")).to_have_class(["done", "now"])


def test_without_script_it_leads_to_the_page_of_the_job(
    still: StillHouse, db: sqlite3.Connection, browser: Browser
) -> None:
    project = job_states.heard(db, "Talk")
    job = job_states.start(db, project, "blog")
    with signed_in(browser, still.owner, java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(f"{still.url}/projects/{project}")
        plain.locator(".row .unfolds > summary").first.click()
        plain.get_by_role("link", name="Steps and log").click()
        expect(plain).to_have_url(f"{still.url}/jobs/{job.id}")


def test_a_stranger_and_somebody_else_unfold_nothing(
    still: StillHouse, db: sqlite3.Connection
) -> None:
    job = job_states.start(db, job_states.heard(db, "Talk"), "blog")
    assert "Transcript ready" in still.owner.get(f"/jobs/{job.id}/steps").text
    with httpx2.Client(base_url=still.url) as stranger:
        assert stranger.get(f"/jobs/{job.id}/steps").status_code in (303, 401)
    assert still.owner.get("/jobs/none/steps").status_code == 404
