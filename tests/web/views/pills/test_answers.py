"""What the answers carry: the pill, what it says, and when it asks no more."""

import json

import httpx2
from playwright.sync_api import Page, expect

from tests.support.browser import SOON_MS, ids_out_of_band, newest_job, ready, slot
from tests.support.held_model import Gate
from tests.support.house import SAMPLE, House, until
from tests.support.model_server import ModelServer, fails
from tests.support.pills import HTMX, ends_well, generate, start


def test_a_click_is_answered_with_the_processing_pill_alone(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    answer = start(owner, project)
    main = f"job-{project}-blog"
    assert f'<div id="{main}"' in answer.text
    assert 'hx-trigger="every 1s' in answer.text
    assert "HX-Request" in answer.headers["vary"]
    assert ids_out_of_band(answer.text) == {f"say-{main}"}
    assert "actions-" not in answer.text


def test_a_click_without_htmx_leads_back_to_the_project(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    answer = owner.post(f"/projects/{project}/jobs", data={"type": "blog"})
    assert answer.status_code == 303
    assert "HX-Request" in answer.headers["vary"]
    assert answer.headers["location"] == f"/projects/{project}"
    assert 'hx-trigger="every 1s' in owner.get(answer.headers["location"]).text


def test_the_last_answer_asks_for_no_more_and_brings_the_button(
    house: House, owner: httpx2.Client, project: str
) -> None:
    start(owner, project, "twitter")
    ready(house, project, "twitter")
    url = f"/jobs/{newest_job(house, project, 'twitter')}/pill"
    until(lambda: "succeeded" in owner.get(url).text)
    text = owner.get(url).text
    assert "hx-get" not in text
    assert "every 1s" not in text
    slots = {f"say-job-{project}-twitter", f"actions-{project}-twitter"}
    assert ids_out_of_band(text) == slots
    assert f'href="/projects/{project}/drafts/twitter">View<' in text
    assert "Generate again" in text


def test_a_form_that_saw_an_older_state_gets_the_job_that_exists(
    house: House, owner: httpx2.Client, project: str
) -> None:
    start(owner, project, after_last="")
    first = newest_job(house, project, "blog")
    house.ended(first)
    assert f"/jobs/{first}/" not in start(owner, project, after_last="").text
    assert newest_job(house, project, "blog") == first
    start(owner, project, after_last=first)
    second = newest_job(house, project, "blog")
    assert second != first
    house.ended(second)


def test_other_instructions_for_a_running_job_are_not_used_and_it_says_so(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    start(owner, project, instructions="shorter")
    answer = start(owner, project, instructions="longer")
    told = json.loads(answer.headers["hx-trigger"])["draftmill:say"]["value"]
    assert "was not used" in told
    (jobs,) = house.one("select count(*) from jobs where project_id = ?", project) or (0,)
    assert jobs == 2  # with its ingest
    plain = owner.post(
        f"/projects/{project}/jobs", data={"type": "blog", "instructions": "in Latin"}
    )
    assert "was not used" in owner.get(plain.headers["location"]).text


def test_the_desk_says_that_other_instructions_are_not_used(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, page: Page
) -> None:
    start(owner, project)
    ready(house, project, "blog")
    gate = Gate()
    model.then(gate.answer)
    start(owner, project, instructions="shorter")
    page.goto(f"{house.url}/projects/{project}/drafts/blog")
    page.get_by_placeholder("What should be different?").fill("longer")
    page.get_by_role("button", name="Generate again").click()
    expect(page.locator("#toasts")).to_contain_text("was not used")
    gate.open.set()
    expect(page.locator("#again-slot .slot")).to_have_attribute(
        "data-status", "succeeded", timeout=SOON_MS
    )


def test_a_further_job_that_a_click_started_comes_out_of_band(
    house: House, owner: httpx2.Client
) -> None:
    project = house.upload(owner, SAMPLE)
    ingest = newest_job(house, project, "ingest")
    owner.post(f"/jobs/{ingest}/cancel", headers=HTMX)
    assert house.ended(ingest)["status"] == "cancelled"
    answer = start(owner, project)
    assert "Waiting for the transcript" in answer.text
    further = {f"job-{project}-ingest", f"say-job-{project}-ingest", f"say-job-{project}-blog"}
    assert ids_out_of_band(answer.text) == further
    again = newest_job(house, project, "ingest")
    assert again != ingest
    owner.post(f"/jobs/{again}/cancel", headers=HTMX)
    draft = newest_job(house, project, "blog")
    assert house.ended(draft)["error_code"] == "ingest_ended"
    told = owner.get(f"/jobs/{draft}/pill", headers=HTMX).text
    assert "Not written: the transcription was cancelled" in told


def test_a_strangers_pill_is_gone_and_asks_no_more(
    house: House, owner: httpx2.Client, second: httpx2.Client, stranger: httpx2.Client, project: str
) -> None:
    job = newest_job(house, project, "ingest")
    for client, status, word in ((second, 410, "Deleted"), (stranger, 401, "Signed out")):
        answer = client.get(f"/jobs/{job}/pill", headers=HTMX)
        assert answer.status_code == status
        assert word in answer.text
        assert "hx-" not in answer.text
    assert 'href="/login"' in answer.text


def test_a_refused_key_says_what_to_do_and_offers_retry(
    house: House, owner: httpx2.Client, project: str, model: ModelServer, page: Page
) -> None:
    model.then(fails(401, "invalid_api_key", "Incorrect API key provided: sk-secret"))
    generate(page, house, project)
    pill = slot(page, "blog")
    expect(pill).to_have_attribute("data-status", "failed", timeout=SOON_MS)
    expect(pill).to_contain_text("Failed")
    expect(pill.locator(".message strong")).to_contain_text("key")
    expect(pill.locator(".message")).to_contain_text("DRAFTMILL_LLM_API_KEY")
    assert "sk-secret" not in page.content()
    pill.get_by_role("button", name="Retry").click()
    ends_well(page)
