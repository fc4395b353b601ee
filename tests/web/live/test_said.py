"""How a job ended is said once on each page that is open, by the one region that is read out."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from draftmill.database.connection import connect
from draftmill.jobs import endings
from tests.support import job_states
from tests.support.browser import SOON_MS, signed_in, watched
from tests.support.house import until
from tests.support.job_states import heard, of_project, start
from tests.support.still_house import StillHouse, still_house

HEAR = """() => {
  window.heard = [];
  const line = (node) => (node.closest ? node : node.parentElement).closest("#say > p");
  const said = (changes) => new Set(changes.map(({ target }) => line(target)?.textContent));
  new MutationObserver((changes) => window.heard.push(...said(changes)))
    .observe(document.getElementById("say"), { subtree: true, childList: true, characterData: true });
}"""
HEARD = "() => window.heard.filter((words) => /failed/i.test(words ?? ''))"
REGIONS = "[role=alert], [role=status], [aria-live]"


@pytest.fixture
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("said")) as house:
        yield house


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


def test_an_end_is_said_once_whatever_page_is_open(
    still: StillHouse, db: sqlite3.Connection, browser: Browser
) -> None:
    project = heard(db, "Talk")
    still.owner.get("/indicator")  # how it was heard is told already
    job_states.cancelled(db, earlier := start(db, project, "blog"))
    job_states.at_work(db, job := start(db, project, "blog"))
    toast = "Blog post failed: Talk. The model server refused the key."
    says = {"/account": toast, f"/jobs/{earlier.id}": toast}
    says |= {f"/projects/{project}": "Blog post: Failed", f"/jobs/{job.id}": "Blog post: Failed"}
    says |= {"/": "Talk: 1 failed.", "/jobs": "Talk, Blog post: Failed."}
    says |= {"/jobs?status=running": "Talk, Blog post: Failed. It has left this list."}
    with signed_in(browser, still.owner) as context:
        pages = {address: watched(context) for address in says}
        for address, page in pages.items():
            page.goto(still.url + address)
            page.evaluate(HEAR)
        endings.fail(db, of_project(db, project, "blog"), job_states.Refused(), "3fa9c21b")
        for page in pages.values():
            bad = page.locator(".toast.bad")
            expect(bad).to_be_visible(timeout=SOON_MS)
            until(partial(page.evaluate, HEARD), 20, page.url)
            assert page.locator(f".toasts:is({REGIONS}), .toasts :is({REGIONS})").count() == 0
        assert {address: page.evaluate(HEARD) for address, page in pages.items()} == {
            address: [words] for address, words in says.items()
        }


@pytest.mark.parametrize("address", ["/", "/jobs"])
def test_what_ended_before_a_list_was_opened_is_said_by_its_toast(
    still: StillHouse, db: sqlite3.Connection, browser: Browser, address: str
) -> None:
    project = heard(db, "Talk")
    still.owner.get("/indicator")
    job_states.at_work(db, start(db, project, "blog"))
    endings.fail(db, of_project(db, project, "blog"), job_states.Refused(), "3fa9c21b")
    with signed_in(browser, still.owner) as context:
        page = watched(context)
        page.goto(still.url + address)
        expect(page.locator("#say-toasts")).to_have_text(
            "Blog post failed: Talk. The model server refused the key.", timeout=SOON_MS
        )
