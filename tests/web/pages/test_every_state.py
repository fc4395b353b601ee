"""Every page with jobs, in every state of a job: axe-core finds nothing, folded or unfolded."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from content_actions import CONTENT_TYPES
from draftmill.database.connection import connect
from draftmill.projects import job_list
from tests.support import job_states
from tests.support.axe import found_by_axe
from tests.support.browser import SOON_MS, signed_in, watched, without_sockets
from tests.support.job_states import STATES, projects_in_every_state
from tests.support.still_house import StillHouse, still_house

PROJECTS = [f"ingest-{state.__name__}" for state in STATES] + [
    f"drafts-{n}" for n in range(0, len(STATES), len(CONTENT_TYPES))
]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("states")) as house:
        yield house


@pytest.fixture(scope="module")
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as connection:
        yield connection


@pytest.fixture(scope="module")
def projects(db: sqlite3.Connection) -> dict[str, str]:
    return projects_in_every_state(db)


@pytest.fixture(scope="module")
def page(still: StillHouse, browser: Browser) -> Iterator[Page]:
    with signed_in(browser, still.owner) as context:
        yield watched(context)


def unfold(page: Page) -> None:
    for summary in page.locator("[data-unfolds]:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    for unfolded in page.locator("[data-unfolds][open] .unfolded").all():
        expect(unfolded).not_to_be_empty()


def on_a_wide_screen_in_the_light(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def on_a_phone_in_the_dark(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")


def complaints(page: Page, address: str) -> list[str]:
    """On a wide screen in the light, and unfolded on a phone in the dark."""
    on_a_wide_screen_in_the_light(page)
    page.goto(address)
    found = found_by_axe(page)
    on_a_phone_in_the_dark(page)
    unfold(page)
    return found + [f"unfolded: {one}" for one in found_by_axe(page)]


def complaints_as_it_stands(page: Page) -> list[str]:
    """The same of a page that is open already."""
    on_a_phone_in_the_dark(page)
    found = found_by_axe(page)
    on_a_wide_screen_in_the_light(page)
    return found + found_by_axe(page)


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_in_any_state(
    still: StillHouse, projects: dict[str, str], page: Page, name: str
) -> None:
    assert not complaints(page, f"{still.url}/projects/{projects[name]}")


@pytest.mark.parametrize("state", [state.__name__ for state in STATES])
def test_the_page_of_a_job_in_any_state(
    still: StillHouse, db: sqlite3.Connection, projects: dict[str, str], page: Page, state: str
) -> None:
    number = [one.__name__ for one in STATES].index(state)
    many = len(CONTENT_TYPES)
    drafts = projects[f"drafts-{number // many * many}"]
    task_type = list(CONTENT_TYPES)[number % many]
    job = job_states.of_project(db, drafts, task_type)
    assert not complaints(page, f"{still.url}/jobs/{job.id}")


@pytest.mark.parametrize(
    "path", ["/", "/jobs", "/jobs?status=failed", "/jobs?q=zebra", "/notifications"]
)
def test_the_lists_with_jobs_in_every_state(
    still: StillHouse, projects: dict[str, str], page: Page, path: str
) -> None:
    assert projects
    assert not complaints(page, still.url + path)


def test_a_search_of_jobs_that_found_none_so_far(
    still: StillHouse, projects: dict[str, str], page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert projects
    monkeypatch.setattr(job_list, "FEW", 0)  # so that it goes from title to title
    monkeypatch.setattr(job_list, "LOOKED_INTO", 1)
    assert not complaints(page, f"{still.url}/jobs?q=recording&status=failed")
    expect(page.get_by_text("None so far")).to_be_visible()


def test_what_comes_over_a_page(
    still: StillHouse, db: sqlite3.Connection, projects: dict[str, str], page: Page
) -> None:
    """Toasts, a lost connection."""
    page.goto(f"{still.url}/projects/{projects['drafts-0']}")
    job_states.failed(db, job_states.start(db, job_states.heard(db, "Elsewhere"), "blog"))
    expect(page.locator(".toast.bad")).to_be_visible()
    assert not complaints_as_it_stands(page)
    page.evaluate("document.documentElement.dataset.offline = ''")
    assert not complaints_as_it_stands(page)


def test_a_page_whose_session_ended(
    still: StillHouse, projects: dict[str, str], browser: Browser
) -> None:
    with signed_in(browser, still.owner) as context:
        page = without_sockets(watched(context))
        page.goto(f"{still.url}/projects/{projects['drafts-0']}")
        context.clear_cookies()
        expect(page.locator(".slot.gone").first).to_be_visible(timeout=SOON_MS)
        expect(page.locator("#sign-in-again")).to_be_visible(timeout=SOON_MS)
        assert not complaints_as_it_stands(page)


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content("<main><h1>Talk</h1><img src='/x.png'></main><p>Astray</p>")
    found = "\n".join(found_by_axe(page))
    assert "image-alt" in found
    assert "region" in found
