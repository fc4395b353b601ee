"""Uploads in a real browser: they go on after every break, and never mix two files."""

import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import media_files, tus_client
from tests.support.browser import WORK_MS, signed_in, watched
from tests.support.house import House, opened, until
from tests.support.tus_client import Line, line_to, sha256
from tests.support.upload_page import PROJECT, halted, pick, recording, start, stored, waiting


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    """A Draftmill that takes a connection which stands still for a slow one."""
    folder = tmp_path_factory.mktemp("tus")
    with opened(folder / "data", **quiet, DRAFTMILL_UPLOAD_SILENT_S="60") as running:
        yield running


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with line_to(house) as line:
        yield line


@pytest.fixture
def context(browser: Browser, house: House, owner: httpx2.Client) -> Iterator[BrowserContext]:
    with signed_in(browser, owner) as context:
        yield context
    assert not list((house.data / "uploads").iterdir()), "something was left over"


@pytest.fixture
def page(context: BrowserContext, line: Line) -> Page:
    return opened_at(context, line)


def opened_at(context: BrowserContext, line: Line) -> Page:
    page = watched(context)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{line.url}/#new")
    return page


def remembered(page: Page) -> int:
    """How many uploads this browser would go on with."""
    found = page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('tus::')).length")
    return int(found)


def test_a_file_becomes_a_project(house: House, page: Page, tmp_path: Path) -> None:
    path = recording(tmp_path, 1)
    pick(page, path)
    start(page)
    page.wait_for_url(PROJECT)
    assert stored(house, page) == sha256(path.read_bytes())
    assert remembered(page) == 0


def test_the_bar_counts_bytes(house: House, page: Page, line: Line, tmp_path: Path) -> None:
    path = recording(tmp_path, 2, size=12_000_000)  # more than waits in buffers on the way
    items = halted(page, line, path)
    bar = items.locator("progress")
    assert bar.get_attribute("max") == str(path.stat().st_size)
    expect(items.locator(".state")).to_have_text(re.compile(r"\d\.\d MB of 12 MB"))
    assert 0 < float(bar.get_attribute("value") or 0) <= path.stat().st_size
    line.release()
    page.wait_for_url(PROJECT)


def test_a_line_that_breaks_again_and_again_loses_nothing(
    house: House, page: Page, line: Line, tmp_path: Path
) -> None:
    path = recording(tmp_path, 3)
    chance = random.Random(3)
    cuts = [chance.randrange(200_000, 900_000) for _ in range(4)]
    pick(page, path)
    line.cut()  # connections from before were not counted
    line.cut_after = lambda: cuts.pop() if cuts else tus_client.ENDLESS
    start(page)
    page.wait_for_url(PROJECT)
    assert not cuts
    assert stored(house, page) == sha256(path.read_bytes())


def test_a_lost_network_is_told_and_it_goes_on_by_itself(
    house: House, page: Page, line: Line, tmp_path: Path
) -> None:
    path = recording(tmp_path, 4)
    items = halted(page, line, path)
    line.breaks()
    expect(items.locator(".why")).to_have_text(re.compile("Connection lost. It goes on by itself"))
    line.mended()
    page.wait_for_url(PROJECT)
    assert stored(house, page) == sha256(path.read_bytes())


def test_after_a_reload_nothing_is_sent_again(
    house: House, page: Page, line: Line, tmp_path: Path
) -> None:
    path = recording(tmp_path, 5)
    halted(page, line, path, at=2_000_000)
    line.cut()
    page.reload()
    items = pick(page, path)
    expect(items.locator(".state")).to_have_text(re.compile("of 3.0 MB are here already"))
    row = house.one("select * from uploads where project_id is null")
    assert row
    assert row["synced_bytes"] >= 1_900_000
    before = line.passed
    start(page)
    page.wait_for_url(PROJECT)
    assert line.passed - before < row["length"] - row["synced_bytes"] + 200_000
    assert stored(house, page) == sha256(path.read_bytes())


def test_two_windows_with_the_same_file_make_one_project(
    house: House, context: BrowserContext, page: Page, line: Line, tmp_path: Path
) -> None:
    path = recording(tmp_path, 6)
    halted(page, line, path)
    other = opened_at(context, line)
    items = pick(other, path)
    start(other)
    expect(items.locator(".why")).to_have_text(re.compile("another window"))
    line.release()
    page.wait_for_url(PROJECT)
    other.wait_for_url(PROJECT)
    assert stored(house, page) == stored(house, other) == sha256(path.read_bytes())
    assert other.url.partition("?")[0] == page.url.partition("?")[0]


