"""The upload form in a browser: a file picked, sent, halted and gone on with."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.support.house import House, until
from tests.support.tus_client import Line, sha256, sound

PROJECT = re.compile("/projects/")


def pick(page: Page, *paths: Path) -> Locator:
    """Choose files; the list of them."""
    page.set_input_files("input[name=recording]", list(paths))
    return page.locator("[data-files] li")


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def recording(folder: Path, seed: int, name: str = "talk.wav", size: int = 3_000_000) -> Path:
    path = folder / name
    path.write_bytes(sound(seed, size))
    return path


def stored(house: House, page: Page) -> str:
    """The hash of the recording of the project that the page shows, and of its row."""
    project = re.search(r"/projects/([0-9a-f-]{36})", page.url)
    assert project
    row = house.one("select * from projects where id = ?", project[1])
    assert row
    content = (house.data / "media" / row["id"] / row["file"]).read_bytes()
    assert sha256(content) == row["sha256"]
    return str(row["sha256"])


def halted(page: Page, line: Line, path: Path, at: int = 1_000_000) -> Locator:
    """An upload that stands still after about `at` bytes."""
    line.hold_after = at
    items = pick(page, path)
    start(page)
    until(lambda: line.held, why="the line to be held")
    return items


def waiting(house: House) -> list[str]:
    """The addresses of uploads that no project has taken."""
    rows = house.rows("select id from uploads where project_id is null")
    return [f"/uploads/{row['id']}" for row in rows]
