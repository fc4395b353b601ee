"""The list is true while it is looked at: one request a second for all rows at work, none after."""

import re
from contextlib import closing
from uuid import uuid4

import httpx2
from playwright.sync_api import Locator, Page, Request, expect

from tests.support.browser import SOON_MS, bring, newest_job, ready, without_sockets
from tests.support.held_model import Gate
from tests.support.house import House
from tests.support.job_page import failed, start
from tests.support.model_server import ModelServer
from tests.support.pills import HTMX


def row(page: Page, project: str) -> Locator:
    return page.locator(f"#project-{project}")


def tag(page: Page, project: str) -> Locator:
    return row(page, project).locator(".tag")


def poll(client: httpx2.Client, *job_ids: str) -> httpx2.Response:
    return client.get("/jobs/pills", params={"ids": ",".join(job_ids)}, headers=HTMX)


def test_rows_at_work_follow_their_jobs_with_one_request_and_then_ask_no_more(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, gate: Gate, page: Page
) -> None:
    model.then(gate.answer)  # of the two drafts either may ask first
    other = bring(owner, "Another talk", "blog")
    ready(house, other, "ingest")
    start(house, owner, project)
    asked: list[Request] = []
    without_sockets(page)
    page.on("request", lambda request: asked.append(request))
    page.goto(house.url)
    page.evaluate("window.stayed = true")
    expect(tag(page, project)).to_contain_text("Writing")
    for _ in range(2):
        page.wait_for_event("requestfinished", lambda request: "/jobs/pills?" in request.url)
    gate.open.set()
    for one in (project, other):
        expect(tag(page, one)).to_have_text("1 draft", timeout=SOON_MS)
    expect(row(page, project)).to_contain_text("Blog post")
    expect(page.locator("#say-page")).to_contain_text("1 draft.")
    expect(page.locator("#at-work")).not_to_have_attribute("hx-get", re.compile("."))
    assert page.evaluate("window.stayed") is True
    fetched = [request.url for request in asked if request.resource_type == "fetch"]
    polls = [url for url in fetched if "/indicator" not in url]
    assert all("/jobs/pills?ids=" in url for url in polls), polls


def test_a_failed_and_a_cancelled_project_say_so(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, gate: Gate, page: Page
) -> None:
    job = start(house, owner, project)
    cancelled = bring(owner, "Called off", "newsletter")
    gone = newest_job(house, cancelled, "newsletter")
    page.goto(house.url)
    for one in (job, gone):
        assert owner.post(f"/jobs/{one}/cancel").status_code == 303
        assert house.ended(one)["status"] == "cancelled"
    expect(tag(page, project)).to_have_text("1 cancelled", timeout=SOON_MS)
    expect(tag(page, cancelled)).to_have_text("1 cancelled", timeout=SOON_MS)
    gate.open.set()
    model.script.clear()
    failed(house, owner, project, model)
    page.goto(house.url)
    expect(tag(page, project)).to_have_text("1 failed")


def test_a_row_goes_on_with_the_next_job_of_its_project(
    house: House, owner: httpx2.Client, gate: Gate
) -> None:
    project = bring(owner, "One after the other", "blog")
    ingest, blog = (newest_job(house, project, name) for name in ("ingest", "blog"))
    house.ended(ingest)
    answer = poll(owner, ingest)
    assert answer.status_code == 200
    assert f'hx-get="/jobs/pills?ids={blog}"' in answer.text
    assert f'id="project-{project}"' in answer.text


def test_a_deleted_project_leaves_the_list(
    house: House, owner: httpx2.Client, gate: Gate, page: Page
) -> None:
    project = bring(owner, "Soon gone", "blog")
    ready(house, project, "ingest")
    page.goto(house.url)
    expect(row(page, project)).to_be_visible()
    assert owner.post(f"/projects/{project}/delete").status_code == 303
    expect(row(page, project)).to_have_count(0, timeout=SOON_MS)


def test_nobody_sees_rows_of_other_people(
    house: House, owner: httpx2.Client, second: httpx2.Client, project: str, gate: Gate
) -> None:
    job = start(house, owner, project)
    assert f'id="project-{project}"' in poll(owner, job).text
    theirs = poll(second, job).text
    assert 'id="project-' not in theirs
    assert "hx-get" not in theirs
    assert theirs.replace(job, "") == poll(second, unknown := str(uuid4())).text.replace(
        unknown, ""
    )


def test_what_is_no_id_is_not_said_again(owner: httpx2.Client) -> None:
    answer = poll(owner, "']<script>", "x" * 9_000)
    assert answer.status_code == 200
    assert "script" not in answer.text
    assert "xxx" not in answer.text


def test_a_session_that_ended_says_so_in_the_list(house: House) -> None:
    with closing(house.client()) as nobody:
        answer = poll(nobody, str(uuid4()))
    assert answer.status_code == 401
    assert "Sign in" in answer.text
