"""Chapters, speakers and screenshots changed in place, and without any script: by forms."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Route, expect

from draftmill.database.connection import connect
from draftmill.drafts import editing
from draftmill.transcripts.chapter_edits import write_a_persons
from draftmill.transcripts.chapters import Chapter
from tests.support.axe import found_by_axe
from tests.support.browser import signed_in
from tests.support.job_states import SAID, heard
from tests.support.still_house import StillHouse, still_house


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("panels")) as house:
        yield house


@pytest.fixture
def talk(still: StillHouse) -> str:
    """The address of a talk of two people in two chapters."""
    with closing(connect(still.settings.database)) as db:
        project = heard(db, "A talk")
        row = db.execute("select transcript_id from projects where id = ?", (project,)).fetchone()
        chapters = [Chapter(1, 0.0, 5.0, "One"), Chapter(2, 5.0, 15.0, "Two")]
        write_a_persons(db, row["transcript_id"], chapters)
        db.execute("update segments set speaker = case n when 0 then 'Ada' else 'Bob' end")
        db.execute(
            "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
            " values (?, 1, 5, 9, 'x.jpg', 640, 360)",
            (project,),
        )
    return f"/projects/{project}"


def test_a_new_chapter_is_begun_at_the_sentence_at_hand_and_a_first_one_where_none_is_left(
    still: StillHouse, talk: str
) -> None:
    panel = still.owner.get(f"{talk}/chapters?at=3").text
    assert re.search(r'<option value="3" selected>[^<]*One warm cache for all.', panel)
    assert panel.index('id="split-chapter"') < panel.index('id="rename-chapter"')
    assert 'id="rename-chapter"' in still.owner.get(f"{talk}/chapters?at=2").text  # begins one
    assert still.owner.get(f"{talk}/chapters?at=99").status_code == 404
    for _ in range(2):
        still.owner.post(f"{talk}/chapters/1/delete")
    assert f'href="{talk}/chapters" data-panel' in still.owner.get(talk).text
    assert "The first chapter" in still.owner.get(f"{talk}/chapters?at=3").text
    made = still.owner.post(f"{talk}/chapters", data={"title": "All of it"})
    page = still.owner.get(made.headers["location"]).text
    assert "The first chapter is made." in page
    assert '<h3 id="c1" dir="auto">All of it</h3>' in page
    assert "First chapter made" in still.owner.get(f"{talk}/transcript/changes").text


def test_without_script_forms_do_it_and_the_page_tells_how_to_undo(
    still: StillHouse, talk: str
) -> None:
    panel = still.owner.get(f"{talk}/chapters/2").text
    assert "Nobody had looked." in panel
    moved = {"sentence": "3", "of": panel.partition('name="of" value="')[2].partition('"')[0]}
    assert int(moved["of"]) > 2
    moved["of"] += "0"
    assert still.owner.post(f"{talk}/chapters/2/move", data=moved).status_code == 409
    renamed = still.owner.post(f"{talk}/chapters/2/rename", data={"title": "The end"})
    assert renamed.status_code == 303
    page = still.owner.get(renamed.headers["location"]).text
    assert "The end" in page
    assert "Renamed." in page
    change = renamed.headers["location"].rpartition("=")[2]
    assert f"{talk}/transcript/changes/{change}/undo" in page
    still.owner.post(f"{talk}/transcript/changes/{change}/undo")
    assert "The end" not in still.owner.get(talk).text
    still.owner.post(f"{talk}/speakers/2", data={"name": "<b>Eve", "was": "Bob"})
    assert "&lt;b&gt;Eve" in still.owner.get(talk).text
    assert "<v &lt;b&gt;Eve>" in still.owner.get(f"{talk}/transcript.vtt").text
    still.owner.post(f"{talk}/speakers/1/give", data={"sentence": ["1", "2"], "new": "Cleo"})
    assert "Cleo: We measured" in still.owner.get(f"{talk}/transcript.srt").text
    taken = still.owner.get(f"{talk}/transcript.json").json()
    assert [one["speaker"] for one in taken["segments"]] == ["Cleo", "Cleo", "<b>Eve"]
    assert [one["title"] for one in taken["chapters"]] == ["One", "Two"]
    stale = still.owner.post(f"{talk}/speakers/2", data={"name": "Ida", "was": "Bob"})
    assert stale.status_code == 409
    assert still.owner.get(f"{talk}/speakers/9").status_code == 404
    assert still.owner.get(f"{talk}/chapters/9").status_code == 404


def test_the_panel_opens_in_place_says_what_is_refused_and_closes_when_it_is_done(
    browser: Browser, still: StillHouse, talk: str
) -> None:
    with signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}{talk}")
        page.get_by_role("link", name="Edit chapter 2").click()
        panel = page.get_by_role("dialog")
        panel.get_by_label("Chapter title").fill(" - ")
        panel.get_by_role("button", name="Rename").click()
        expect(panel.get_by_role("alert")).to_contain_text("A chapter needs a title.")
        panel.get_by_label("Chapter title").fill("The end")
        page.reload()  # by accident, before anything was saved
        page.get_by_role("link", name="Open it").click()
        expect(panel.get_by_label("Chapter title")).to_have_value("The end")
        panel.get_by_role("button", name="Rename").click()
        expect(panel).to_be_hidden()
        expect(page.locator(".chapters")).to_contain_text("The end")
        expect(page.get_by_role("link", name="Edit chapter 2")).to_be_focused()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".chapters")).to_contain_text("Two")
        page.get_by_role("link", name="Bob").first.press("Enter")
        expect(panel.get_by_label("Name", exact=True)).to_be_focused()
        assert not found_by_axe(page)
        panel.get_by_label("Name", exact=True).fill("Robert")
        panel.get_by_role("button", name="Save name").click()
        expect(page.locator("a.speaker")).to_have_text(["Ada", "Robert"])
        expect(page.get_by_role("link", name="Robert").first).to_be_focused()
        page.get_by_role("link", name="Screenshot at 0:05").click()
        expect(panel.get_by_role("button", name="Copy link")).to_be_visible()
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


def test_what_was_typed_comes_back_after_escape_and_after_it_was_dropped(
    browser: Browser, still: StillHouse, talk: str
) -> None:
    with signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}{talk}")
        page.get_by_role("link", name="Edit chapter 2").click()
        panel, title = page.get_by_role("dialog"), page.get_by_label("Chapter title")
        title.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.locator("#notice")).to_be_empty()
        page.get_by_role("link", name="Edit chapter 2").click()
        title.fill("The end")
        title.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.locator("#notice")).to_contain_text("Not saved.")
        page.get_by_role("button", name="Undo").click()
        expect(title).to_have_value("The end")
        page.reload()
        page.get_by_role("button", name="Drop it").click()
        expect(page.locator(".unsaved")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        page.get_by_role("link", name="Open it").click()
        expect(title).to_have_value("The end")
        page.get_by_role("button", name="Rename").click()
        expect(page.locator(".chapters")).to_contain_text("The end")


def test_what_is_typed_and_sent_again_while_a_panel_is_saved_is_kept(
    browser: Browser, still: StillHouse, talk: str
) -> None:
    with signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}{talk}")
        asked: list[Route] = []
        page.route("**/rename", lambda route: asked.append(route))
        page.get_by_role("link", name="Edit chapter 2").click()
        title, rename = (
            page.get_by_label("Chapter title"),
            page.get_by_role("button", name="Rename"),
        )
        for typed in ("The end", "The end, and more", "The end, and more of it"):
            title.fill(typed)
            rename.click()
        asked[0].continue_()
        expect(page.locator(".chapters")).to_contain_text("The end")
        page.reload()
        page.get_by_role("link", name="Open it").click()
        expect(title).to_have_value("The end, and more of it")


def test_who_closes_a_panel_that_was_not_answered_is_told_so_and_finds_it_again(
    browser: Browser, still: StillHouse, talk: str
) -> None:
    with signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}{talk}")
        page.route("**/rename", lambda route: route.abort())
        page.get_by_role("link", name="Edit chapter 2").click()
        title = page.get_by_label("Chapter title")
        title.fill("The end")
        page.get_by_role("button", name="Rename").click()
        expect(page.get_by_role("dialog")).to_contain_text("The server did not answer.")
        title.press("Escape")
        expect(page.locator("#notice")).to_contain_text("this may be saved")
        page.unroute("**/rename")
        page.get_by_role("link", name="Edit chapter 2").click()
        expect(title).to_have_value("The end")
        page.get_by_role("button", name="Rename").click()
        expect(page.locator(".chapters")).to_contain_text("The end")
        page.reload()
        expect(page.locator("main h1")).to_be_visible()
        kept = "Object.keys(localStorage).filter(key => key.includes('open='))"
        assert page.evaluate(kept) == []


def test_a_screenshot_goes_into_a_draft_and_out_again(still: StillHouse, talk: str) -> None:
    draft, project = f"{talk}/drafts/blog", talk.rpartition("/")[2]
    with closing(connect(still.settings.database)) as db:
        editing.save(db, project, "blog", 1, "A title", SAID[1], {}, "")
    assert "Blog post" in still.owner.get(f"{talk}/screenshots/1/look").text
    form = {"type": "blog", "place": "end"}
    told = still.owner.get(
        still.owner.post(f"{talk}/screenshots/1/put", data=form).headers["location"]
    ).text
    assert "the screenshot is in it now" in told
    assert "shot:1" in still.owner.get(draft).text
    again = still.owner.post(f"{talk}/screenshots/1/put", data=form, headers={"HX-Request": "true"})
    assert "in it already" in again.text
    (undo,) = re.findall(rf'action="({draft}/versions/\d+/restore\?undoes=\d+)"', told)
    still.owner.post(undo)
    assert "shot:1" not in still.owner.get(draft).text
