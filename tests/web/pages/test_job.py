"""The page of a job: it tells everything, follows the job to its end, and then asks no more."""

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from draftmill.database.connection import transaction
from draftmill.jobs import log as job_log
from draftmill.jobs.log import log_line
from draftmill.jobs.policies import INGEST
from tests.support.browser import (
    SOON_MS,
    WORK_MS,
    actions,
    bring,
    brought_ahead,
    ids_out_of_band,
    newest_job,
    ready,
    signed_in,
    slot,
    watched,
)
from tests.support.held_model import Gate
from tests.support.house import QUICK, House, opened, until
from tests.support.job_rows import make_project, newest
from tests.support.model_server import ModelServer, fails
from tests.support.worker_processes import processes

HOSTILE = "<script>alert(1)</script>"
LONG = 450


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = QUICK | {
        "DRAFTMILL_LLM_BASE_URL": model.base_url.replace("://", "://mara:hidden-word@"),
        "DRAFTMILL_LLM_API_KEY": "sk-hidden",
        "DRAFTMILL_LLM_MODEL": "a-model",
        # Long enough to be read on a page.
        "DRAFTMILL_CRASH_DELAY_S": "60",
    }
    with opened(tmp_path_factory.mktemp("job") / "data", **environ) as running:
        yield running


@pytest.fixture(scope="module")
def projects(house: House, owner: httpx2.Client) -> Iterator[str]:
    return brought_ahead(owner)


@pytest.fixture
def project(house: House, projects: Iterator[str]) -> str:
    """A project with a transcript and no drafts."""
    project = next(projects)
    ready(house, project, "ingest")
    return project


