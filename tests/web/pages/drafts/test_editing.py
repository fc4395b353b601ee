"""What a person writes is kept, and shown beside what comes later."""

import re

import httpx2
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import bring, newest_job, ready, watched
from tests.support.draft_page import SAVED, project_of, versions, write
from tests.support.house import House, until

HOSTILE = """<script>window.owned = 1</script>
<img src=x onerror="window.owned = 2"> <svg onload="window.owned = 3"></svg>
[press](javascript:window.owned=4) [data](data:text/html;base64,PHNjcmlwdD4=)
<iframe src="/account"></iframe><style>* { display: none }</style>
<form action="/logout" method="post"><button id="trap">Sign out</button></form>
![a](https://elsewhere.example/a.png "b\\" onload=window.owned=5")
"""
TITLE = '<img src=x onerror="window.owned = 6">"><script>window.owned = 7</script>'


def generate_again(house: House, client: httpx2.Client, draft: str) -> None:
    task_type = draft.rpartition("/")[2]
    client.post(f"/projects/{project_of(draft)}/jobs", data={"type": task_type})
    ready(house, project_of(draft), task_type)


def test_a_spell_of_editing_is_one_version_and_an_older_one_comes_back(
    house: House, draft: str, page: Page
) -> None:
    ((_, _, written),) = versions(house, draft)
    page.goto(draft)
    write(page, "First.")
    write(page, "First, and second.")
    assert [v[1:] for v in versions(house, draft)] == [
        ("writer", written),
        ("person", "First, and second."),
    ]
    page.get_by_role("link", name="History").click()
    expect(page.locator(".versions > li")).to_have_count(2)
    expect(page.locator("#v2")).to_contain_text("by you")
    expect(page.locator("#v2")).to_contain_text("Current")
    page.locator("#v1 summary").click()
    expect(page.locator("#v1 .prose")).to_be_visible()
    page.locator("#restore-1").click()
    page.wait_for_url(draft)
    expect(page.locator("#body")).to_have_value(written)
    expect(page.locator("#notice")).to_contain_text("Version 3 is the draft now.")
    assert versions(house, draft)[2] == (3, "person", written)


def test_two_tabs_lose_nothing_and_both_texts_are_shown(
    house: House, draft: str, context: BrowserContext
) -> None:
    one, two = watched(context), watched(context)
    one.goto(draft)
    two.goto(draft)
    write(one, "From the first tab.")
    two.locator("#body").fill("From the second tab.")
    conflict = two.locator("[data-conflict]")
    expect(conflict).to_contain_text("was changed elsewhere")
    expect(two.locator("#body")).to_have_value("From the second tab.")
    expect(conflict.locator("ins").last).to_contain_text("second")
    expect(conflict.locator("del").last).to_contain_text("first")
    assert [v[2] for v in versions(house, draft)[1:]] == [
        "From the first tab.",
        "From the second tab.",
    ]
    two.on("dialog", lambda dialog: dialog.accept())
    conflict.get_by_role("link", name="Show both").click()
    yours, theirs = two.locator(".both section").all()
    expect(yours).to_contain_text("From the second tab.")
    expect(theirs).to_contain_text("From the first tab.")
    yours.get_by_role("button", name="Go on with yours").click()
    two.wait_for_url(draft)
    expect(two.locator("#body")).to_have_value("From the second tab.")
    assert len(versions(house, draft)) == 4


def test_a_stale_save_is_409_as_page_and_as_json(
    house: House, draft: str, owner: httpx2.Client
) -> None:
    form = {"title": "T", "based_on": "9-gone"}
    page = owner.post(draft, data=form | {"body": "Mine."})
    assert page.status_code == 409
    assert "Which one shall it be?" in page.text
    assert "Mine." in page.text
    told = owner.post(draft, data=form | {"body": "M."}, headers={"Accept": "application/json"})
    assert told.status_code == 409
    assert told.json()["error"]["code"] == "stale_base"
    assert "M." in owner.get(told.json()["url"]).text


def test_a_new_generation_is_offered_beside_a_persons_text(
    house: House, owner: httpx2.Client, draft: str, page: Page
) -> None:
    page.goto(draft)
    write(page, "Mine.")
    page.get_by_placeholder("What should be different?").fill("shorter")
    page.get_by_role("button", name="Generate again").click()
    again = page.locator("#again-slot")
    expect(again.locator(".slot")).to_have_attribute("data-status", "succeeded")
    expect(page.locator("#body")).to_have_value("Mine.")
    job = house.job(newest_job(house, project_of(draft), "blog"))
    assert "shorter" in job["parameters"]
    # It is offered where it was asked for, and on top when one comes back.
    expect(page.locator(".again .offered")).to_contain_text("Version 3 was generated")
    expect(page.get_by_role("link", name="Show it")).to_be_hidden()
    page.reload()
    offer = page.locator(".offered")
    expect(offer).to_contain_text("Version 3 was generated")
    expect(page.locator("#body")).to_have_value("Mine.")
    offer.get_by_role("button", name="Use it").click()
    page.wait_for_url(draft)
    expect(page.locator("#body")).not_to_have_value("Mine.")
    expect(page.locator(".offered")).to_have_count(0)
    assert "Mine." in [v[2] for v in versions(house, draft)]


