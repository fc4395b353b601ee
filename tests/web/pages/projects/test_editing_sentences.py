"""A sentence edited in its place in a browser: keys, two tabs, and what happens when the server dies."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from draftmill.database.connection import connect, transaction
from draftmill.writers.material import load
from tests.support.axe import found_by_axe
from tests.support.browser import signed_in, watched
from tests.support.still_house import StillHouse, still_house
from tests.support.still_transcript import SAID, texts, transcribed

FIELD = ".edit-sentence textarea"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("editing")) as house:
        yield house


@pytest.fixture
def page(browser: Browser, house: StillHouse) -> Iterator[Page]:
    with signed_in(browser, house.owner) as context:
        yield watched(context)


def refuse(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_by_double_click_or_by_keys_saved_left_undone_and_corrected_everywhere(
    house: StillHouse, page: Page
) -> None:
    url = transcribed(house, "keys")
    page.goto(house.url + url)
    page.locator("#s4").dblclick()
    page.locator(FIELD).fill("So we measured it for two weeks.")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#s4")).to_have_text("So we measured it for two weeks.")
    expect(page.get_by_text("edited by you")).to_be_visible()
    expect(page.locator("#s4")).to_be_focused()
    page.locator("#notice").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#s4")).to_have_text(SAID[3])
    expect(page.locator("#s4")).to_be_focused()
    expect(page.get_by_text("edited by you")).to_have_count(0)

    page.locator("#s4").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#s3")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(FIELD).fill("Nobody asked.")
    page.keyboard.press("Escape")
    expect(page.locator("#s3")).to_have_text(SAID[2])
    page.locator("#notice").get_by_role("button", name="Undo").click()  # what was typed is not lost
    expect(page.locator(FIELD)).to_have_value("Nobody asked.")
    page.locator(FIELD).press("Escape")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert found_by_axe(page) == []
    page.locator(FIELD).fill("Kubernetes is fast, and we like it.")
    page.locator(FIELD).press("Enter")
    page.get_by_text("Everywhere (2 places)?").click()
    expect(page.locator(".places li")).to_have_count(2)
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Correct all 2").click()
    expect(page.locator("#notice")).to_contain_text("Corrected in 2 places.")
    assert "Kubernetes" in texts(house, "keys")[0]
    page.locator("#undo").click()  # what is told there now, not the edit that was told before
    expect(page.locator("#s1")).to_have_text(SAID[0])
    expect(page.locator("#s2")).to_have_text("Kubernetes is fast, and we like it.")


def test_any_sentence_takes_keys_once_it_was_clicked_or_has_the_focus(
    house: StillHouse, page: Page
) -> None:
    page.goto(house.url + transcribed(house, "any"))
    page.locator("#s2").press("Enter")
    expect(page.locator(FIELD)).to_have_value(SAID[1])
    page.keyboard.press("Escape")
    page.locator("#s4").click()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#s3")).to_be_focused()
    page.locator("#s1").click()
    page.keyboard.press("Enter")
    expect(page.locator(FIELD)).to_have_value(SAID[0])
    page.keyboard.press("Escape")
    expect(page.locator(".said[tabindex='0']")).to_have_count(1)


def test_a_sentence_that_was_hard_to_hear_is_not_once_a_person_wrote_it(
    house: StillHouse, page: Page
) -> None:
    url = transcribed(house, "doubtful")
    with closing(connect(house.settings.database)) as db, transaction(db):
        db.execute("update segments set flags = 'doubtful' where n = 3 and text = ?", (SAID[3],))
    page.goto(house.url + url)
    hard = page.locator("#s4.doubtful[title^='Hard to hear']")
    expect(hard).to_have_count(1)
    for words in ("So we measured.", "So we measured it twice."):
        page.locator("#s4").dblclick()
        page.locator(FIELD).fill(words)
        page.locator(FIELD).press("Enter")
        expect(page.get_by_text("edited by you")).to_be_visible()
        expect(hard).to_have_count(0)
        if words == "So we measured.":
            page.locator("#notice").get_by_role("button", name="Undo").click()
            expect(hard).to_have_text(SAID[3])
    page.reload()
    expect(page.locator("#s4")).to_have_text("So we measured it twice.")
    expect(hard).to_have_count(0)
    with closing(connect(house.settings.database)) as db:
        assert [said.text for said in load(db, "doubtful").trusted][3] == "So we measured it twice."


def test_what_is_being_saved_is_saved_and_its_mark_stands_there_once(
    house: StillHouse, page: Page
) -> None:
    url = transcribed(house, "slow")
    page.goto(house.url + url)
    held: list[Route] = []
    page.route("**/segments/3", lambda route: held.append(route))
    page.locator("#s3").dblclick()
    page.locator(FIELD).fill("Somebody asked.")
    page.locator(FIELD).press("Enter")
    page.locator(FIELD).press("Escape")
    expect(page.locator(".edit-sentence [role=alert]")).to_have_text("Saving…")
    held[0].continue_()
    page.unroute("**/segments/3")
    expect(page.locator("#notice")).to_contain_text("Edited.")
    expect(page.locator(FIELD)).to_have_count(0)
    expect(page.locator("#s3")).to_have_text("Somebody asked.")
    assert texts(house, "slow")[2] == "Somebody asked."
    page.locator("#s3").press("Enter")
    page.locator(FIELD).fill("Somebody asked it.")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#s3")).to_have_text("Somebody asked it.")
    expect(page.get_by_text("edited by you")).to_have_count(1)


def test_who_leaves_a_save_that_was_not_answered_is_told_so_and_finds_it_again(
    house: StillHouse, page: Page
) -> None:
    url = transcribed(house, "doubt")
    page.goto(house.url + url)
    page.route("**/segments/3", refuse)
    page.locator("#s3").dblclick()
    page.locator(FIELD).fill("Somebody asked.")
    page.locator(FIELD).press("Enter")
    expect(page.locator(".edit-sentence [role=alert]")).to_contain_text("does not answer")
    page.locator(FIELD).press("Escape")
    expect(page.locator("#notice")).to_contain_text("this may be saved. What you typed is kept")
    expect(page.locator("#s3")).to_be_focused()
    page.locator("#s3").press("Enter")
    expect(page.locator(FIELD)).to_have_value("Somebody asked.")
    page.locator(FIELD).press("Escape")
    page.goto(f"{house.url}/jobs")
    page.unroute("**/segments/3")
    page.get_by_role("link", name="Open it").click()
    expect(page.locator(FIELD)).to_have_value("Somebody asked.")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#notice")).to_contain_text("Edited.")
    assert texts(house, "doubt")[2] == "Somebody asked."


def test_what_is_typed_on_while_it_is_saved_stays_on_the_page_of_a_sentence(
    house: StillHouse, page: Page
) -> None:
    url = transcribed(house, "typed-on")
    page.goto(f"{house.url}{url}/segments/3")
    held: list[Route] = []
    page.route("**/segments/3", lambda route: held.append(route))
    revision = page.locator(".edit-sentence [name=revision]")
    before = revision.input_value()
    page.locator(FIELD).fill("Somebody asked.")
    page.locator(FIELD).press("Enter")
    page.locator(FIELD).fill("Somebody asked twice.")
    held[0].continue_()
    page.unroute("**/segments/3")
    expect(revision).not_to_have_value(before)
    expect(page.locator(FIELD)).to_have_value("Somebody asked twice.")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#s3")).to_have_text("Somebody asked twice.")
    assert texts(house, "typed-on")[2] == "Somebody asked twice."


def test_two_tabs_overwrite_nothing_and_both_texts_are_shown(house: StillHouse, page: Page) -> None:
    url = transcribed(house, "tabs")
    page.goto(house.url + url)
    page.locator("#s1").dblclick()
    page.locator(FIELD).fill("Welcome from here.")
    form = {"text": "Welcome from there.", "revision": "0"}
    house.owner.post(f"{url}/segments/1", data=form)
    page.locator(FIELD).press("Enter")
    told = page.locator(".edit-sentence [role=alert]")
    expect(told).to_contain_text("It says now: “Welcome from there.”")
    assert texts(house, "tabs")[0] == "Welcome from there."
    expect(told.locator("del")).to_contain_text("there")
    expect(told.locator("ins")).to_contain_text("here")
    expect(told).to_be_focused()
    page.keyboard.press("Enter")
    assert texts(house, "tabs")[0] == "Welcome from there."
    page.locator(FIELD).press("Enter")
    expect(told).to_contain_text("Choose “Save mine” or “Keep that” first.")
    assert found_by_axe(page) == []
    told.get_by_role("button", name="Keep that").click()
    expect(page.locator("#s1")).to_have_text("Welcome from there.")
    page.locator("#undo").click()
    expect(page.locator(FIELD)).to_have_value("Welcome from here.")
    page.locator(FIELD).press("Enter")
    told.get_by_role("button", name="Save mine").click()
    expect(page.locator("#s1")).to_have_text("Welcome from here.")
    assert texts(house, "tabs")[0] == "Welcome from here."


def test_what_is_typed_outlives_a_dead_server_and_a_dead_page(
    house: StillHouse, page: Page
) -> None:
    url = transcribed(house, "dead")
    page.goto(house.url + url)
    page.route("**/segments/*", refuse)
    page.locator("#s3").dblclick()
    page.locator(FIELD).fill("Somebody asked what it costs.")
    page.locator(FIELD).press("Enter")
    expect(page.locator(".edit-sentence [role=alert]")).to_contain_text("kept in this browser")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{house.url}/jobs")
    page.get_by_role("link", name="Open it").click()
    expect(page.locator(FIELD)).to_have_value("Somebody asked what it costs.")
    expect(page.locator(".edit-sentence [role=alert]")).to_contain_text("Restored what you typed")
    page.get_by_role("button", name="Drop it").click()
    expect(page.locator(FIELD)).to_have_value(SAID[2])
    page.locator("#undo").click()
    expect(page.locator(FIELD)).to_have_value("Somebody asked what it costs.")
    page.unroute("**/segments/*")
    page.locator(FIELD).press("Enter")
    expect(page.locator("#notice")).to_contain_text("Edited.")
    assert texts(house, "dead")[2] == "Somebody asked what it costs."
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('segments'))") == []
