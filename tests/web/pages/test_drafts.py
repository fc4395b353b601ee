"""The desk: what a person writes is kept, shown beside what comes later, and taken away whole."""

import io
import re
import zipfile
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from draftmill.drafts.post_length import length
from tests.support.browser import (
    FOCUSED,
    bring,
    brought_ahead,
    newest_job,
    ready,
    served,
    signed_in,
    watched,
)
from tests.support.house import SAMPLE, House, until

SAVED = re.compile(r"Saved, version \d+")
HOSTILE = """<script>window.owned = 1</script>
<img src=x onerror="window.owned = 2"> <svg onload="window.owned = 3"></svg>
[press](javascript:window.owned=4) [data](data:text/html;base64,PHNjcmlwdD4=)
<iframe src="/account"></iframe><style>* { display: none }</style>
<form action="/logout" method="post"><button id="trap">Sign out</button></form>
![a](https://elsewhere.example/a.png "b\\" onload=window.owned=5")
"""
TITLE = '<img src=x onerror="window.owned = 6">"><script>window.owned = 7</script>'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("desk")) as (house, _):
        yield house


@pytest.fixture(scope="module")
def sample(house: House, owner: httpx2.Client) -> str:
    """A project with pictures, and all four drafts."""
    project = house.upload(owner, SAMPLE, types=["blog", "newsletter", "twitter", "linkedin"])
    ready(house, project, "ingest", "blog", "newsletter", "twitter", "linkedin")
    return project


@pytest.fixture
def context(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[BrowserContext]:
    with signed_in(browser, owner) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return watched(context)


@pytest.fixture(scope="module")
def projects(house: House, owner: httpx2.Client) -> Iterator[str]:
    return brought_ahead(owner, "blog")


@pytest.fixture
def draft(house: House, projects: Iterator[str]) -> str:
    """The address of a blog draft of its own, never edited."""
    project = next(projects)
    ready(house, project, "blog")
    return f"{house.url}/projects/{project}/drafts/blog"


def project_of(draft: str) -> str:
    return draft.split("/")[4]


def versions(house: House, draft: str) -> list[tuple[int, str, str]]:
    rows = house.rows(
        "select n, author, body from draft_versions where project_id = ? and type = ? order by n",
        project_of(draft),
        draft.rpartition("/")[2],
    )
    return [(row["n"], row["author"], row["body"]) for row in rows]


def write(page: Page, text: str) -> None:
    """Type into the draft and wait until it saved itself."""
    page.locator("#body").fill(text)
    expect(page.locator("form[data-dirty]")).to_have_count(1)
    expect(page.locator("form[data-dirty]")).to_have_count(0)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


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
    page.get_by_role("link", name="Show it").click()
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


def test_a_subject_line_is_counted_and_others_are_a_click_away(
    house: House, sample: str, page: Page
) -> None:
    page.goto(f"{house.url}/projects/{sample}/drafts/newsletter")
    title, count = page.locator("#title"), page.locator("output.count")
    first = title.input_value()
    assert 0 < len(first) <= 60
    expect(count).to_have_text(f"{len(first)} / 60")
    others = page.locator("[data-subject]")
    assert 1 <= others.count() <= 3
    other = others.first.inner_text()
    others.first.click()
    expect(title).to_have_value(other)
    expect(others.first).to_have_text(first)
    expect(count).to_have_text(f"{len(other)} / 60")
    title.fill("ä" * 61)
    expect(count).to_have_text("61 / 60")
    expect(count).to_have_class(re.compile("over"))
    title.fill(other)
    page.locator("#preview-text").fill("What stands beside the subject.")
    expect(page.locator("form[data-dirty]")).to_have_count(0)
    page.reload()
    expect(title).to_have_value(other)
    expect(page.locator("#preview-text")).to_have_value("What stands beside the subject.")


def test_a_thread_is_counted_moved_added_to_and_thinned_out(
    house: House, sample: str, page: Page
) -> None:
    url = f"{house.url}/projects/{sample}/drafts/twitter"
    page.goto(url)
    cards, fields = page.locator(".post"), page.locator("[name=post]")
    texts = [field.input_value() for field in fields.all()]
    counts = [int(text.split(" ")[0]) for text in page.locator(".post output").all_inner_texts()]
    assert counts == [length(text, "x") for text in texts]
    assert max(counts) <= 280
    page.get_by_role("button", name="Add a post").click()
    expect(fields.last).to_be_focused()
    odd = "Café at https://example.org/" + "a" * 300 + " 👩‍👩‍👧 日本"
    fields.last.fill(odd)
    expect(cards.last.locator("output")).to_have_text(f"{length(odd, 'x')} / 280")
    fields.last.fill("y" * 281)
    expect(cards.last).to_have_class(re.compile("over"))
    fields.last.fill("The last one.")
    expect(cards.last).not_to_have_class(re.compile("over"))
    for _ in texts:
        cards.filter(has=page.locator("textarea:focus, button:focus")).get_by_role(
            "button", name="Move up"
        ).click()
    expect(fields.first).to_have_value("The last one.")
    expect(cards.first.get_by_role("button", name="Move up")).to_be_disabled()
    if len(texts) > 1:
        cards.nth(1).get_by_role("button", name="Remove").click()
    expect(page.locator("form[data-dirty]")).to_have_count(0)
    page.reload()
    left = ["The last one.", *(texts[1:] if len(texts) > 1 else texts)]
    assert [field.input_value() for field in fields.all()] == left


def test_a_draft_is_copied_with_its_title(
    house: House, sample: str, context: BrowserContext, page: Page
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    page.goto(f"{house.url}/projects/{sample}/drafts/blog")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copy")).to_have_text("Copied")
    expect(page.locator("#say-page")).to_have_text("Copied")
    title, body = page.locator("#title").input_value(), page.locator("#body").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == f"# {title}\n\n{body}"

    page.goto(f"{house.url}/projects/{sample}/drafts/linkedin")
    page.get_by_role("button", name="Copy this post").click()
    expect(page.locator("#say-page")).to_have_text("Copied")
    post = page.locator("[name=post]").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == post


def test_copying_works_where_there_is_no_clipboard_for_scripts(
    draft: str, context: BrowserContext, page: Page
) -> None:
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})"
    )
    page.goto(draft)
    body = page.locator("#body").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copy")).to_have_text("Copied")
    page.locator("#title").fill("")
    page.get_by_placeholder("What should be different?").focus()
    page.keyboard.press("Control+v")
    pasted = page.get_by_placeholder("What should be different?").input_value()
    assert body.split("\n")[0] in pasted


