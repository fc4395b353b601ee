"""The page of a draft in a browser: what is typed, and the versions that come of it."""

import re

from playwright.sync_api import Page, expect

from tests.support.house import House

SAVED = re.compile(r"Saved, version \d+")


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
