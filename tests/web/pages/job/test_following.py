"""The page follows its job to the end; no click, tab or reload starts a second one."""

import re
from pathlib import Path

import httpx2
from playwright.sync_api import Page, expect

from tests.support.browser import SOON_MS, WORK_MS, actions, newest_job, ready, slot
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.job_page import failed, jobs_of, lines_of, start
from tests.support.model_server import ModelServer

# What a person sees.


def test_the_page_follows_its_job_to_the_end_and_then_asks_no_more(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    job = start(house, owner, project)
    page.goto(f"{house.url}/jobs/{job}")
    page.evaluate("window.stayed = true")
    expect(slot(page, "blog")).to_contain_text("words so far")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    gate.open.set()
    link = page.get_by_role("link", name="Edit the draft")
    expect(link).to_be_visible(timeout=SOON_MS)
    expect(page.locator("#log li").last).to_contain_text("Done")
    expect(page.locator("#facts")).to_contain_text("Version 1")
    expect(page.locator("#say")).to_contain_text("Blog post: Ready")
    assert page.locator("#log p").all_inner_texts() == lines_of(house, job)
    assert page.locator("main [hx-get]").count() == 0
    assert page.evaluate("window.stayed") is True
    polls = [url for url in asked if "/static/" not in url and "/indicator" not in url]
    assert polls
    assert all("/page/pill?log=" in url for url in polls), polls


def test_without_script_the_page_loads_itself_anew_while_it_works(
    house: House, owner: httpx2.Client, project: str, gate: Gate, plain: Page
) -> None:
    job = start(house, owner, project)
    plain.goto(f"{house.url}/jobs/{job}")
    assert 'http-equiv="refresh"' in plain.content()
    gate.open.set()
    expect(plain.get_by_role("link", name="Edit the draft")).to_be_visible(timeout=SOON_MS)
    assert 'http-equiv="refresh"' not in plain.content()


def test_every_pill_leads_to_its_job(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, page: Page
) -> None:
    job = failed(house, owner, project, model)
    page.goto(f"{house.url}/projects/{project}")
    link = slot(page, "blog").get_by_role("link", name="Details of Blog post")
    expect(link).to_have_attribute("href", f"/jobs/{job}")
    link.focus()
    page.keyboard.press("Tab")
    expect(slot(page, "blog").get_by_role("button", name="Retry")).to_be_focused()
    page.locator(".project-menu > summary").click()
    expect(page.get_by_role("link", name="Details of the transcription")).to_have_attribute(
        "href", f"/jobs/{newest_job(house, project, 'ingest')}"
    )


def test_after_a_press_the_keyboard_stays_at_the_task(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    page.goto(f"{house.url}/projects/{project}")
    pill = slot(page, "blog")
    pill.get_by_role("button", name="Generate").focus()
    page.keyboard.press("Enter")
    expect(pill.locator(".tag")).to_be_focused()
    expect(pill).to_contain_text("words so far")
    expect(pill.locator(".tag")).to_be_focused()
    # Who has gone elsewhere is not called back.
    page.mouse.click(600, 20)
    words = pill.locator(".message").inner_text()
    expect(pill.locator(".message")).not_to_have_text(words)
    expect(page.locator("body")).to_be_focused()
    pill.get_by_role("button", name="Cancel").focus()
    gate.open.set()
    # The button that had the focus goes with the job's end.
    expect(pill).to_have_attribute("data-status", "succeeded")
    expect(pill.locator(".tag")).to_be_focused()
    page.keyboard.press("Tab")
    expect(actions(page, "blog").get_by_role("link", name="Edit")).to_be_focused()


# Never a second one.


def test_a_double_click_starts_one_job_and_cancels_nothing(
    house: House, project: str, gate: Gate, page: Page
) -> None:
    page.goto(f"{house.url}/projects/{project}")
    pill = slot(page, "blog")
    box = pill.get_by_role("button", name="Generate").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    cancel = pill.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible()
    where = cancel.bounding_box()
    assert where
    # The second click of the same double click, on what lies there by then.
    page.mouse.move(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    expect(pill).to_contain_text("words so far")
    (job,) = jobs_of(house, project)
    assert house.job(job)["cancel_requested_at"] is None
    cancel.dblclick()
    expect(pill).to_have_attribute("data-status", "cancelled")
    assert jobs_of(house, project) == [job]


def test_back_button_refresh_and_second_tab_start_no_second_job(
    house: House, project: str, plain: Page
) -> None:
    address = f"{house.url}/projects/{project}"
    other = plain.context.new_page()
    for page in (plain, other):
        page.goto(address)
    slot(plain, "blog").get_by_role("button", name="Generate").click()
    # The page loads itself anew until then.
    expect(slot(plain, "blog")).to_have_attribute("data-status", "succeeded")
    plain.reload()
    plain.go_back()
    if slot(plain, "blog").get_by_role("button", name="Generate").count():
        slot(plain, "blog").get_by_role("button", name="Generate").click()
    slot(other, "blog").get_by_role("button", name="Generate").click()
    expect(slot(other, "blog")).to_have_attribute("data-status", "succeeded")
    assert len(jobs_of(house, project)) == 1


def test_the_desk_starts_anew_when_asked_anew_and_not_for_an_older_tab(
    house: House, owner: httpx2.Client, project: str, page: Page
) -> None:
    start(house, owner, project)
    ready(house, project, "blog")
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{house.url}/projects/{project}/drafts/blog")
    for count in (2, 3):
        page.get_by_role("button", name="Generate again").click()
        until(lambda n=count: len(jobs_of(house, project)) == n, why="a new job")
        ready(house, project, "blog")
        expect(page.locator("#again-slot .slot")).to_have_attribute(
            "data-status", "succeeded", timeout=SOON_MS
        )
    other.get_by_role("button", name="Generate again").click()
    expect(other.locator("#again-slot .slot")).to_have_attribute("data-status", "succeeded")
    assert len(jobs_of(house, project)) == 3


def test_the_same_form_sent_twice_is_one_project(house: House, plain: Page, tmp_path: Path) -> None:
    brought = tmp_path / "twice.txt"
    brought.write_text("Every pull request should be small enough to read in ten minutes.\n")
    other = plain.context.new_page()
    for page in (plain, other):
        page.goto(f"{house.url}/#new")
        page.get_by_text("Or bring a transcript").click()
        page.locator("input[name=transcript]").set_input_files(brought)
    for page in (plain, other):
        page.get_by_role("button", name="Start").click()
        expect(page).to_have_url(re.compile("/projects/"))
    # The page loads itself anew until its drafts are written.
    expect(plain.locator("[data-status=succeeded]")).to_have_count(4, timeout=WORK_MS)
    plain.go_back()
    if plain.locator("#start").is_visible():
        plain.locator("input[name=transcript]").set_input_files(brought)
        plain.get_by_role("button", name="Start").click()
        expect(plain).to_have_url(re.compile("/projects/"))
    assert len(house.rows("select 1 from projects where file_name = 'twice.txt'")) == 1
