"""What is decided on the desk with one press is taken back with another."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from draftmill.clock import now
from draftmill.drafts import parts, versions
from draftmill.evidence.blocks import hash_of
from tests.support.browser import signed_in, watched
from tests.support.draft_rows import Job, P, T, generate, save
from tests.support.still_desk import StillDesk, record, still_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillDesk]:
    with still_desk(tmp_path_factory.mktemp("back")) as desk:
        record(desk)
        yield desk


@pytest.fixture
def page(browser: Browser, desk: StillDesk) -> Iterator[Page]:
    with signed_in(browser, desk.house.owner) as context:
        yield watched(context)


def told(client: httpx2.Client, answer: httpx2.Response) -> tuple[str, str]:
    """The notice to which an answer leads, and where its Undo is posted."""
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    notice = page.partition('<div id="notice"')[2].partition("</button>")[0]
    words, undo = re.search("<p>(.*?)</p>", notice), re.search('action="([^"]+)"', notice)
    assert words and undo, notice
    return words[1], undo[1].replace("&amp;", "&")


def test_a_newer_version_is_declined_and_offered_again(desk: StillDesk) -> None:
    owner = desk.house.owner
    desk.written("One.")
    save(desk.db, "Mine.", desk.shown().tag)
    generate(desk.db, "newer", "Newer.")
    assert "Keep mine" in owner.get(desk.url).text
    words, undo = told(owner, owner.post(f"{desk.url}/versions/3/decline"))
    assert words == "Your text is kept."
    assert "Keep mine" not in owner.get(desk.url).text
    assert desk.shown().body == "Mine."
    assert owner.post(undo).status_code == 303
    assert "Keep mine" in owner.get(desk.url).text
    # A later one is offered although this one was declined.
    owner.post(f"{desk.url}/versions/3/decline")
    generate(desk.db, "newest", "Newest.")
    assert "Version 4 was generated" in owner.get(desk.url).text
    assert owner.post(f"{desk.url}/versions/2/decline").status_code == 404, "a person's"


def test_a_version_that_is_used_or_restored_is_told_with_the_way_back(desk: StillDesk) -> None:
    owner = desk.house.owner
    desk.written("One.")
    save(desk.db, "Mine.", desk.shown().tag)
    generate(desk.db, "used", "Newer.")
    words, undo = told(owner, owner.post(f"{desk.url}/versions/3/restore"))
    assert (words, desk.shown().body) == ("Version 3 is the draft now.", "Newer.")
    words, undo = told(owner, owner.post(undo))
    assert (words, desk.shown().body) == ("Version 4 is the draft now.", "Mine.")
    assert undo.endswith("/versions/3/restore?undoes=4")


@pytest.mark.parametrize(("verb", "words"), [("take?text=0", "Taken."), ("drop", "Removed.")])
def test_a_part_that_was_taken_or_dropped_is_offered_again(
    desk: StillDesk, verb: str, words: str
) -> None:
    owner = desk.house.owner
    desk.written("One.\n\nTwo.")
    # Within a spell of editing, too, there is a version to go back to.
    save(desk.db, "One.\n\nTwo, mine.", desk.shown().tag)
    asked = {"part": hash_of("Two, mine."), "old": "Two, mine.", "wish": "Shorter"}
    parts.offer(desk.db, Job("written-blog"), asked, ["2."], [{}])
    (offer,) = parts.offers_of(desk.db, P, T)
    said, undo = told(owner, owner.post(f"{desk.url}/parts/{offer.id}/{verb}"))
    assert said == words
    assert parts.offers_of(desk.db, P, T) == []
    assert owner.post(undo).status_code == 303
    assert parts.offers_of(desk.db, P, T) == [offer]
    assert desk.shown().body == "One.\n\nTwo, mine."


CHANGED = "Changed since: nothing was undone."


def test_an_undo_that_comes_too_late_undoes_nothing_and_says_so(
    desk: StillDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = desk.house.owner
    desk.written("One.")
    save(desk.db, "Mine.", desk.shown().tag)
    generate(desk.db, "late", "Newer.")
    _, undo = told(owner, owner.post(f"{desk.url}/versions/3/restore"))
    save(desk.db, "Newer, and mine.", desk.shown().tag)
    late = owner.post(undo)
    assert late.status_code == 409
    assert CHANGED in late.text
    assert desk.shown().body == "Newer, and mine."
    # What was typed on stands in the version itself while a spell of editing lasts.
    _, undo = told(owner, owner.post(f"{desk.url}/versions/1/restore"))
    n = desk.shown().n
    monkeypatch.setattr(versions, "now", lambda: now(1))  # a second goes by
    save(desk.db, "One, and mine.", desk.shown().tag, "Title written-blog", {"note": "Rough."})
    assert desk.shown().n == n
    assert owner.post(undo).status_code == 409
    assert desk.shown().body == "One, and mine."


def test_what_was_done_is_not_told_once_the_text_is_another(desk: StillDesk) -> None:
    owner = desk.house.owner
    desk.written("One.")
    save(desk.db, "Mine.", desk.shown().tag)
    generate(desk.db, "told", "Newer.")
    address = owner.post(f"{desk.url}/versions/3/restore").headers["location"]
    for _ in range(2):  # without a script it is told again by a reload, as long as it is so
        assert "Version 3 is the draft now." in owner.get(address).text
    save(desk.db, "Newer, and mine.", desk.shown().tag)
    assert "Version 3 is the draft now." not in owner.get(address).text


def test_a_part_is_not_taken_back_from_under_what_was_written_since(desk: StillDesk) -> None:
    owner = desk.house.owner
    desk.written("One.\n\nTwo.")
    asked = {"part": hash_of("Two."), "old": "Two.", "wish": "Shorter"}
    desk.db.execute("delete from draft_parts")
    parts.offer(desk.db, Job("written-blog"), asked, ["2."], [{}])
    (offer,) = parts.offers_of(desk.db, P, T)
    _, undo = told(owner, owner.post(f"{desk.url}/parts/{offer.id}/take?text=0"))
    save(desk.db, "One.\n\n2, mine.", None)
    late = owner.post(undo)
    assert (late.status_code, CHANGED in late.text) == (409, True)
    assert owner.post(undo.partition("&")[0]).status_code == 409, "of a version that nobody names"
    assert desk.shown().body == "One.\n\n2, mine."
    assert parts.offers_of(desk.db, P, T) == []


def test_what_was_done_is_told_once_and_no_more_to_who_writes_on(
    desk: StillDesk, page: Page
) -> None:
    desk.written("One.")
    save(desk.db, "Mine.", desk.shown().tag)
    generate(desk.db, "once", "Newer.")
    page.goto(desk.house.url + desk.url)
    notice = page.locator("#notice")
    page.get_by_role("button", name="Use it").click()
    expect(notice).to_contain_text("Version 3 is the draft now.")
    expect(page).to_have_url(desk.house.url + desk.url)
    page.locator("#body").press_sequentially("More. ")
    expect(notice).to_be_empty()
    expect(page.locator("[data-saved]")).to_have_text("Saved, version 4")
    page.reload()
    expect(page.locator("#body")).to_have_value(re.compile("More"))
    expect(notice).to_be_empty()


@pytest.mark.parametrize(
    "query",
    [
        "?shown=2",
        "?taken=1&before=1",
        "?shown=x&before=1",
        "?taken=1",
        "?dropped=",
        "?before=3",
        "?declined=-1",
    ],
)
def test_an_address_that_nobody_made_tells_nothing(desk: StillDesk, query: str) -> None:
    desk.written("One.")
    assert 'role="status"></div>' in desk.house.owner.get(desk.url + query).text


def test_looking_at_an_offer_unfolds_it_in_the_history(desk: StillDesk, page: Page) -> None:
    desk.written("One.")
    save(desk.db, "Mine.", desk.shown().tag)
    generate(desk.db, "look", "Newer words.")
    page.goto(desk.house.url + desk.url)
    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_text("Newer words.")).to_be_visible()
    expect(page.get_by_text("Mine.")).to_be_hidden()


def test_a_time_that_is_pressed_plays_on_the_desk(desk: StillDesk, page: Page) -> None:
    desk.written("One warm cache [0:02](time:2), and [0:04](time:4).")
    page.goto(desk.house.url + desk.url)
    recording = page.get_by_role("complementary", name="The recording")
    link = page.locator("#preview").get_by_role("link", name="0:04")
    link.focus()
    page.keyboard.press("Enter")
    expect(recording).to_be_visible()
    expect(recording.locator("video")).to_be_focused()
    page.wait_for_function("document.querySelector('#listen video').currentTime >= 4")
    page.keyboard.press("Escape")
    expect(recording).to_be_hidden()
    expect(link).to_be_focused()
    page.locator("#preview").get_by_role("link", name="0:02").click()
    expect(recording).to_be_visible()
    recording.get_by_role("button", name="Close").click()
    expect(recording).to_be_hidden()
    assert page.url == desk.house.url + desk.url
