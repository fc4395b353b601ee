"""The page of a job tells everything, to nobody else, and its poll brings only what is new."""

import os
import re
import signal
import sqlite3
from contextlib import closing

import httpx2
from playwright.sync_api import Page, expect

from draftmill.database.connection import transaction
from draftmill.jobs import log as job_log
from draftmill.jobs.job import find_job
from draftmill.jobs.log import log_line
from draftmill.jobs.policies import INGEST
from tests.support.browser import bring, ids_out_of_band, newest_job, ready, slot
from tests.support.held_model import Gate
from tests.support.house import House, until
from tests.support.job_page import HOSTILE, failed, jobs_of, lines_of, start
from tests.support.job_rows import make_project, newest
from tests.support.model_server import ModelServer
from tests.support.worker_processes import processes

LONG = 450


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
    assert page.locator("main [hx-get]").count() == 0
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
    expect(version).to_have_attribute("href", f"{draft}/versions?before=21&open=1#v1")


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
        claimed = find_job(db, job)
        assert claimed is not None
        for n in range(LONG):
            log_line(db, claimed, f"Line {n} of {HOSTILE}")
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
                log_line(db, job, f"Line {n}")
        (last,) = job_log.newest(db, job.id, 1)
        steps: list[None] = []
        db.set_progress_handler(lambda counted=steps: counted.append(None), 1)
        assert job_log.after(db, job.id, last.id - 1, 200) == [last]
        db.set_progress_handler(None, 0)
        costs.append(len(steps))
    assert costs[0] == costs[1]
