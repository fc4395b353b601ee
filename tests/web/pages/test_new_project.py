"""The upload form in a real browser: what it takes, what it refuses itself, and leaving it."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect

from tests.support.browser import bring, signed_in, watched
from tests.support.house import House, opened, until
from tests.support.tus_client import Line, line_to, sha256
from tests.support.upload_page import PROJECT, halted, pick, recording, start, stored, waiting

MOST = 2_000_000
DROP = """([name, content]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(content)], name, { type: "audio/wav" }));
  const tell = (what) => document.body.dispatchEvent(
    new DragEvent(what, { dataTransfer: carried, bubbles: true, cancelable: true }));
  tell("dragover");
  const over = document.querySelector("[data-drop]").classList.contains("over");
  return [over, tell("drop")];
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    """A Draftmill that takes two megabytes."""
    environ = quiet | {"DRAFTMILL_MAX_UPLOAD": str(MOST), "DRAFTMILL_UPLOAD_SILENT_S": "60"}
    with opened(tmp_path_factory.mktemp("form") / "data", **environ) as running:
        yield running


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with line_to(house) as line:
        yield line


@pytest.fixture
def context(browser: Browser, owner: httpx2.Client) -> Iterator[BrowserContext]:
    with signed_in(browser, owner) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, house: House) -> Page:
    page = watched(context)
    page.goto(f"{house.url}/#new")
    return page


@pytest.fixture
def sent(page: Page) -> list[Request]:
    """What the page sends from now on."""
    sent: list[Request] = []
    page.on("request", lambda asked: sent.append(asked) if asked.method != "GET" else None)
    return sent


def test_a_dropped_file_is_listed_and_becomes_a_project(
    house: House, owner: httpx2.Client, page: Page, tmp_path: Path
) -> None:
    bring(owner, "What makes the list no longer empty")  # an empty one shows the form itself
    content = recording(tmp_path, 21, size=200_000).read_bytes()
    page.goto(house.url)
    expect(page.locator("#upload")).to_be_hidden()
    over, unhandled = page.evaluate(DROP, ["dropped.wav", list(content)])
    assert over, "nothing shows where to drop"
    assert not unhandled, "the browser would leave the page and open the file"
    expect(page.locator("#upload")).to_be_visible()
    expect(page.locator("[data-drop]")).not_to_have_class(re.compile("over"))
    expect(page.locator("[data-files] .name")).to_have_text("dropped.wav")
    start(page)
    page.wait_for_url(PROJECT)
    assert stored(house, page) == sha256(content)


def test_what_is_too_large_or_empty_is_refused_before_a_byte_is_sent(
    page: Page, sent: list[Request], tmp_path: Path
) -> None:
    large = recording(tmp_path, 22, "large.wav", MOST + 500_000)
    empty = tmp_path / "empty.wav"
    empty.touch()
    good = recording(tmp_path, 23, "good.wav", 100_000)
    items = pick(page, large, empty, good)
    expect(items.nth(0).locator(".why")).to_have_text(re.compile("the most is 2.0 MB"))
    expect(items.nth(1).locator(".why")).to_have_text(re.compile("This file is empty"))
    expect(items.nth(2).locator(".why")).to_have_count(0)
    start(page)
    expect(page.locator("[data-problems]")).to_have_text(re.compile("1 of 3 files were taken"))
    begun = [asked.headers.get("upload-length") for asked in sent if "/uploads" in asked.url]
    assert [length for length in begun if length] == [str(good.stat().st_size)]
    assert [asked.method for asked in sent if asked.url.endswith("/projects")] == ["POST"]
    expect(items.nth(0).locator(".why")).to_be_visible()
    expect(items.nth(1).locator(".why")).to_be_visible()


