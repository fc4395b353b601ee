"""Clocks go on between two answers, and what the server says counts."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from draftmill.database.connection import connect
from tests.support import job_states
from tests.support.browser import signed_in, slot, watched, without_sockets
from tests.support.still_house import StillHouse, still_house


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("clocks")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


@pytest.fixture
def page(still: StillHouse, browser: Browser) -> Iterator[Page]:
    """A page that hears nothing after it was loaded, and whose time is the test's."""
    with signed_in(browser, still.owner) as context:
        page = without_sockets(watched(context))
        page.route(re.compile("/pill"), lambda route: route.abort())
        page.clock.install()
        yield page


def shown(page: Page, task_type: str, shape: str) -> int:
    """Seconds of the clock of a pill."""
    clock = slot(page, task_type).locator(".clock")
    expect(clock).to_have_text(re.compile(shape))
    numbers = [int(number) for number in re.findall(r"\d+", clock.inner_text())]
    return sum(number * 60**n for n, number in enumerate(reversed(numbers)))


def test_upwards_while_it_runs_and_downwards_while_it_waits(
    still: StillHouse, db: sqlite3.Connection, page: Page
) -> None:
    project = job_states.heard(db, "Talk")
    job_states.at_work(db, job_states.start(db, project, "blog"))
    job_states.retrying(db, job_states.start(db, project, "twitter"), 50.0)
    page.goto(f"{still.url}/projects/{project}")
    up, down = shown(page, "blog", r"^\d+:\d\d$"), shown(page, "twitter", r"^in \d+ s$")
    page.clock.run_for(20_000)
    assert shown(page, "blog", r"^\d+:\d\d$") - up in range(19, 23)
    assert down - shown(page, "twitter", r"^in \d+ s$") in range(19, 23)
    page.clock.run_for(60_000)
    expect(slot(page, "twitter").locator(".clock")).to_have_text("now")
