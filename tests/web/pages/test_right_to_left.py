"""Hebrew and Arabic read from right to left wherever they stand, and no sheet knows left from right."""

import re

import httpx2
import pytest
from playwright.sync_api import Page

from tests.support.browser import ready
from tests.support.house import House
from tests.support.places import ROOT
from tests.support.projects import pasted

PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right)\b[^:]*|left|right|text-align: (?:left|right)\b)\s*[:;]"
)
TALKS = {
    "he": "בוקר טוב לכולם. היום נדבר על הבנייה שלנו. היא ארכה ארבעים דקות. עכשיו היא אורכת ארבע דקות.",
    "ar": "صباح الخير جميعا. سنتحدث اليوم عن البناء. كان يستغرق أربعين دقيقة. والآن يستغرق أربع دقائق.",
}
SIDES = """(words) => [...document.querySelectorAll(words)].filter((one) => one.checkVisibility())
  .map((one) => getComputedStyle(one).direction)"""


@pytest.mark.parametrize("sheet", sorted((ROOT / "static" / "style").glob("*.css")), ids=str)
def test_no_sheet_knows_left_from_right(sheet: object) -> None:
    text = (ROOT / str(sheet)).read_text(encoding="utf-8")
    assert [found.group() for found in PHYSICAL.finditer(text)] == []


@pytest.mark.parametrize("language", TALKS)
def test_a_project_and_its_draft_read_from_right_to_left(
    house: House, owner: httpx2.Client, page: Page, language: str
) -> None:
    talk = TALKS[language]
    project = pasted(owner, talk, title=talk.split(".")[0], types=["blog"])
    ready(house, project, "ingest", "blog")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    page.set_viewport_size({"width": 320, "height": 700})
    looked_at = {
        "/": f'a[href="/projects/{project}"] strong',
        f"/projects/{project}": ".transcript .chapter p, main h1",
        f"/projects/{project}/drafts/blog": "#title, #body, .crumbs a",
    }
    for address, words in looked_at.items():
        page.goto(house.url + address)
        sides = page.evaluate(SIDES, words)
        assert sides and set(sides) == {"rtl"}, address
        assert page.evaluate(wide) <= 0, f"{address} is scrolled sideways at 320 px"