@pytest.mark.parametrize("use", ["Use the file", "Use the text"])
def test_of_a_file_and_a_text_the_person_says_which_counts(
    house: House, page: Page, sent: list[Request], tmp_path: Path, use: str
) -> None:
    pick(page, recording(tmp_path, 26 + len(use), f"{use}.wav", 200_000))
    page.get_by_text("Or bring a transcript").click()
    text = page.get_by_label("Or its text")
    text.fill(f"What was said before the words {use!r} were pressed.")
    start(page)
    expect(page.locator("[data-problems]")).to_contain_text("There is a file and a text.")
    assert not [asked for asked in sent if asked.method == "POST"]
    page.get_by_role("button", name=use).click()
    page.wait_for_url(PROJECT)
    row = house.one("select * from projects where id = ?", page.url.split("/")[4].split("?")[0])
    assert row
    assert row["source"] == ("media" if use == "Use the file" else "transcript")


@pytest.mark.parametrize("use", ["The file", "The text"])
def test_without_script_a_file_that_came_with_a_text_stays_until_one_of_them_is_chosen(
    browser: Browser, house: House, owner: httpx2.Client, tmp_path: Path, use: str
) -> None:
    path, said = recording(tmp_path, ord(use[-1]), size=150_000), f"Said instead: {use}."
    before = waiting(house)
    with signed_in(browser, owner, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{house.url}/#new")
        page.set_input_files("input[name=recording]", path)
        page.get_by_text("Or bring a transcript").click()
        page.get_by_label("Or its text").fill(said)
        start(page)
        expect(page.get_by_role("alert")).to_contain_text("There is a file and a text.")
        expect(page.get_by_label("Or its text")).to_have_value(said)
        page.get_by_role("radio", name=use).check()
        start(page)
        page.wait_for_url(PROJECT)
        row = house.one("select * from projects where id = ?", page.url.split("/")[4])
        assert row and row["source"] == ("media" if use == "The file" else "transcript")
        assert row["sha256"] == sha256(path.read_bytes() if use == "The file" else said.encode())
    assert waiting(house) == before


def test_several_files_share_a_title_with_a_number_each(
    house: House, page: Page, tmp_path: Path
) -> None:
    pick(page, *(recording(tmp_path, n, f"part{n}.wav", 100_000) for n in (41, 42)))
    page.locator("#upload [name=title]").fill("Offsite")
    start(page)
    page.wait_for_url(f"{house.url}/")
    rows = house.rows("select title from projects where file_name like 'part4%' order by n")
    assert [row["title"] for row in rows] == ["Offsite (1)", "Offsite (2)"]


def test_without_the_script_that_resumes_the_file_goes_with_the_form(
    house: House, page: Page, sent: list[Request], tmp_path: Path
) -> None:
    path = recording(tmp_path, 24, size=300_000)
    page.route("**/resume.*js", lambda route: route.abort())
    pick(page, path)
    start(page)
    page.wait_for_url(PROJECT)
    assert stored(house, page) == sha256(path.read_bytes())
    assert [asked.url for asked in sent] == [f"{house.url}/projects"]


def test_who_leaves_in_the_middle_of_an_upload_is_asked_first(
    house: House, owner: httpx2.Client, context: BrowserContext, line: Line, tmp_path: Path
) -> None:
    asked: list[str] = []
    page = watched(context)
    page.on("dialog", lambda dialog: answered(dialog, asked))
    page.goto(f"{line.url}/#new")
    items = halted(page, line, recording(tmp_path, 25, size=1_500_000), at=200_000)
    page.close(run_before_unload=True)
    until(lambda: page.evaluate("1") and asked, why="the question")
    assert asked == ["beforeunload"]
    expect(items.locator("progress")).to_be_visible()
    line.release()
    page.wait_for_url(PROJECT)
    assert asked == ["beforeunload"], "asked again when there was nothing to lose"
    assert waiting(house) == []


def answered(dialog: Dialog, asked: list[str]) -> None:
    """Stay on the page."""
    asked.append(dialog.type)
    dialog.dismiss()


def test_who_leaves_before_anything_is_sent_is_not_asked(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: answered(dialog, asked))
    pick(page, recording(tmp_path, 26, size=100_000))
    page.get_by_label("Title").click()  # a browser asks nobody who has touched nothing
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == []
