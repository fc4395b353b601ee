"""What a draft shows of itself is counted, copied and taken away whole."""

import io
import re
import zipfile

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from draftmill.drafts.post_length import length
from tests.support.browser import FOCUSED, ready
from tests.support.house import SAMPLE, House, until

# What an editor for rich text would get.
PASTED = """async () => {
  const [item] = await navigator.clipboard.read();
  return await (await item.getType("text/html")).text();
}"""


@pytest.fixture(scope="module")
def sample(house: House, owner: httpx2.Client) -> str:
    """A project with pictures, and all four drafts."""
    project = house.upload(owner, SAMPLE, types=["blog", "newsletter", "twitter", "linkedin"])
    ready(house, project, "ingest", "blog", "newsletter", "twitter", "linkedin")
    return project


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
    expect(count).to_have_text("61 / 60, 1 too many")
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
    odd = "Café © ® at https://example.org/" + "a" * 300 + " 👩‍👩‍👧 日本"
    fields.last.fill(odd)
    expect(cards.last.locator("output")).to_have_text(f"{length(odd, 'x')} / 280")
    fields.last.fill("y" * 281)
    expect(cards.last.locator("output")).to_have_text("281 / 280, 1 too many")
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
    title = page.locator("#title").input_value()
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"# {title}\n\n")

    rich = page.evaluate(PASTED)
    assert "<h1" in rich and title in rich
    assert "data:image/jpeg;base64," in rich
    assert "class=" not in rich and "time:" not in rich and 'href="/' not in rich

    page.locator("summary", has_text="Download as").click()
    page.get_by_role("button", name="Copy as rich text").click()
    plain = f"{title}\n\n"
    until(lambda: page.evaluate("navigator.clipboard.readText()").startswith(plain))

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
    page.evaluate(
        "document.addEventListener('paste', (event) => { window.rich = event.clipboardData.getData('text/html'); })"
    )
    page.keyboard.press("Control+v")
    pasted = page.get_by_placeholder("What should be different?").input_value()
    assert body.split("\n")[0] in pasted
    assert "<p" in page.evaluate("window.rich")


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
    linked = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", markdown)
    assert len(linked) == shown
    assert all(owner.get(one).headers["content-type"] == "image/jpeg" for one in linked)
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download", exact=True).click()
    assert caught.value.suggested_filename.endswith(".zip")
    assert zipfile.is_zipfile(io.BytesIO(owner.get(f"{url}.docx").content))
    assert owner.get(f"{url}.txt").headers["content-type"].startswith("text/plain")

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
