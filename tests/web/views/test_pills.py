"""The pill: what its answers carry, and that it survives what the network does. Real everything."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import (
    SOON_MS,
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
from tests.support.house import QUICK, SAMPLE, House, opened, until
from tests.support.model_server import ModelServer, fails
from tests.support.places import ROOT

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = {
        "DRAFTMILL_LLM_BASE_URL": model.base_url,
        "DRAFTMILL_LLM_MODEL": "test",
        "DRAFTMILL_RETRY_DELAY_S": "0.2",
    }
    with opened(tmp_path_factory.mktemp("pills") / "data", **QUICK, **environ) as running:
        yield running


@pytest.fixture
def page(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[Page]:
    with signed_in(browser, owner) as context:
        yield watched(context)


@pytest.fixture(scope="module")
def projects(house: House, owner: httpx2.Client) -> Iterator[str]:
    return brought_ahead(owner)


@pytest.fixture
def project(house: House, projects: Iterator[str]) -> str:
    """A project with a transcript and no drafts."""
    project = next(projects)
    ready(house, project, "ingest")
    return project


def start(
    client: httpx2.Client, project: str, task_type: str = "blog", **fields: str
) -> httpx2.Response:
    answer = client.post(
        f"/projects/{project}/jobs", data={"type": task_type, **fields}, headers=HTMX
    )
    assert answer.status_code == 202, answer.text
    return answer


def generate(page: Page, house: House, project: str, task_type: str = "blog") -> None:
    """Press Generate on the project's page; the pill is there afterwards."""
    page.goto(f"{house.url}/projects/{project}")
    page.evaluate("window.stayed = true")
    slot(page, task_type).get_by_role("button", name="Generate").click()
    expect(slot(page, task_type)).to_have_attribute("data-status", re.compile("pending|running"))


def ends_well(page: Page, task_type: str = "blog") -> None:
    """The finished pill and its button arrived on the page that was there all the time."""
    expect(slot(page, task_type)).to_have_attribute("data-status", "succeeded", timeout=SOON_MS)
    name = re.compile("Edit|View")
    expect(actions(page, task_type).get_by_role("link", name=name)).to_be_visible()
    assert page.evaluate("window.stayed") is True


# What the answers carry.


def test_a_click_is_answered_with_the_processing_pill_alone(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    answer = start(owner, project)
    main = f"job-{project}-blog"
    assert f'<div id="{main}"' in answer.text
    assert 'hx-trigger="every 1s' in answer.text
    assert answer.headers["vary"] == "HX-Request"
    assert ids_out_of_band(answer.text) == {f"say-{main}"}
    assert "actions-" not in answer.text


def test_a_click_without_htmx_leads_back_to_the_project(
    house: House, owner: httpx2.Client, project: str, gate: Gate
) -> None:
    answer = owner.post(f"/projects/{project}/jobs", data={"type": "blog"})
    assert (answer.status_code, answer.headers["vary"]) == (303, "HX-Request")
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
    assert house.ended(newest_job(house, project, "blog"))["error_code"] == "ingest_ended"


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


# What the network does.


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
    assert page.locator("[hx-get]").count() == 0
    assert page.evaluate("window.stayed") is True


def test_an_ended_sessions_pill_leads_to_signing_in_and_asks_no_more(
    house: House, owner: httpx2.Client, project: str, gate: Gate, page: Page
) -> None:
    generate(page, house, project)
    page.context.clear_cookies()
    gone = page.locator(".slot.gone")
    expect(gone).to_contain_text("Signed out", timeout=SOON_MS)
    expect(gone.get_by_role("link", name="Sign in")).to_have_attribute("href", "/login")
    assert page.locator("[hx-get]").count() == 0


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
        " m.target.textContent))).observe(document.getElementById('say'),"
        " {subtree: true, childList: true, characterData: true}); return heard; }"
    )
    said = page.locator("#say").inner_text()
    assert "Blog post: Writing" in said
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
    pill.get_by_role("button", name="Retry").click()
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


# Another content type: one row and one template.

SHOW_NOTES = """

CONTENT_TYPES["notes"] = ContentType(
    type="notes",
    label="Show notes",
    summary="Times, links and names",
    shape="article",
    layout="outline",
    prompt="notes.md",
    button="View",
)
"""
TEMPLATE = "Write show notes: times, links and names.\n{% include '_rules.md' %}\n"


@pytest.fixture
def added(tmp_path: Path) -> Iterator[House]:
    """A copy of the program to which its owner added a content type."""
    root = ROOT
    program = tmp_path / "program"
    for name in ("draftmill", "templates", "static"):
        shutil.copytree(root / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "tasks.py"):
        shutil.copy(root / name, program)
    table = (root / "content_actions.py").read_text()
    (program / "content_actions.py").write_text(table + SHOW_NOTES)
    (program / "templates/prompts/notes.md").write_text(TEMPLATE)
    # Children inherit both: the copy comes first, and the present folder not at all.
    environ = {"PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"}
    with opened(tmp_path / "data", **QUICK, **environ) as house:
        yield house


def test_a_content_type_is_added_by_one_row_and_one_template(
    added: House, model: ModelServer
) -> None:
    with closing(added.make_owner()) as owner:
        project = bring(owner, "With show notes", "notes")
        ready(added, project, "notes")
        page = owner.get(f"/projects/{project}").text
        assert "Show notes" in page
        assert f'href="/projects/{project}/drafts/notes">View<' in page
        assert "speaker&#39;s own words" in owner.get(f"/projects/{project}/drafts/notes").text

        added.stop()
        added.environ |= {"DRAFTMILL_LLM_BASE_URL": model.base_url, "DRAFTMILL_LLM_MODEL": "test"}
        added.start()
        asked = len(model.requests)
        start(owner, project, "notes")
        ready(added, project, "notes")
        assert "Write show notes" in model.requests[asked].system
        assert owner.get(f"/projects/{project}/drafts/notes.md").text.startswith(
            "# We cut our build"
        )
