"""The main job in a real browser: from the printed link to a saved draft."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import without_sockets
from tests.support.house import PASSWORD, SAMPLE, House, opened

WORK_MS = 120_000


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("walk") / "data") as house:
        yield house


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield watched(context)
    context.close()


def watched(context: BrowserContext) -> Page:
    """A page on which any error in a script, or any breach of the policy, fails the test."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.on(
        "console",
        lambda message: pytest.fail(message.text) if "Content Security" in message.text else None,
    )
    return page


def make_owner(page: Page, house: House) -> None:
    page.goto(house.setup_url)
    page.get_by_label("Name").fill("Mara Keller")
    page.get_by_label("E-mail").fill("mara@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").last.click()
    page.wait_for_url(house.url + "/")


def sign_in(page: Page, house: House) -> None:
    page.goto(house.url + "/login")
    page.get_by_label("E-mail").fill("mara@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(house.url + "/")


def bring_sample(page: Page) -> None:
    page.set_input_files("input[name=recording]", SAMPLE)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/projects/"))


def test_from_the_setup_link_to_a_saved_draft(walked: House, page: Page) -> None:
    polls: list[str] = []
    without_sockets(page)
    page.on("request", lambda r: polls.append(r.url) if r.url.endswith("/pill") else None)
    make_owner(page, walked)
    bring_sample(page)

    panel = page.locator("[id^=job-][id$=-ingest]")
    expect(panel).to_have_attribute("data-status", re.compile("pending|running"))
    expect(panel.get_by_text("Transcribing").first).to_be_visible(timeout=WORK_MS)

    # The end arrives by polling alone: the page is never loaded again.
    page.evaluate("window.stayed = true")
    slot = page.locator("[id^=job-][id$=-blog]")
    expect(slot).to_have_attribute("data-status", "succeeded", timeout=WORK_MS)
    assert len(polls) > 3
    edit = page.locator("[id^=actions-][id$=-blog]").get_by_role("link", name="Edit")
    expect(edit).to_be_visible()
    expect(page.locator("#player")).to_be_visible()
    expect(page.locator(".transcript .said").first).to_be_visible()
    for task_type in ("newsletter", "twitter", "linkedin"):
        done = page.locator(f"[id^=job-][id$=-{task_type}]")
        expect(done).to_have_attribute("data-status", "succeeded", timeout=WORK_MS)

    # The loop is broken by what the server answered. The one timed wait there is.
    polls.clear()
    page.wait_for_timeout(5_000)
    assert polls == []
    assert page.evaluate("window.stayed") is True

    edit.click()
    page.wait_for_url(re.compile("/drafts/blog"))
    expect(page.locator("#body")).to_have_value(re.compile("## "))
    page.locator("#body").fill("# Mine\n\nWritten by *me*, for <you>.")
    expect(page.locator("#preview em")).to_have_text("me")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Saved, version 2"))
    page.reload()
    expect(page.locator("#body")).to_have_value(re.compile("Written by \\*me\\*"))


def test_the_same_without_script(walked: House, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, walked)
    page.goto(walked.url + "/")
    with_new_name = Path(walked.data).parent / "another talk.mp4"
    # Another byte at the end is another file: it becomes a project of its own.
    with_new_name.write_bytes(SAMPLE.read_bytes() + b"\0")
    page.locator("#new-project").click()
    page.set_input_files("input[name=recording]", with_new_name)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/projects/"))
    # The page loads itself anew (<noscript> refresh) until the draft is there.
    edit = page.locator("[id^=actions-][id$=-blog]").get_by_role("link", name="Edit")
    expect(edit).to_be_visible(timeout=WORK_MS)
    edit.click()
    page.wait_for_url(re.compile("/drafts/blog"))
    page.locator("#body").fill("Edited without script.")
    # Reloading while the answer is still on its way would ask a page that is going.
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    page.reload()
    expect(page.locator("#body")).to_have_value("Edited without script.")
    context.close()