@pytest.fixture
def page(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    with signed_in(browser, owner) as context:
        yield watched(context)


@pytest.fixture
def plain(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    """A browser without script."""
    with signed_in(browser, owner, java_script_enabled=False) as context:
        yield context.new_page()


def start(house: House, client: httpx2.Client, project: str, **fields: str) -> str:
    """Start a blog post; the job's id."""
    form = {"type": "blog", **fields}
    assert client.post(f"/projects/{project}/jobs", data=form).status_code == 303
    return newest_job(house, project, "blog")


def failed(house: House, client: httpx2.Client, project: str, model: ModelServer) -> str:
    """A job that failed for a refused key."""
    model.then(fails(401, "invalid_api_key"))
    job = start(house, client, project, instructions=f"Shorter {HOSTILE}")
    assert house.ended(job)["status"] == "failed"
    return job


def jobs_of(house: House, project: str) -> list[str]:
    query = "select id from jobs where project_id = ? and type = 'blog' order by n"
    return [row["id"] for row in house.rows(query, project)]


def lines_of(house: House, job: str) -> list[str]:
    rows = house.rows("select message from job_logs where job_id = ? order by id", job)
    return [row["message"] for row in rows]


# What it tells.


def test_it_tells_what_happened_with_what_and_what_to_do(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, page: Page
) -> None:
    job = failed(house, owner, project, model)
    page.goto(f"{house.url}/jobs/{job}")
    pill = slot(page, "blog")
    expect(pill.get_by_role("heading", name="Failed")).to_be_visible()
    expect(pill).to_contain_text("The model server refused the key.")
    expect(pill).to_contain_text("DRAFTMILL_LLM_API_KEY")
    expect(pill.get_by_role("button", name="Retry")).to_be_visible()
    expect(pill.locator(".steps li.done")).to_contain_text("Transcript ready")
    expect(pill.locator(".steps li.failed")).to_contain_text("Failed: Writing")
    facts = page.locator("#facts")
    expect(facts).to_contain_text("model_key_refused")
    expect(facts).to_contain_text(f"Shorter {HOSTILE}")
    expect(facts).to_contain_text(re.compile(r"a-model at 127\.0\.0\.1:\d+"))
    expect(facts).to_contain_text(re.compile(r"Took\s*\d+ s"))
    assert page.locator("#log p").all_inner_texts()[0] == "Started"
    assert len(page.locator("#log li").all()) == len(lines_of(house, job))
    expect(page.locator("#log li.error")).to_contain_text("refused the key")
    moments = page.locator("#log time").evaluate_all("all => all.map(one => one.dateTime)")
    assert moments == sorted(moments)
    assert "hidden-word" not in page.content()
    assert "sk-hidden" not in page.content()
    assert page.locator("[hx-get]").count() == 0
    back = page.get_by_role("navigation").or_(page.locator(".crumbs"))
    expect(back.get_by_role("link", name=re.compile("^Talk"))).to_have_attribute(
        "href", f"/projects/{project}"
    )


def test_an_unexpected_error_has_an_id_to_find_it_by(
    house: House, owner: httpx2.Client, project: str, model: ModelServer
) -> None:
    job = failed(house, owner, project, model)
    with closing(house.db()) as db:
        db.execute(
            "update jobs set error_code = 'internal', error_id = '3fa9c21b' where id = ?", (job,)
        )
    text = owner.get(f"/jobs/{job}").text
    assert "<code>internal</code>" in text
    assert "<code>3fa9c21b</code>" in text


def test_an_interruption_says_why_and_when_it_goes_on_and_can_be_cancelled(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page, model: ModelServer
) -> None:
    model.then(gate.answer)
    job = start(house, owner, project)
    for attempt in (1, 2):
        until(lambda n=attempt: house.job(job)["attempt"] == n and house.job(job)["stage"])
        os.kill(until(lambda: processes(house, "work"), why="a child")[0], signal.SIGKILL)
        until(lambda n=attempt: house.job(job)["crashes"] == n, why="the crash to be seen")
    page.goto(f"{house.url}/projects/{project}")
    pill = slot(page, "blog")
    expect(pill.locator(".tag")).to_contain_text(re.compile(r"Interrupted, goes on\s+in \d+ s"))
    expect(pill.locator(".message")).to_contain_text("Nothing is lost.")
    why = str(house.job(job)["message"])
    expect(pill.locator(".message")).to_contain_text(why)
    pill.get_by_role("link", name="Details").click()
    expect(slot(page, "blog")).to_contain_text(why)
    expect(page.locator("#log li.warning")).to_have_count(2)
    expect(page.locator("#facts")).to_contain_text("2, interrupted twice")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert page.url.endswith(f"/jobs/{job}")
    assert house.job(job)["status"] == "cancelled"


def test_a_retry_is_a_page_of_its_own_and_both_know_each_other(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, plain: Page
) -> None:
    job = failed(house, owner, project, model)
    plain.goto(f"{house.url}/jobs/{job}")
    plain.get_by_role("button", name="Retry").dblclick()
    expect(plain).to_have_url(re.compile(f"/jobs/(?!{job})"))
    first, second = jobs_of(house, project)
    assert plain.url.endswith(f"/jobs/{second}")
    expect(plain.get_by_role("link", name="An earlier job")).to_have_attribute(
        "href", f"/jobs/{first}"
    )
    expect(slot(plain, "blog")).to_have_attribute("data-status", "succeeded")
    plain.goto(f"{house.url}/jobs/{first}")
    assert plain.get_by_role("button", name="Retry").count() == 0
    link = plain.locator("#facts").get_by_role("link", name="See the retry")
    expect(link).to_have_attribute("href", f"/jobs/{second}")
    # Who presses on a page that was there before is led to the same retry.
    again = owner.post(f"/jobs/{first}/retry", data={"then": "job"})
    assert (again.status_code, again.headers["location"]) == (303, f"/jobs/{second}")
    assert jobs_of(house, project) == [first, second]


def test_it_leads_to_the_draft_and_to_the_version_that_it_wrote(
    house: House, owner: httpx2.Client, project: str, page: Page
) -> None:
    job = start(house, owner, project)
    ready(house, project, "blog")
    page.goto(f"{house.url}/jobs/{job}")
    draft = f"/projects/{project}/drafts/blog"
    expect(page.get_by_role("link", name="Edit the draft")).to_have_attribute("href", draft)
    version = page.get_by_role("link", name="Version 1")
    expect(version).to_have_attribute("href", f"{draft}/versions#v1")


def test_a_job_that_waits_and_the_one_it_waits_for_know_each_other(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, "Needs a transcript", "blog")
    job, ingest = newest_job(house, project, "blog"), newest_job(house, project, "ingest")
    assert f'<dt>Needs</dt><dd><a href="/jobs/{ingest}">' in owner.get(f"/jobs/{job}").text
    ready(house, project, "ingest", "blog")
    assert "Waiting for it" not in owner.get(f"/jobs/{ingest}").text


def test_another_user_cannot_tell_the_page_from_nothing(
    house: House, owner: httpx2.Client, second: httpx2.Client, stranger: httpx2.Client, project: str
) -> None:
    job = newest_job(house, project, "ingest")
    for path in ("", "/log.txt"):
        assert second.get(f"/jobs/{job}{path}").status_code == 404
        assert stranger.get(f"/jobs/{job}{path}").status_code in (303, 401)
    for client, status in ((second, 410), (stranger, 401)):
        answer = client.get(f"/jobs/{job}/page/pill?log=0")
        assert answer.status_code == status
        assert "hx-" not in answer.text
        assert "Started" not in answer.text


# What the poll costs.


def test_the_poll_brings_only_what_is_new(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    job = start(house, owner, project)
    until(lambda: "so far" in owner.get(f"/jobs/{job}/page/pill").text)
    rows = house.rows("select id from job_logs where job_id = ? order by id", job)
    answer = owner.get(f"/jobs/{job}/page/pill?log={rows[0]['id']}").text
    assert ids_out_of_band(answer) >= {"facts", "last-seen"}
    assert answer.count('<li class="line') == len(rows) - 1
    assert f'value="{rows[-1]["id"]}"' in answer
    nothing = owner.get(f"/jobs/{job}/page/pill?log={rows[-1]['id']}").text
    assert '<li class="line' not in nothing
    # The pill everywhere else knows nothing of logs.
    assert "facts" not in owner.get(f"/jobs/{job}/pill").text


def test_a_long_log_is_cut_on_the_page_and_whole_as_text(
    house: House, owner: httpx2.Client, project: str
) -> None:
    job = newest_job(house, project, "ingest")
    with closing(house.db()) as db, transaction(db):
        for n in range(LONG):
            log_line(db, job, 1, f"Line {n} of {HOSTILE}")
    page = owner.get(f"/jobs/{job}").text
    assert page.count('<li class="line') == 200
    assert f"Line {LONG - 1} of &lt;script&gt;" in page
    assert HOSTILE not in page
    assert owner.get(f"/jobs/{job}/page/pill?log=0").text.count('<li class="line') <= 201
    text = owner.get(f"/jobs/{job}/log.txt")
    assert text.headers["content-type"].startswith("text/plain")
    assert len(text.text.splitlines()) == len(lines_of(house, job))
    for odd in ("", "-1", "x", "9" * 30, "²"):
        assert owner.get(f"/jobs/{job}/page/pill", params={"log": odd}).status_code == 200


def test_new_lines_are_found_without_reading_the_old_ones(db: sqlite3.Connection) -> None:
    job = newest(db, make_project(db), INGEST)
    costs = []
    for lines in (10, 10_000):
        with transaction(db):
            for n in range(lines):
                log_line(db, job.id, 1, f"Line {n}")
        (last,) = job_log.newest(db, job.id, 1)
        steps: list[None] = []
        db.set_progress_handler(lambda counted=steps: counted.append(None), 1)
        assert job_log.after(db, job.id, last.id - 1, 200) == [last]
        db.set_progress_handler(None, 0)
        costs.append(len(steps))
    assert costs[0] == costs[1]


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
    assert page.locator("[hx-get]").count() == 0
    assert page.evaluate("window.stayed") is True
    polls = [url for url in asked if "/static/" not in url]
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
