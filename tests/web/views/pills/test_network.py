"""The pill survives what the network does, and a person sees and hears it. Real everything."""

import re
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import SOON_MS, slot, without_sockets
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.model_server import ModelServer, fails
from tests.support.pills import ends_well, generate

# What the network does, to pages that can only ask.


@pytest.fixture(autouse=True)
def asking(page: Page) -> None:
    without_sockets(page)


BAD_GATEWAY = "<html><body><h1>Bad gateway</h1></body></html>"
TROUBLE: dict[str, Callable[[Route], None]] = {
    "busy": lambda route: route.fulfill(status=503, body="busy", headers={"Retry-After": "1"}),
    "a page of a proxy": lambda route: route.fulfill(status=500, body=BAD_GATEWAY),
    "no connection": lambda route: route.abort("connectionrefused"),
    "no answer": lambda route: None,
}


@pytest.mark.parametrize("kinds", [("busy", "a page of a proxy"), ("no connection", "no answer")])
def test_the_pill_recovers_by_itself_from(
    kinds: tuple[str, str], house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    before = slot(page, "blog").get_attribute("data-rev")
    coming = [*kinds]

    def fail(route: Route) -> None:
        TROUBLE[coming.pop(0) if coming else kinds[0]](route)

    page.route("**/jobs/*/pill", fail)
    expect(page.locator("#offline")).to_be_visible(timeout=SOON_MS)
    expect(page.locator("#offline")).to_contain_text("Reconnecting…")
    assert coming == []  # one failure is no news: it is told after the second
    expect(slot(page, "blog")).to_contain_text("Writing")
    page.unroute("**/jobs/*/pill")
    expect(page.locator("#offline")).to_be_hidden(timeout=SOON_MS)
    expect(slot(page, "blog")).not_to_have_attribute("data-rev", before or "")
    gate.open.set()
    ends_well(page)


def test_one_failed_poll_is_no_news(house: House, project: str, gate: Gate, page: Page) -> None:
    generate(page, house, project)
    told = page.evaluate_handle(
        "() => { const seen = []; new MutationObserver(() => seen.push('offline' in"
        " document.documentElement.dataset)).observe(document.documentElement,"
        " {attributes: true}); return seen; }"
    )
    page.route("**/jobs/*/pill", lambda route: route.fulfill(status=503), times=1)
    with page.expect_response(lambda r: r.url.endswith("/pill") and r.status == 503):
        pass
    with page.expect_response(lambda r: r.url.endswith("/pill") and r.ok):
        pass
    assert True not in told.json_value()
    gate.open.set()
    ends_well(page)


def test_the_pill_survives_the_death_of_the_server(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    expect(slot(page, "blog")).to_contain_text("words so far", timeout=SOON_MS)
    house.kill()
    expect(page.locator("#offline")).to_be_visible(timeout=SOON_MS)
    gate.open.set()
    house.start()
    expect(page.locator("#offline")).to_be_hidden(timeout=SOON_MS)
    ends_well(page)


def test_an_older_state_never_overwrites_a_newer_one(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    with page.expect_response(lambda r: r.url.endswith("/pill") and "so far" in r.text()) as caught:
        pass
    old = caught.value.text()
    (old_rev,) = re.findall(r'id="job-[^>]*data-rev="(\d+)"', old)
    pill = slot(page, "blog")
    until(lambda: int(pill.get_attribute("data-rev") or 0) > int(old_rev), why="a newer state")
    revs = page.evaluate_handle(
        "() => { const revs = []; new MutationObserver(() => revs.push(Number(document.querySelector("
        "'[id^=job-][id$=-blog]').dataset.rev))).observe(document.querySelector('.rows'),"
        " {subtree: true, childList: true, attributes: true, characterData: true}); return revs; }"
    )
    page.route(
        "**/jobs/*/pill", lambda route: route.fulfill(body=old, content_type="text/html"), times=2
    )
    for _ in range(3):
        with page.expect_response("**/jobs/*/pill"):
            pass
    gate.open.set()
    ends_well(page)
    seen = revs.json_value()
    assert seen == sorted(seen)
    assert int(old_rev) not in seen


def test_a_deleted_jobs_pill_says_so_and_asks_no_more(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    assert owner.post(f"/projects/{project}/delete").status_code == 303
    gone = page.locator(".slot.gone")
    expect(gone).to_contain_text("Deleted", timeout=SOON_MS)
    expect(gone.get_by_role("link", name="Go to your projects")).to_be_visible()
    assert page.locator("main [hx-get]").count() == 0
    assert page.evaluate("window.stayed") is True


def test_an_ended_sessions_pill_leads_to_signing_in_and_asks_no_more(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    page.context.clear_cookies()
    gone = page.locator(".slot.gone")
    expect(gone).to_contain_text("Signed out", timeout=SOON_MS)
    expect(gone.get_by_role("link", name="Sign in")).to_have_attribute(
        "href", f"/login?next=/projects/{project}"
    )
    assert page.locator("main [hx-get]").count() == 0


# What a person sees and hears.


def test_focus_and_bar_stay_while_the_words_are_counted(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    message = slot(page, "blog").locator(".message")
    expect(message).to_contain_text("words so far", timeout=SOON_MS)
    page.evaluate("window.bar = document.querySelector('.rows progress')")
    cancel = slot(page, "blog").get_by_role("button", name="Cancel")
    cancel.focus()
    heard = page.evaluate_handle(
        "() => { const heard = []; new MutationObserver((list) => heard.push(...list.map((m) =>"
        " m.target.textContent))).observe(document.querySelector('#say > [id$=-blog]'),"
        " {subtree: true, childList: true, characterData: true}); return heard; }"
    )
    expect(page.locator("#say > [id$=-blog]")).to_have_text("Blog post: Writing")
    for _ in range(3):
        words = message.inner_text()
        expect(message).not_to_have_text(words)
    expect(cancel).to_be_focused()
    assert page.evaluate("window.bar === document.querySelector('.rows progress')")
    assert page.evaluate("window.bar.isConnected")
    assert heard.json_value() == []
    gate.open.set()
    ends_well(page)
    assert "Blog post: Ready" in heard.json_value()


def test_a_cancelled_job_says_so_and_retry_goes_on(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    pill = slot(page, "blog")
    expect(pill).to_contain_text("words so far", timeout=SOON_MS)
    pill.get_by_role("button", name="Cancel").click()
    expect(pill).to_have_attribute("data-status", "cancelled", timeout=SOON_MS)
    expect(pill).to_contain_text("Cancelled")
    pill.get_by_role("button", name="Restart").click()
    ends_well(page)


def test_a_failure_that_heals_counts_its_retries(
    house: House, project: str, model: ModelServer, page: Page
) -> None:
    busy = fails(429, message="Slow down", retry_after="2")
    model.then(busy)
    generate(page, house, project)
    pill = slot(page, "blog")
    expect(pill).to_contain_text(re.compile(r"Retry 1 of 3\s+in \d s"), timeout=SOON_MS)
    expect(pill.locator(".message")).to_contain_text("takes no more requests")
    expect(pill.locator(".message")).to_contain_text("Nothing is lost.")
    ends_well(page)
