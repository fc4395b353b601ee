"""Every change of a transcript in one list, and each taken back there."""

import re
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from draftmill.database.connection import connect
from draftmill.transcripts.chapter_edits import write_a_persons
from draftmill.transcripts.chapters import Chapter
from draftmill.transcripts.sentence_edits import save
from tests.support.axe import found_by_axe
from tests.support.browser import signed_in
from tests.support.still_house import StillHouse, still_house
from tests.support.still_transcript import SAID, texts, transcribed


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("changes")) as house:
        yield house


@pytest.fixture
def talk(still: StillHouse, request: pytest.FixtureRequest) -> str:
    """The address of a talk in two chapters."""
    name = re.sub(r"\W", "", request.node.name)
    url = transcribed(still, name)
    with closing(connect(still.settings.database)) as db:
        row = db.execute("select transcript_id from projects where id = ?", (name,)).fetchone()
        starts = db.execute("select start_s from segments order by window, n").fetchall()
        middle = starts[2]["start_s"]
        chapters = [Chapter(1, 0.0, middle, "One"), Chapter(2, middle, middle + 60, "Two")]
        write_a_persons(db, row["transcript_id"], chapters)
    return url


def changes(still: StillHouse, talk: str) -> list[str]:
    """What the list says of each change, the newest first, in plain words."""
    page = still.owner.get(f"{talk}/transcript/changes").text
    items = re.findall(r'<li id="change-\d+">(.*?)</li>', page, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", " ", re.sub(r"<time.*?</time>", "", item)) for item in items]
    return [" ".join(item.split()) for item in plain]


def test_every_kind_of_change_says_what_it_was_and_became(still: StillHouse, talk: str) -> None:
    def post(path: str, **form: str) -> None:
        assert still.owner.post(f"{talk}/{path}", data=form).status_code == 303

    post("segments/4", text="So we measured <b> it.")
    post("chapters/2/rename", title="The end")
    post("chapters/2/move", sentence="4")
    post("chapters/1/split", sentence="2", title="Middle")
    post("chapters/2/merge")
    post("chapters/1/delete")
    post("speakers/0", name="Ada")
    post("speakers/1/give", sentence="1", new="Bob")
    post("corrections", heard="cooper netties", meant="Kubernetes")
    told = changes(still, talk)
    assert [one.partition(" removed:")[0].partition(" added:")[0] for one in told] == [
        "Corrected in 3 places",
        "Who said one sentence",
        f"Speaker named, {len(SAID)} sentences",
        "Chapter 1 removed, its text is in the next one",
        "Chapter 3 removed, its text is in chapter 2",
        "Chapter 1 split",
        "Chapter 2 moved from 0:12 to 0:18 The end Changed again since",
        "Chapter 2 renamed",
        "Sentence 4 So we measured",
    ]
    assert "removed: cooper netties added: Kubernetes" in told[0]
    assert "added: Ada" in told[2]
    assert "added: &lt;b&gt;" in told[-1]
    page = still.owner.get(talk).text
    assert f'href="{talk}/transcript/changes"' in page


def test_a_speaker_called_as_another_is_merged_and_giving_needs_a_ticked_sentence(
    still: StillHouse, talk: str
) -> None:
    def post(path: str, **form: str) -> httpx2.Response:
        return still.owner.post(f"{talk}/speakers/{path}", data=form)

    assert "note=named" in post("0", name="Ada").headers["location"]
    refused = post("1/give", new="Bob")
    assert refused.status_code == 422
    assert "Tick a sentence first." in refused.text
    post("1/give", sentence="1", new="Bob")
    assert "note=merged" in post("2", name="Ada").headers["location"]


def test_the_last_chapter_goes_nowhere(still: StillHouse, talk: str) -> None:
    for _ in range(2):
        assert still.owner.post(f"{talk}/chapters/1/delete").status_code == 303
    last, first = changes(still, talk)
    assert last.startswith("Chapter 1 removed, the last one")
    assert first.startswith("Chapter 1 removed, its text is in the next one")


def test_only_what_still_stands_is_undone_and_the_list_comes_back(
    still: StillHouse, talk: str
) -> None:
    for text in ("First thought.", "Second thought."):
        still.owner.post(f"{talk}/segments/1", data={"text": text})
    newest, older = changes(still, talk)
    assert newest.endswith("Undo")
    assert older.endswith("Changed again since")
    page = still.owner.get(f"{talk}/transcript/changes").text
    (undo,) = re.findall(r'action="([^"]+/undo[^"]*)"', page)
    answer = still.owner.post(undo)
    assert answer.headers["location"].startswith(f"{talk}/transcript/changes")
    assert "Undone." in still.owner.get(answer.headers["location"]).text
    newest, older = changes(still, talk)
    assert newest.endswith("Undone")
    assert older.endswith("Undo")
    assert texts(still, talk.rpartition("/")[2])[0] == "First thought."


def test_many_changes_come_in_pages(still: StillHouse, talk: str) -> None:
    assert "Nothing was changed here yet." in still.owner.get(f"{talk}/transcript/changes").text
    with closing(connect(still.settings.database)) as db:
        for n in range(31):
            save(db, talk.rpartition("/")[2], 1, f"Thought {n}.")
    assert len(changes(still, talk)) == 30
    page = still.owner.get(f"{talk}/transcript/changes").text
    (older,) = re.findall(rf'href="({talk}/transcript/changes\?before=\d+)"', page)
    page = still.owner.get(older).text
    assert page.count('<li id="change-') == 1
    assert "before=" not in page


def test_the_list_is_for_everybody_and_keys_undo_what_was_done_just_now(
    browser: Browser, still: StillHouse, talk: str
) -> None:
    with signed_in(browser, still.owner) as context:
        page = context.new_page()
        page.goto(f"{still.url}{talk}")
        page.locator("a.change").nth(1).click()
        page.get_by_label("Chapter title").fill("The end")
        page.get_by_label("Chapter title").press("Enter")
        expect(page.locator("#notice")).to_contain_text("Renamed.")
        page.get_by_role("link", name="Changes").click()
        expect(page.locator("#main")).to_contain_text("Chapter 2 renamed")
        page.set_viewport_size({"width": 390, "height": 800})
        assert not found_by_axe(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.go_back()
        page.locator("a.change").nth(1).click()
        page.get_by_label("Chapter title").fill("The very end")
        page.get_by_label("Chapter title").press("Enter")
        expect(page.locator("#notice")).to_contain_text("Renamed.")
        page.keyboard.press("Control+z")
        expect(page.locator("#notice")).to_contain_text("Undone.")
        expect(page.locator("ol.chapters")).to_contain_text("The end")
