"""The desk's pen in a browser: formats by buttons and keys, chips over the text, pictures by choice."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import signed_in, watched
from tests.support.draft_rows import generate, save
from tests.support.markdown_documents import documents
from tests.support.still_desk import StillDesk, record, still_desk

TEXT = "One warm cache at [0:12](time:12).\n\n![it](shot:2)\n\nThe end.\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("pen")) as desk:
        record(desk)
        yield desk


@pytest.fixture
def page(browser: Browser, desk: StillDesk) -> Iterator[Page]:
    with signed_in(browser, desk.house.owner) as context:
        yield watched(context)


def chosen(page: Page, words: str) -> None:
    """Select these words of the text."""
    page.locator("#body").evaluate(
        "(field, words) => { field.focus(); const at = field.value.indexOf(words);"
        " field.setSelectionRange(at, at + words.length); }",
        words,
    )


def press(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def test_buttons_and_keys_write_markdown_and_undo_takes_it_back(
    desk: StillDesk, page: Page
) -> None:
    desk.written("One warm cache.\n\nThe end.")
    page.goto(desk.house.url + desk.url)
    body = page.locator("#body")
    chosen(page, "warm")
    press(page, "Bold")
    expect(body).to_have_value("One **warm** cache.\n\nThe end.")
    page.keyboard.press("Control+i")
    expect(body).to_have_value("One ***warm*** cache.\n\nThe end.")
    page.keyboard.press("Control+b")
    expect(body).to_have_value("One *warm* cache.\n\nThe end.")
    page.keyboard.press("Control+i")
    expect(body).to_have_value("One warm cache.\n\nThe end.")
    for _ in range(4):
        press(page, "Undo")
    expect(body).to_have_value("One warm cache.\n\nThe end.")
    for name, line in [("Heading", "## The end."), ("Heading", "### The end."), ("Heading", "The end."), ("List", "- The end."), ("List", "The end."), ("Quote", "> The end.")]:  # fmt: skip
        chosen(page, "The end.")
        press(page, name)
        expect(body).to_have_value(f"One warm cache.\n\n{line}")
    chosen(page, "cache")
    page.keyboard.press("Control+k")
    page.keyboard.type("https://example.org")
    expect(body).to_have_value("One warm [cache](https://example.org).\n\n> The end.")
    expect(page.locator("[data-saved]")).to_have_text("Saved, version 2")
    assert desk.shown().body == "One warm [cache](https://example.org).\n\n> The end."


@pytest.mark.parametrize(
    ("words", "name", "now", "again"),
    [
        ("first\n\nsecond", "Bold", "**first**\n\n**second**", "first\n\nsecond"),
        ("- one\n- two", "Bold", "- **one**\n- **two**", "- one\n- two"),
        ("> 1. one\n> 2. two", "Italic", "> 1. *one*\n> 2. *two*", "> 1. one\n> 2. two"),
        ("## head", "Italic", "## *head*", "## head"),
        ("**a** and **b**", "Bold", "**a and b**", "a and b"),
        ("*a* and **b**", "Italic", "*a and **b***", "a and **b**"),
        ("2 * 3 `**` x", "Bold", "**2 * 3 `**` x**", "2 * 3 `**` x"),
        ("a\n\n![it](shot:2)\n\nb", "Bold", "**a**\n\n![it](shot:2)\n\n**b**", "a\n\n![it](shot:2)\n\nb"),
        ("2**10 or 5*3", "Bold", "**2**10 or 5*3**", "2**10 or 5*3"),
        ("x is undefined", "Quote", "> x is undefined", "x is undefined"),
        ("#tag line", "Heading", "## #tag line", "### #tag line"),
        ("1. x\n2. y", "List", "- x\n- y", "x\ny"),
    ],
)  # fmt: skip
def test_a_format_keeps_to_what_markdown_can_carry_and_the_same_press_takes_it_back(
    desk: StillDesk, page: Page, words: str, name: str, now: str, again: str
) -> None:
    desk.written(words)
    page.goto(desk.house.url + desk.url)
    chosen(page, words)
    press(page, name)
    expect(page.locator("#body")).to_have_value(now)
    press(page, name)
    expect(page.locator("#body")).to_have_value(again)


def test_marks_are_chips_that_go_as_one_and_the_text_stays_to_the_letter(
    desk: StillDesk, page: Page
) -> None:
    desk.written(TEXT)
    page.goto(desk.house.url + desk.url)
    body, faces = page.locator("#body"), page.locator(".layer .face")
    expect(faces).to_have_text(["0:12", "it"])
    expect(faces.locator("img")).to_have_count(1)
    expect(body).to_have_value(TEXT)
    # The chip lies over its mark, and hides it.
    mark = page.locator(".layer .over").first.bounding_box()
    assert mark
    page.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    assert page.evaluate("getSelection().toString()") == "[0:12](time:12)"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Backspace")
    expect(body).to_have_value(TEXT.replace("[0:12](time:12)", ""))
    press(page, "Undo")
    expect(body).to_have_value(TEXT)
    press(page, "Markdown")
    expect(faces).to_have_count(0)
    press(page, "Markdown")
    expect(faces).to_have_count(2)


def test_pictures_are_put_in_changed_and_described(desk: StillDesk, page: Page) -> None:
    desk.written("One.\n\nTwo.\n")
    page.goto(desk.house.url + desk.url)
    body, strip = page.locator("#body"), page.locator(".strip")
    press(page, "Picture")
    chosen(page, "One.")
    page.keyboard.press("ArrowRight")
    strip.get_by_role("button", name="0:12").click()
    expect(body).to_have_value("One.\n\n![](shot:2)\n\nTwo.\n")
    # The next one comes behind it; in its place only where it is chosen.
    expect(page.locator("[data-chosen]")).to_be_visible()
    strip.get_by_role("button", name="0:05").click()
    expect(body).to_have_value("One.\n\n![](shot:2)\n\n![](shot:1)\n\nTwo.\n")
    page.get_by_role("button", name="Earlier").click()
    expect(page.locator(".picture")).to_contain_text("Picture at 0:04, not in the text yet")
    press(page, "Undo")
    chosen(page, "![](shot:2)")
    expect(strip.locator("[data-picture='2']")).to_have_attribute("aria-pressed", "true")
    strip.get_by_role("button", name="0:20").click()
    expect(body).to_have_value("One.\n\n![](shot:3)\n\nTwo.\n")
    page.get_by_label("What it shows").fill("The graph")
    page.keyboard.press("Enter")
    expect(body).to_have_value("One.\n\n![The graph](shot:3)\n\nTwo.\n")
    expect(page.locator("#preview img")).to_have_attribute("alt", "The graph")
    # What is between two screenshots comes from the recording itself, and gets a number of its own.
    page.get_by_role("button", name="Earlier").click()
    page.get_by_role("button", name="Earlier").click()
    expect(page.locator("[data-large]")).to_have_attribute("src", re.compile("/frames/4$"))
    expect(page.locator(".picture")).to_contain_text("Picture at 0:04, not in the text yet")
    page.get_by_role("button", name="Later").click()
    page.get_by_role("button", name="Use this picture").click()
    expect(body).to_have_value("One.\n\n![The graph](shot:4)\n\nTwo.\n")
    expect(strip.get_by_role("button")).to_have_count(4)
    expect(page.locator("#preview img")).to_have_attribute("src", re.compile("/screenshots/4$"))


def test_who_types_on_after_a_picture_keeps_it_and_esc_leads_back(
    desk: StillDesk, page: Page
) -> None:
    desk.written("One.\n\nTwo.\n")
    page.goto(desk.house.url + desk.url)
    body, strip, notice = page.locator("#body"), page.locator("#pictures"), page.locator("#notice")
    chosen(page, "One.")
    page.keyboard.press("ArrowRight")
    press(page, "Picture")
    strip.get_by_role("button", name="0:12").click()
    expect(page.locator("[data-chosen]")).to_be_visible()
    page.keyboard.type("a")
    expect(body).to_have_value("One.\n\n![](shot:2)a\n\nTwo.\n")
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    expect(body).to_be_focused()
    # Chosen again it opens, and goes with the line that it would leave empty.
    chosen(page, "![](shot:2)")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(body).to_have_value("One.\n\nTwo.\n")
    expect(body).to_be_focused()
    expect(notice).to_contain_text("Removed.")
    notice.get_by_role("button", name="Undo").click()
    expect(body).to_have_value("One.\n\n![](shot:2)\n\nTwo.\n")
    expect(notice).to_be_empty()
    # By keys: the button that opened the strip has the focus again, and no word is lost on the way.
    chosen(page, "![](shot:2)")
    expect(page.locator("[data-chosen]")).to_be_visible()
    page.keyboard.press("Escape")
    picture = page.get_by_role("toolbar").get_by_role("button", name="Picture")
    picture.focus()
    page.keyboard.press("Enter")
    page.get_by_label("What it shows").fill("The graph")
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    expect(picture).to_be_focused()
    expect(body).to_have_value("One.\n\n![The graph](shot:2)\n\nTwo.\n")


def test_a_removed_picture_comes_back_where_it_was_and_takes_nothing_else_along(
    desk: StillDesk, page: Page
) -> None:
    text = "One.\n\n![it](shot:2)\n\nTwo.\n"
    desk.written(text)
    page.goto(desk.house.url + desk.url)
    body, title, notice = page.locator("#body"), page.locator("#title"), page.locator("#notice")

    def remove() -> None:
        chosen(page, "![it](shot:2)")
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(body).to_have_value("One.\n\nTwo.\n")

    # Whatever was typed last is in the browser's own Undo, and stays.
    title.press_sequentially("So ")
    remove()
    page.evaluate(
        """() => {
            const title = document.getElementById("title");
            title.addEventListener("input", (event) => event.stopPropagation(), { once: true });
            title.focus();
            document.execCommand("insertText", false, "!");
        }"""
    )
    notice.get_by_role("button", name="Undo").click()
    expect(body).to_have_value(text)
    expect(title).to_have_value(re.compile("!"))
    remove()
    title.press("End")
    title.press_sequentially("?")
    expect(notice).to_be_empty()


def test_on_a_phone_a_text_is_read_first_and_edited_on_demand(desk: StillDesk, page: Page) -> None:
    desk.written(TEXT)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(desk.house.url + desk.url)
    expect(page.get_by_role("tab", name="Read")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#body")).to_be_hidden()
    page.get_by_role("tab", name="Edit").click()
    expect(page.locator("#body")).to_be_visible()
    expect(page.locator("#preview")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#preview")).to_be_visible()


def test_the_chips_change_no_letter_of_fifty_documents(desk: StillDesk, page: Page) -> None:
    desk.written("One.")
    page.goto(desk.house.url + desk.url)
    changed = page.evaluate(
        """documents => documents.filter(text => {
            const field = document.getElementById('body');
            field.focus();
            field.value = text;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            const layer = document.querySelector('[data-chips]').cloneNode(true);
            layer.querySelectorAll('.face').forEach(face => face.remove());
            const drawn = layer.textContent;
            return field.value !== text || (drawn && drawn !== text + '\\u200b');
        })""",
        documents(),
    )
    assert changed == []


def test_posts_are_split_merged_and_removed_and_each_is_taken_back(
    desk: StillDesk, page: Page
) -> None:
    texts = ["We cut our build. Nobody had looked.", "One warm cache.", "The end."]
    desk.written(json.dumps(texts), "twitter")
    page.goto(desk.house.url + desk.url.replace("blog", "twitter"))
    fields, did = page.locator("[name=post]"), page.locator("[data-did]")

    def shown() -> list[str]:
        return [field.input_value() for field in fields.all()]

    def press(n: int, name: str) -> None:
        page.locator(".post").nth(n).get_by_role("button", name=name).click()

    expect(page.locator(".post").first).to_contain_text("Mara Keller")
    expect(page.locator(".post").first).to_contain_text("1/3")
    for n, name, told, now in (
        (0, "Split", "Split.", ["We cut our build.", "Nobody had looked.", *texts[1:]]),
        (1, "Merge", "Merged.", [texts[0], "One warm cache.\n\nThe end."]),
        (1, "Remove", "Removed.", [texts[0], texts[2]]),
        (2, "Move up", "Moved.", [texts[0], texts[2], texts[1]]),
    ):
        press(n, name)
        assert shown() == now
        expect(did).to_contain_text(told)
        did.get_by_role("button", name="Undo").click()
        assert shown() == texts
    # What was removed before that comes back by a second Undo, each time to where the reader is led.
    press(1, "Remove")
    press(1, "Remove")
    expect(did).to_contain_text("Removed. It was post 2 of 2.")
    for n, now in ((1, [texts[0], texts[2]]), (1, texts)):
        did.get_by_role("button", name="Undo").click()
        assert shown() == now
        expect(fields.nth(n)).to_be_focused()
    expect(did).to_be_hidden()
    # What is typed since is not lost with a whole that is put back; a post is still restored.
    press(0, "Split")
    press(3, "Remove")
    fields.nth(1).press_sequentially(" ")
    did.get_by_role("button", name="Undo").click()
    assert len(shown()) == 4
    expect(did).to_be_hidden()
    press(0, "Merge")
    fields.first.fill(texts[0])
    expect(did).to_be_hidden()
    press(2, "Remove")
    expect(page.locator("[data-saved]")).to_have_text("Saved, version 2")
    assert desk.shown("twitter").posts == texts[:2]
    page.set_viewport_size({"width": 390, "height": 800})
    expect(fields.first).not_to_be_editable()
    page.get_by_role("tab", name="Edit").click()
    expect(fields.first).to_be_editable()


@pytest.mark.parametrize(
    "parts",
    [
        ["Nobody had looked", "at all of it all day"],
        ["Nobody had looked.", "Nobody. Not us!"],
        ["今日は話します。", "明日も話します。"],
        ["\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f600\U0001f600\U0001f600"],
        ["一二三", "四五六"],
    ],
)
def test_a_post_is_split_where_no_word_and_no_letter_is_cut(
    desk: StillDesk, page: Page, parts: list[str]
) -> None:
    spaced = parts[0].isascii()
    desk.written(json.dumps([(" " if spaced else "").join(parts)]), "twitter")
    page.goto(desk.house.url + desk.url.replace("blog", "twitter"))
    page.locator(".post").get_by_role("button", name="Split").click()
    fields = page.locator("[name=post]")
    expect(fields.nth(1)).to_have_value(parts[1])
    expect(fields.nth(0)).to_have_value(parts[0])


def test_an_offer_shows_what_differs_on_the_desk_and_a_part_of_it_is_taken(
    desk: StillDesk, page: Page
) -> None:
    desk.written("One.\n\nTwo.")
    save(desk.db, "One.\n\nTwo, mine.", desk.shown().tag, "Title written-blog")
    generate(desk.db, "offer", "One.\n\nTwo.\n\nThree, and new.")
    page.goto(desk.house.url + desk.url)
    offer = page.locator(".offered")
    offer.get_by_role("link", name="What differs").click()
    expect(offer.locator("ins").last).to_contain_text("Three, and new.")
    # What is typed meanwhile is saved first.
    page.locator("#body").fill("One, typed.\n\nTwo, mine.")
    offer.locator("li").filter(has_text="Three, and new.").get_by_role("button").click()
    expect(page.get_by_role("heading", name="What differs")).to_be_visible()
    expect(page.locator("#notice")).to_contain_text("Taken.")
    assert desk.shown().body == "One, typed.\n\nTwo, mine.\n\nThree, and new."
    page.locator("#notice").get_by_role("button", name="Undo").click()
    expect(page.locator("#body")).to_have_value("One, typed.\n\nTwo, mine.")
