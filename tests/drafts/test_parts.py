"""A part of a draft written again, offered beside the old one, taken or dropped."""

import json
import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import ARTICLE, bring, newest_job, ready, signed_in, watched
from tests.support.house import House
from tests.support.model_server import Exchange, ModelServer, answers
from tests.support.written_house import written_house

NEW = "Two thirds of the time were spent **waiting** for a cache that was never warm. [s2]"
TITLES = (
    '1. "One warm cache"\n2. Where forty minutes went [s1]\n- A build nobody owned\n4. One more'
)


def writes(exchange: Exchange) -> None:
    asked = exchange.request.asked
    text = ARTICLE
    if "Write one part of it again" in asked:
        text = "<b>One post</b> anew." if "Plain text: no Markdown" in asked else NEW
    if "Write other titles" in asked:
        text = TITLES
    if "SAY IT THRICE" in asked:
        text = "We built the whole queue in one weekend. It works. " * 3
    answers(text)(exchange)


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer(otherwise=writes) as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    with written_house(tmp_path_factory.mktemp("parts"), model) as running:
        yield running


@pytest.fixture(scope="module")
def draft(house: House, owner: httpx2.Client) -> str:
    """The address of an article's desk."""
    project = bring(owner, "In parts", "blog")
    ready(house, project, "blog")
    return f"/projects/{project}/drafts/blog"


def part_with(owner: httpx2.Client, draft: str, words: str) -> str:
    """The part's id, as the desk's form has it."""
    found = re.search(f'<option value="([^"]+)">{re.escape(words)}', owner.get(draft).text)
    assert found
    return found[1]


def written(house: House, owner: httpx2.Client, draft: str, **form: str) -> int:
    """Ask for a part; the number of what is offered."""
    answer = owner.post(f"{draft}/parts", data=form, headers={"HX-Request": "true"})
    assert (answer.status_code, "data-status" in answer.text) == (202, True), answer.text
    project = draft.split("/")[2]
    ready(house, project, "blog")
    row = house.one("select max(id) as id from draft_parts")
    assert row
    return int(row["id"])


def test_a_paragraph_is_offered_beside_the_old_one_and_taken(
    house: House, owner: httpx2.Client, draft: str, model: ModelServer
) -> None:
    before = owner.get(f"{draft}.md").text
    part = part_with(owner, draft, "Nobody owned the build")
    offer = written(house, owner, draft, part=part, wish="shorter")
    assert "about half the words" in model.requests[-1].asked
    assert owner.get(f"{draft}.md").text == before
    desk = owner.get(draft).text
    assert desk.count("Nobody owned the build, so nobody knew") > 2
    assert "Two thirds of the time were spent **waiting**" in desk
    assert "[s2]" not in desk
    assert f'<a class="time" href="{draft.rpartition("/drafts")[0]}?t=5#player">' in desk
    kept = house.one("select evidence from draft_parts order by id desc")
    assert kept
    (offered,) = json.loads(kept["evidence"])
    assert offered["blocks"]
    assert owner.post(f"{draft}/parts/{offer}/take?text=0").status_code == 303
    after = owner.get(f"{draft}.md").text
    assert "Two thirds of the time were spent **waiting**" in after
    assert "so nobody knew where the time went" not in after
    assert after.count("##") == before.count("##")
    shown = house.one("select evidence from draft_versions order by id desc")
    assert shown
    assert all(block in json.loads(shown["evidence"])["blocks"] for block in offered["blocks"])
    assert 'id="part-' not in owner.get(draft).text
    versions = owner.get(f"{draft}/versions").text
    assert "Version 2" in versions


def test_titles_are_several_and_free_words_are_followed(
    house: House, owner: httpx2.Client, draft: str, model: ModelServer
) -> None:
    offer = written(house, owner, draft, part="title", wish="", words="With the word cache")
    assert "With the word cache" in model.requests[-1].asked
    desk = owner.get(draft).text
    for title in ("One warm cache", "Where forty minutes went", "A build nobody owned"):
        assert f'dir="auto">{title}</p>' in desk
    assert "One more" not in desk
    assert owner.post(f"{draft}/parts/{offer}/take?text=2").status_code == 303
    assert owner.get(f"{draft}.md").text.startswith("# A build nobody owned")


