"""Sentences edited without script: by forms, on a house without workers."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from draftmill.database.connection import connect
from draftmill.drafts import editing
from tests.support.still_house import StillHouse, still_house
from tests.support.still_transcript import SAID, texts, transcribed, transcribed_again

JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("sentences")) as house:
        yield house


def edit(house: StillHouse, url: str, n: int, text: str, revision: int = 0, **headers: str):
    form = {"text": text, "revision": str(revision)}
    return house.owner.post(f"{url}/segments/{n}", data=form, headers=headers)


def test_a_form_edits_a_sentence_and_the_page_says_so_with_undo(house: StillHouse) -> None:
    url = transcribed(house, "form")
    form = house.owner.get(f"{url}/segments/4").text
    assert SAID[3] in form
    assert 'name="revision" value="0"' in form
    answer = edit(house, url, 4, "So we measured it for two weeks.")
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#s4")
    page = house.owner.get(answer.headers["location"]).text
    assert "Edited." in page
    assert "edited by you" in page
    assert f"Heard: {SAID[3]}" in page
    (undo,) = re.findall(rf'action="({url}/transcript/changes/\d+/undo)"', page)
    house.owner.post(undo)
    assert texts(house, "form") == list(SAID)
    assert "edited by you" not in house.owner.get(url).text


def test_a_misheard_name_is_offered_everywhere_with_its_places_and_corrected_when_asked(
    house: StillHouse,
) -> None:
    url = transcribed(house, "everywhere")
    answer = edit(house, url, 2, "Kubernetes is fast, and we like it.")
    page = house.owner.get(answer.headers["location"]).text
    assert "Everywhere (2 places)?" in page
    assert "what <mark>cooper netties</mark> costs." in page
    assert texts(house, "everywhere")[0] == SAID[0]
    form = {"heard": "Cooper Netties", "meant": "Kubernetes"}
    corrected = house.owner.post(f"{url}/corrections", data=form)
    assert "Corrected in 2 places." in house.owner.get(corrected.headers["location"]).text
    assert texts(house, "everywhere")[2] == "Nobody asked what Kubernetes costs."


@pytest.mark.parametrize(
    "text",
    [
        "Cooper Netties is fast, and we love it.",  # "like" is in no other sentence
        "Cooper Netties is quick, but we all like all of it, and more than that.",
        "Cooper Netties was fast, and we like it.",  # "is" is no name
    ],
)
def test_what_is_no_misheard_name_is_offered_nowhere(house: StillHouse, text: str) -> None:
    project = f"nowhere-{len(text)}"
    url = transcribed(house, project, [*SAID, "It is what it is."])
    answer = edit(house, url, 2, text)
    assert "Everywhere (" not in house.owner.get(answer.headers["location"]).text


def test_an_edit_of_an_older_text_shows_both_and_overwrites_nothing(house: StillHouse) -> None:
    url = transcribed(house, "stale")
    edit(house, url, 1, "Welcome to this talk.")
    refused = edit(house, url, 1, "Welcome to <my> talk.")
    assert refused.status_code == 409
    assert "Welcome to &lt;my&gt; talk." in refused.text
    assert 'It says now: <q dir="auto">Welcome to this talk.</q>' in refused.text
    assert '<del><span class="sr-only">removed: </span>this</del>' in refused.text
    assert '<ins><span class="sr-only">added: </span>&lt;my&gt;</ins>' in refused.text
    assert texts(house, "stale")[0] == "Welcome to this talk."
    assert 'name="revision" value="1"' in refused.text  # the same form saves it now
    edit(house, url, 1, "Welcome to <my> talk.", revision=1)
    assert texts(house, "stale")[0] == "Welcome to <my> talk."


def test_a_script_is_told_what_stands_there_now(house: StillHouse) -> None:
    url = transcribed(house, "script")
    saved = edit(house, url, 1, "Welcome to this talk.", **JSON).json()
    assert (saved["n"], saved["text"], saved["revision"]) == (1, "Welcome to this talk.", 1)
    assert (saved["heard"], saved["edited"]) == (SAID[0], True)
    refused = edit(house, url, 1, "Welcome.", **JSON)
    assert refused.status_code == 409
    assert refused.json()["present"]["text"] == "Welcome to this talk."
    assert house.owner.get(f"{url}/segments/1", headers=JSON).json()["text"] == saved["text"]
    assert edit(house, url, 1, " ", **JSON).json()["error"]["code"] == "bad_sentence"
    assert edit(house, url, 9, "x", **JSON).status_code == 404


def test_corrections_are_listed_with_counts_and_applied_in_drafts_with_undo(
    house: StillHouse,
) -> None:
    url = transcribed(house, "listed")
    with closing(connect(house.settings.database)) as db:
        editing.save(db, "listed", "blog", 1, "Cooper Netties", "It is Cooper Netties.", {}, None)
    form = {"heard": "Cooper Netties", "meant": "Kubernetes"}
    house.owner.post(f"{url}/corrections", data=form)
    page = house.owner.get(url).text
    assert "<small>3 places</small>" in page
    assert "Also in 1 draft: apply there" in page
    (apply,) = re.findall(rf'action="({url}/corrections/\d+/drafts)"', page)
    answer = house.owner.post(apply)
    page = house.owner.get(answer.headers["location"]).text
    assert "Corrected in one draft." in page
    assert "It is Kubernetes." in house.owner.get(f"{url}/drafts/blog").text
    (fields,) = re.findall(r'name="drafts" value="([^"]+)"', page)

    def undone() -> str:
        return house.owner.post(
            f"{url}/corrections/drafts/undo", data={"drafts": fields}, follow_redirects=True
        ).text

    assert "Undone." in undone()
    assert "It is Cooper Netties." in house.owner.get(f"{url}/drafts/blog").text
    assert "Changed since: nothing was undone." in undone()

    (remove,) = re.findall(rf'action="({url}/corrections/\d+/remove)"', page)
    removed = house.owner.post(remove)
    page = house.owner.get(removed.headers["location"]).text
    assert "Removed." in page
    assert texts(house, "listed") == list(SAID)
    (undo,) = re.findall(rf'action="({url}/transcript/changes/\d+/undo)"', page)
    house.owner.post(undo)
    assert "Kubernetes" in texts(house, "listed")[0]


def test_edits_without_a_place_in_a_new_transcript_are_shown_applied_dropped_and_back(
    house: StillHouse,
) -> None:
    url = transcribed(house, "left")
    edit(house, url, 2, "Kubernetes is <b>fast</b>, and we like it.")
    edit(house, url, 4, "So we measured it for two weeks.")
    assert "could not be carried over" not in house.owner.get(url).text
    again = [SAID[0], "Quite another thing was said.", SAID[2], "Nobody understood that."]
    transcribed_again(house, "left", again)
    assert f'2 of your edits could not be carried over. <a href="{url}/edits">' in (
        house.owner.get(url).text
    )
    page = house.owner.get(f"{url}/edits").text
    assert "Kubernetes is &lt;b&gt;fast&lt;/b&gt;, and we like it.</textarea>" in page
    assert 'It says now: <q dir="auto">Quite another thing was said.</q>' in page
    first, second = re.findall(rf'action="({url}/edits/\d+)/apply"', page)
    (revision,) = set(re.findall(r'name="revision" value="(\d+)"', page))
    form = {"text": "Kubernetes is fast.", "sentence": "2", "revision": revision}
    applied = house.owner.post(f"{first}/apply", data=form)
    assert "Edited." in house.owner.get(applied.headers["location"]).text
    assert texts(house, "left")[1] == "Kubernetes is fast."
    dropped = house.owner.get(house.owner.post(f"{second}/drop").headers["location"]).text
    assert "Dropped." in dropped
    assert "All of your edits stand in the transcript" in dropped
    house.owner.post(f"{second}/restore")
    assert "One of your edits could not be carried over" in house.owner.get(url).text
    edit(house, url, 4, "Written elsewhere meanwhile.", int(revision) + 1)
    stale = house.owner.post(f"{second}/apply", data={**form, "sentence": "4", "text": "Mine."})
    assert stale.status_code == 409
    assert "Mine.</textarea>" in stale.text
    assert "Written elsewhere meanwhile." in stale.text


def test_guessed_times_are_shown_nowhere(house: StillHouse) -> None:
    url = transcribed(house, "untimed")
    with closing(connect(house.settings.database)) as db:
        db.execute("update transcripts set warnings = '[\"estimated_times\"]'")
    try:
        around = house.owner.get(f"{url}/segments/2").text
        assert ">Sentence 3</a>" in around
        edited = edit(house, url, 1, "Welcome to a talk about Kubernetes.", **JSON).json()
        assert "Sentence 3</a>" in edited["everywhere"]
        transcribed_again(house, "untimed", ["Nothing of it.", *SAID[1:]])
        with closing(connect(house.settings.database)) as db:
            db.execute("update transcripts set warnings = '[\"estimated_times\"]'")
        left = house.owner.get(f"{url}/edits").text
        assert "You wrote" in left
        assert ">Edit 1</h2>" in left
        for page in (around, edited["everywhere"], left):
            assert not re.search(r">\d+:\d\d<", page)
    finally:
        with closing(connect(house.settings.database)) as db:
            db.execute("update transcripts set warnings = '[]'")