@pytest.mark.parametrize("where", ["its beginning", "its middle", "its end"])
def test_another_file_of_the_same_name_and_size_is_never_mixed_in(
    house: House, owner: httpx2.Client, page: Page, line: Line, tmp_path: Path, where: str
) -> None:
    seed = {"its beginning": 7, "its middle": 8, "its end": 9}[where]
    path = recording(tmp_path, seed)
    halted(page, line, path, at=2_000_000)
    line.cut()
    page.reload()
    began = path.read_bytes()
    content = bytearray(began)
    at = {"its beginning": 5_000, "its middle": 1_400_000, "its end": -5_000}[where]
    content[at : at + 100] = random.Random(at).randbytes(100)
    path.write_bytes(content)
    pick(page, path)
    start(page)
    page.wait_for_url(PROJECT)
    assert stored(house, page) == sha256(content)
    # What was begun waits for its own end, unless it was taken for this one until the end.
    for upload in waiting(house):
        assert began.startswith(tus_client.file_of(house, upload).read_bytes())
        assert owner.delete(upload, headers=tus_client.TUS).status_code == 204


def test_a_killed_server_costs_only_what_it_had_not_recorded(
    browser: Browser, quiet: dict[str, str], tmp_path: Path
) -> None:
    with (
        opened(tmp_path / "data", **quiet) as own,
        line_to(own) as line,
        closing(own.make_owner()) as client,
        signed_in(browser, client) as context,
    ):
        page = opened_at(context, line)
        path = recording(tmp_path, 10)
        halted(page, line, path)
        line.hold_after = 700_000
        page.evaluate("window.stayed = true")
        kept = 900_000
        line.breaks()
        until(lambda: synced(own) >= kept, why="what came to be recorded")
        kept = synced(own)
        line.hold_after = 700_000
        line.mended()
        until(lambda: line.held, why="the line to be held")
        own.kill()
        own.start()
        assert synced(own) == kept
        line.cut()
        page.wait_for_url(PROJECT, timeout=WORK_MS)
        assert stored(own, page) == sha256(path.read_bytes())
        assert not list((own.data / "uploads").iterdir())


def synced(house: House) -> int:
    row = house.one("select synced_bytes from uploads")
    return int(row["synced_bytes"]) if row else 0


def test_several_files_become_several_projects_and_a_refused_one_says_why(
    house: House, page: Page, tmp_path: Path
) -> None:
    diary = tmp_path / "diary.mp4"
    diary.write_bytes(b"Dear diary")
    first, second = recording(tmp_path, 11, "one.wav"), recording(tmp_path, 12, "two.wav")
    items = pick(page, first, diary, second)
    start(page)
    expect(page.locator("[data-problems]")).to_have_text(re.compile("2 of 3 files were taken"))
    expect(items.nth(0).locator(".state")).to_have_text("Uploaded")
    expect(items.nth(1).locator(".why")).to_have_text(re.compile("not an audio or video file"))
    expect(items.nth(2).locator(".state")).to_have_text("Uploaded")
    for path in (first, second):
        assert house.one("select 1 from projects where sha256 = ?", sha256(path.read_bytes()))


def test_a_cancelled_upload_goes_on_where_it_was_when_that_is_undone(
    house: House, page: Page, line: Line, tmp_path: Path
) -> None:
    path = recording(tmp_path, 13)
    items = halted(page, line, path)
    items.get_by_role("button", name="Cancel").click()
    expect(items.locator(".state")).to_have_text("Cancelled")
    undo = items.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    (upload,) = waiting(house)
    line.release()
    undo.press("Enter")
    page.wait_for_url("**/projects/*", timeout=WORK_MS)
    assert house.one("select 1 from projects where sha256 = ?", sha256(path.read_bytes()))
    row = house.one("select project_id from uploads where id = ?", upload.rpartition("/")[2])
    assert row
    assert row["project_id"]


def test_who_is_signed_out_meanwhile_is_told(
    house: House, owner: httpx2.Client, browser: Browser, line: Line, tmp_path: Path
) -> None:
    path = recording(tmp_path, 14)
    client = house.client()
    client.post("/login", data={"email": "mara@example.org", "password": "a long enough password"})
    with closing(client), signed_in(browser, client) as context:
        page = opened_at(context, line)
        halted(page, line, path)
        client.post("/logout")
        line.cut()
        expect(page.locator("[data-problems]")).to_have_text(
            re.compile("You are signed out"), timeout=WORK_MS
        )
    for upload in waiting(house):
        assert owner.delete(upload, headers=tus_client.TUS).status_code == 204


def test_the_digest_in_script_is_sha256(page: Page) -> None:
    assert media_files.folder().exists()
    for size in (0, 1, 55, 56, 63, 64, 65, 119, 120, 1_048_576, 1_048_577, 2_500_000):
        found = page.evaluate(
            """async (size) => {
              const { digest } = await import("/static/digest.js");
              return digest(new Blob([Uint8Array.from({ length: size }, (_, n) => n * 7 % 251)]));
            }""",
            size,
        )
        assert found == sha256(bytes(n * 7 % 251 for n in range(size)))
