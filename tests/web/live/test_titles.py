"""What the tab says of the tasks of its page, and of those elsewhere."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from draftmill.database.connection import connect
from draftmill.jobs import endings
from draftmill.jobs.job import find_job
from draftmill.jobs.start import retry_job
from draftmill.web.views.static_files import static
from tests.support import job_states
from tests.support.browser import signed_in, watched
from tests.support.job_states import heard, of_project, start
from tests.support.still_house import StillHouse, still_house

ICON = "#favicon"
WRITES = "Writing – Draftmill"
# What each draft comes to, in the order of its rows, and what the tab says then.
CASES = [
    (["waiting"], "Talk", "icon"),
    (["starting"], "Starting – Draftmill", "icon-working"),
    (["at_work"], WRITES, "icon-working"),
    (["retrying"], "Talk", "icon"),
    (["cancelling"], "Cancelling – Draftmill", "icon-working"),
    (["cancelled"], "Talk", "icon"),
    (["succeeded"], "✓ Talk", "icon-done"),
    (["failed"], "✗ Talk", "icon-failed"),
    (["succeeded", "waiting"], "Talk", "icon"),
    (["succeeded", "at_work"], WRITES, "icon-working"),
    (["failed", "at_work"], "✗ Talk", "icon-failed"),
    (["succeeded", "failed"], "✗ Talk", "icon-failed"),
    (["succeeded", "cancelled"], "✓ Talk", "icon-done"),
]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("titles")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection
        connection.execute("delete from jobs where completed_at is null")


@pytest.fixture(scope="module")
def page(still: StillHouse, browser: Browser) -> Iterator[Page]:
    with signed_in(browser, still.owner) as context:
        yield watched(context)


def says(page: Page, title: str, icon: str) -> None:
    shown = f"{title} · Draftmill" if "Draftmill" not in title else title
    expect(page).to_have_title(shown)
    expect(page.locator(ICON)).to_have_attribute("href", static(f"{icon}.svg"))


@pytest.mark.parametrize(("ends", "title", "icon"), CASES, ids=lambda case: str(case))
def test_failed_comes_before_running_and_that_before_done(
    still: StillHouse, db: sqlite3.Connection, page: Page, ends: list[str], title: str, icon: str
) -> None:
    project = heard(db, "Talk")
    jobs = [start(db, project, name) for name in ("blog", "newsletter")[: len(ends)]]
    page.goto(f"{still.url}/projects/{project}")
    for job, end in zip(jobs, ends, strict=True):
        getattr(job_states, end)(db, job)
    for job in jobs:
        state = find_job(db, job.id)
        assert state
        row = page.locator(f"#job-{project}-{job.type}")
        expect(row).to_have_attribute("data-status", state.status)
    says(page, title, icon)


def test_of_what_runs_the_page_tells_its_own_with_its_percent(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    elsewhere, here = heard(db, "Elsewhere"), job_states.project(db, "Here")
    job_states.at_work(db, start(db, elsewhere, "blog"))
    page.goto(f"{still.url}/account")
    says(page, WRITES, "icon-working")
    heard_of = page.locator("#say-at-work")
    expect(heard_of).to_have_text("Blog post: Writing")
    job_states.at_work(db, of_project(db, here, "ingest"))
    expect(page.locator("#at-work-link")).to_have_text("2 at work, 20 %")
    page.goto(f"{still.url}/projects/{here}")
    # Where a task has a line of its own, it is not said twice.
    expect(heard_of).not_to_be_visible()
    expect(heard_of).to_have_attribute("hidden", "")
    says(page, "(20 %) Transcribing – Draftmill", "icon-working")
    page.goto(f"{still.url}/jobs?status=running&type=blog")
    says(page, WRITES, "icon-working")


def test_what_ends_elsewhere_is_told_until_its_toast_is_closed(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    still.owner.get("/indicator")  # what earlier tests left to tell
    project = heard(db, "Elsewhere")
    still.owner.get("/indicator")
    page.goto(f"{still.url}/account")
    job_states.failed(db, start(db, project, "blog"))
    says(page, "✗ Account", "icon-failed")
    page.locator(".toast").get_by_role("button", name="Close").click()
    says(page, "Account", "icon")


def test_what_failed_counts_no_more_once_it_was_retried(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    job = start(db, heard(db, "Talk"), "blog")
    page.goto(f"{still.url}/jobs?type=blog")
    job_states.failed(db, job)
    says(page, "✗ Jobs", "icon-failed")
    failed = find_job(db, job.id)
    assert failed
    again = retry_job(db, failed).job
    expect(page.locator(f"#row-{again.id}")).to_have_attribute("data-status", "pending")
    says(page, "Jobs", "icon")
    job_states.succeeded(db, again)
    says(page, "✓ Jobs", "icon-done")


def test_a_state_that_went_by_before_the_page_was_opened_is_no_news(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    project = heard(db, "Talk")
    job_states.failed(db, start(db, project, "blog"))
    still.owner.get("/indicator")
    page.goto(f"{still.url}/projects/{project}")
    says(page, "Talk", "icon")
    job = start(db, project, "newsletter")
    endings.cancel(db, job)
    expect(page.locator(f"#job-{project}-newsletter")).to_have_attribute("data-status", "cancelled")
    says(page, "Talk", "icon")