def test_generating_again_is_asked_for_on_the_projects_page_too(
    house: House, draft: str, page: Page
) -> None:
    page.goto(draft)
    write(page, "Mine.")
    page.goto(draft.partition("/drafts")[0])
    row = page.locator(".row", has_text="Blog post")
    row.locator("summary", has_text="Generate again").click()
    row.get_by_label("What should be different?").fill("for beginners")
    row.get_by_role("button", name="Generate again").click()
    expect(row).to_contain_text("A new version is offered beside your text.")
    expect(row.get_by_role("link", name="Edit")).to_be_visible()
    expect(row.get_by_label("What should be different?")).to_be_hidden()
    job = house.job(newest_job(house, project_of(draft), "blog"))
    assert "for beginners" in job["parameters"]
    assert [v[1] for v in versions(house, draft)] == ["writer", "person", "writer"]


def test_an_open_editor_is_never_touched_by_a_new_generation(
    house: House, owner: httpx2.Client, draft: str, page: Page
) -> None:
    page.goto(draft)
    base = page.locator("[name=based_on]").input_value()
    before = page.locator("#body").input_value()
    page.locator("#body").focus()
    generate_again(house, owner, draft)
    expect(page.locator("#body")).to_have_value(before)
    expect(page.locator("[name=based_on]")).to_have_value(base)
    # What is typed now was made from the older version: it is kept beside the newer one.
    page.locator("#body").fill("Typed after all.")
    expect(page.locator("[data-conflict]")).to_contain_text("kept as a version")
    expect(page.locator("#body")).to_have_value("Typed after all.")
    assert versions(house, draft)[-1][1:] == ("person", "Typed after all.")
    page.on("dialog", lambda dialog: dialog.accept())


def test_leaving_with_unsaved_words_asks_first(draft: str, page: Page) -> None:
    page.goto(draft)
    page.route("**/drafts/blog", lambda route: route.abort())
    page.locator("#body").press_sequentially("x")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Unsaved|not saved", re.I))
    with page.expect_event("dialog") as caught:
        page.evaluate("setTimeout(() => { location.href = '/' })")
    assert caught.value.type == "beforeunload"
    caught.value.dismiss()
    page.unroute("**/drafts/blog")
    page.locator("#body").press("Control+s")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


def test_done_saves_and_leads_to_the_project(house: House, draft: str, page: Page) -> None:
    page.goto(draft)
    page.locator("#body").fill("Done at once.")
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(f"{house.url}/projects/{project_of(draft)}")
    assert versions(house, draft)[-1][2] == "Done at once."
    expect(page.locator(".rows")).to_contain_text("edited by you")


def test_hostile_text_is_shown_and_does_nothing(
    house: House, draft: str, owner: httpx2.Client, context: BrowserContext, page: Page
) -> None:
    elsewhere: list[str] = []
    context.route(
        lambda url: not url.startswith(house.url), lambda r: elsewhere.append(r.request.url)
    )
    page.goto(draft)
    page.locator("#title").fill(TITLE)
    write(page, HOSTILE)
    expect(page.locator("#preview")).to_contain_text("press")
    owner.post(f"/projects/{project_of(draft)}", data={"title": TITLE, "context": HOSTILE})
    for path in ("", "/versions", "/versions?beside=1"):
        page.goto(draft + path)
        for details in page.locator("summary").all():
            details.evaluate("summary => summary.parentElement.open = true")
        harmless(page)
    for url in (f"{house.url}/projects/{project_of(draft)}", house.url):
        page.goto(url)
        expect(page.locator("body")).to_contain_text(TITLE)
        harmless(page)
    assert elsewhere == []


def harmless(page: Page) -> None:
    assert page.evaluate("window.owned") is None
    assert page.locator("#trap, iframe, main style, main script, [onerror], [onload]").count() == 0
    links = page.locator("main a").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(links) <= {"http:", "https:"}


def test_a_draft_that_is_not_there_says_what_to_do(house: House, owner: httpx2.Client) -> None:
    project = bring(owner, "Nothing written")
    answer = owner.get(f"/projects/{project}/drafts/blog")
    assert answer.status_code == 404
    assert "not written yet" in answer.text
    until(lambda: house.job(newest_job(house, project, "ingest"))["completed_at"])
