"""Open pages hear of what happens by their sockets, and ask for themselves where they hear nothing."""

import time

import httpx2
from playwright.sync_api import Browser, Page, Request, expect

from tests.support.browser import SOON_MS, actions, newest_job, signed_in, slot, watched
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.pills import ends_well, generate


def polls_of(page: Page) -> list[str]:
    """The polls that a page makes from now on."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if "/pill" in request.url:
            seen.append(request.url)

    page.on("request", note)
    return seen


def test_all_pages_of_a_user_follow_a_job_without_asking(
    house: House, owner: httpx2.Client, browser: Browser, project: str, gate: Gate, page: Page
) -> None:
    with signed_in(browser, owner) as elsewhere:
        other, home, jobs = watched(elsewhere), watched(elsewhere), watched(elsewhere)
        other.goto(f"{house.url}/projects/{project}")
        home.goto(house.url)
        jobs.goto(f"{house.url}/jobs")
        generate(page, house, project)
        polls, began = (polls_of(page), polls_of(other), polls_of(home)), time.monotonic()
        row = home.locator(f"#project-{project}")
        for one in (page, other):
            expect(slot(one, "blog")).to_contain_text("words so far", timeout=SOON_MS)
        expect(row).to_contain_text("Writing", timeout=SOON_MS)
        rev = int(slot(page, "blog").get_attribute("data-rev") or 0)
        until(lambda: int(slot(page, "blog").get_attribute("data-rev") or 0) > rev + 2)
        gate.open.set()
        ends_well(page)
        expect(slot(other, "blog")).to_have_attribute("data-status", "succeeded")
        expect(actions(other, "blog").get_by_role("link")).to_be_visible()
        expect(row).to_contain_text("1 draft")
        job = jobs.locator(f"#row-{newest_job(house, project, 'blog')}")
        expect(job).to_contain_text("Ready", timeout=SOON_MS)
        # The safety net asks about every ten seconds; who hears nothing, every second.
        most = 1 + (time.monotonic() - began) / 5
        assert max(len(asked) for asked in polls) <= most, polls
