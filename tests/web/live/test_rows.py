"""A row of the list says what its project is called now, however a page hears of it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from draftmill.database import changes
from draftmill.database.connection import connect
from draftmill.jobs.job import Job
from tests.support import job_states
from tests.support.browser import SOON_MS, signed_in, watched
from tests.support.house import until
from tests.support.job_states import of_project
from tests.support.pills import HTMX
from tests.support.still_house import StillHouse, still_house
from tests.web.live.test_sockets import hears, listening


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("rows")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


def rename(still: StillHouse, project: str, title: str) -> None:
    answer = still.owner.post(f"/projects/{project}/title", data={"title": title}, headers=HTMX)
    assert answer.status_code == 200


def polled(still: StillHouse, job: Job) -> str:
    return still.owner.get("/jobs/pills", params={"ids": job.id}, headers=HTMX).text


def test_a_poll_tells_the_new_title_while_the_job_waits(
    still: StillHouse, db: sqlite3.Connection
) -> None:
    project = job_states.project(db, "The first name")
    ingest = of_project(db, project, "ingest")
    assert "The first name" in polled(still, ingest)
    rename(still, project, "Another name")
    until(lambda: "Another name" in polled(still, ingest), 20)


def test_a_poll_by_one_job_tells_of_the_others_of_its_project(
    still: StillHouse, db: sqlite3.Connection
) -> None:
    project = job_states.project(db, "Talk", "blog")
    blog = of_project(db, project, "blog")
    assert "Waiting for its turn" in polled(still, blog)
    job_states.at_work(db, of_project(db, project, "ingest"))
    until(lambda: "Transcribing" in polled(still, blog), 20)


def test_who_comes_back_is_told_the_new_title(still: StillHouse, db: sqlite3.Connection) -> None:
    project = job_states.heard(db, "The first name")
    since = changes.latest(db)
    with listening(still, still.owner, f"list={project}&since={since}") as stayed:
        rename(still, project, "Another name")
        hears(stayed, "Another name")
    with listening(still, still.owner, f"list={project}&since={since}") as back:
        hears(back, "Another name")


def test_a_late_answer_does_not_bring_the_old_title_back(
    still: StillHouse, db: sqlite3.Connection, browser: Browser
) -> None:
    job_states.project(db, "Asked for with it")
    project = job_states.project(db, "The first name")
    ingest = of_project(db, project, "ingest")
    late = polled(still, ingest)
    with signed_in(browser, still.owner) as context:
        page = watched(context)
        page.goto(still.url)
        row = page.locator(f"#project-{project}")
        expect(row).to_contain_text("The first name")
        rename(still, project, "Another name")
        expect(row).to_contain_text("Another name", timeout=SOON_MS)
        polls = re.compile("/jobs/pills")
        answer = {"body": late, "content_type": "text/html"}
        page.route(polls, lambda route: route.fulfill(**answer), times=1)
        asks_alone = re.compile(f"ids={ingest.id}$")
        expect(page.locator("#at-work")).to_have_attribute("hx-get", asks_alone, timeout=SOON_MS)
        assert "Another name" in row.inner_text()