def test_downloads_open_and_carry_the_pictures(
    house: House, sample: str, owner: httpx2.Client, page: Page
) -> None:
    url = f"{house.url}/projects/{sample}/drafts/blog"
    page.goto(url)
    page.locator("summary", has_text="Download").click()
    shown = page.locator("#preview img").count()
    assert shown > 0
    with page.expect_download() as caught:
        page.get_by_role("link", name="Markdown").click()
    assert caught.value.suggested_filename.endswith(".md")
    markdown = caught.value.path().read_text()
    assert markdown.startswith("# ")
    assert "shot:" not in markdown
    assert "time:" not in markdown

    html = owner.get(f"{url}.html").text
    assert html.count('src="data:image/jpeg;base64,') == shown
    assert "<script" not in html
    assert "http://" not in html

    with zipfile.ZipFile(io.BytesIO(owner.get(f"{url}.zip").content)) as packed:
        assert packed.testzip() is None
        pictures = [name for name in packed.namelist() if name.endswith(".jpg")]
        assert len(pictures) == shown
        (text,) = [packed.read(n).decode() for n in packed.namelist() if n.endswith(".md")]
        for name in pictures:
            assert f"]({name.split('/', 1)[-1]})" in text or f"]({name})" in text
            assert packed.read(name).startswith(b"\xff\xd8")


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


def test_the_desk_works_by_keyboard_and_shows_where_one_is(
    house: House, sample: str, page: Page
) -> None:
    page.goto(f"{house.url}/projects/{sample}/drafts/blog")
    names: list[str] = []
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    while page.locator("#again:focus").count() == 0:
        page.keyboard.press("Tab")
        name, visible = page.evaluate(FOCUSED)
        assert visible, f"no sign of the focus on {name!r}"
        names.append(name)
        assert len(names) < 60, names
    for wanted in ("History", "Copy", "Download", "Done", "Title", "Text, in Markdown"):
        assert any(wanted in name for name in names), (wanted, names)
    page.locator("summary", has_text="Download").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Markdown")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Markdown")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Markdown")).to_be_hidden()
    expect(page.locator("summary", has_text="Download")).to_be_focused()


def test_a_draft_that_is_not_there_says_what_to_do(house: House, owner: httpx2.Client) -> None:
    project = bring(owner, "Nothing written")
    answer = owner.get(f"/projects/{project}/drafts/blog")
    assert answer.status_code == 404
    assert "not written yet" in answer.text
    until(lambda: house.job(newest_job(house, project, "ingest"))["completed_at"])