def test_an_answer_that_is_no_text_is_refused_and_says_why(
    house: House, owner: httpx2.Client, draft: str, model: ModelServer
) -> None:
    before = house.one("select count(*) as n from draft_parts")
    part = part_with(owner, draft, "## What helped")
    form = {"part": part, "wish": "", "words": "SAY IT THRICE"}
    assert owner.post(f"{draft}/parts", data=form).status_code in (202, 303)
    job = house.ended(newest_job(house, draft.split("/")[2], "blog"))
    assert job["status"] == "failed"
    assert "three times" in job["error_message"]
    assert house.one("select count(*) as n from draft_parts") == before


def test_what_is_dropped_or_has_no_place_changes_nothing(
    house: House, owner: httpx2.Client, second: httpx2.Client, draft: str
) -> None:
    offer = written(house, owner, draft, part=part_with(owner, draft, "## What helped"), wish="")
    text = owner.get(f"{draft}.md").text
    assert second.post(f"{draft}/parts/{offer}/take").status_code == 404
    body = {"title": "Mine", "body": "All new.", "based_on": ""}
    based = owner.get(draft).text.partition('name="based_on" value="')[2].partition('"')[0]
    assert owner.post(draft, data=body | {"based_on": based}).status_code == 303
    assert owner.post(f"{draft}/parts/{offer}/take").status_code == 409
    assert owner.get(f"{draft}.md").text == "# Mine\n\nAll new.\n" != text
    assert owner.post(f"{draft}/parts/{offer}/drop").status_code == 303
    assert owner.post(f"{draft}/parts/{offer}/drop").status_code == 404
    gone = owner.post(f"{draft}/parts", data={"part": "none", "wish": "shorter"})
    assert gone.status_code == 409
    assert newest_job(house, draft.split("/")[2], "blog")


def test_a_part_whose_words_stand_in_an_earlier_one_is_replaced_where_it_stands(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, "Alike", "blog")
    ready(house, project, "blog")
    draft = f"/projects/{project}/drafts/blog"
    based = owner.get(draft).text.partition('name="based_on" value="')[2].partition('"')[0]
    body = "The cache was cold in winter, too.\n\nThe cache was cold\n\nThe end."
    saved = owner.post(draft, data={"title": "Alike", "body": body, "based_on": based})
    assert saved.status_code == 303
    part = part_with(owner, draft, "The cache was cold<")
    offer = written(house, owner, draft, part=part, wish="")
    assert owner.post(f"{draft}/parts/{offer}/take?text=0").status_code == 303
    first, second, third = owner.get(f"{draft}.md").text.split("\n\n")[1:]
    assert (first, third.strip()) == ("The cache was cold in winter, too.", "The end.")
    assert second.startswith("Two thirds of the time")


def test_in_a_browser_the_part_at_the_caret_is_chosen_and_offered_without_a_reload(
    house: House, owner: httpx2.Client, browser: Browser
) -> None:
    project = bring(owner, "At the caret", "blog")
    ready(house, project, "blog")
    with signed_in(browser, owner) as context:
        page = watched(context)
        page.goto(f"{house.url}/projects/{project}/drafts/blog")
        page.evaluate("window.stayed = true")
        page.locator("#body").click(position={"x": 60, "y": 12})
        page.locator("#body").press("Control+Home")
        expect(page.locator("#which-part option").first).to_have_text(
            "Nobody owned the build, so nobody knew where the time went."
        )
        page.get_by_role("button", name="For beginners").click()
        offer = page.locator(".part-offer")
        expect(offer.get_by_text("Two thirds of the time were spent")).to_be_visible()
        assert page.evaluate("window.stayed") is True
        offer.get_by_role("button", name="Take it").click()
        expect(page.locator("#body")).to_have_value(re.compile("^Two thirds of the time were"))
        page.locator("#notice").get_by_role("button", name="Undo").click()
        expect(page.locator("#body")).to_have_value(re.compile("^Nobody owned the build"))
        # What is typed on the way is a version first.
        page.locator("#body").press_sequentially("Typed. ")
        offer.get_by_role("button", name="Keep the old one").click()
        expect(page.locator("#notice")).to_contain_text("Removed.")
        expect(page.locator("#body")).to_have_value(re.compile("^Typed. Nobody owned the build"))
        expect(offer).to_have_count(0)
        page.locator("#notice").get_by_role("button", name="Undo").click()
        expect(offer).to_have_count(1)
