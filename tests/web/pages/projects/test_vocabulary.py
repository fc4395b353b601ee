"""A user's names and terms on the pages: added, removed with undo, suggested and accepted."""

import re
from collections.abc import Iterator

import pytest

from tests.support.still_house import StillHouse, still_house
from tests.support.still_transcript import texts, transcribed


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("vocabulary")) as house:
        yield house


def test_names_are_added_on_the_account_page_and_removed_with_undo(house: StillHouse) -> None:
    client = house.owner
    added = client.post("/account/vocabulary", data={"terms": "Kubernetes\nMara <Keller>"})
    page = client.get(added.headers["location"]).text
    assert "Added to your vocabulary." in page
    assert "Mara &lt;Keller&gt;" in page
    removed = client.post("/account/vocabulary/remove", data={"term": "Kubernetes"})
    page = client.get(removed.headers["location"]).text
    assert "Removed." in page
    assert re.search(
        r'action="/account/vocabulary"[^>]*><input type="hidden" name="terms" value="Kubernetes">',
        page,
    )
    client.post("/account/vocabulary", data={"terms": "Kubernetes"})
    assert ">Kubernetes</span>" in client.get("/account").text
    refused = client.post("/account/vocabulary", data={"terms": "one two three four five"})
    assert refused.status_code == 422
    assert "is longer than a name" in refused.text
    assert "one two three four five</textarea>" in refused.text  # what was typed is not lost


def test_near_spellings_are_suggested_and_corrected_only_when_somebody_says_so(
    house: StillHouse,
) -> None:
    house.owner.post("/account/vocabulary", data={"terms": "Kubernetes"})
    said = ["A cubernetes cluster.", "Hello from Mara Kellar."]
    url = transcribed(house, "near", said, context="With Mara Keller.")
    assert f'hx-get="{url}/suggestions"' in house.owner.get(url).text
    piece = house.owner.get(f"{url}/suggestions", headers={"HX-Request": "true"}).text
    assert "may be misheard" in piece
    assert "<html" not in piece
    assert {"cubernetes", "Mara Kellar"} <= set(re.findall(r'<s dir="auto">([^<]+)</s>', piece))
    assert texts(house, "near") == said
    assert "Names that may be misheard" in house.owner.get(f"{url}/suggestions").text
    pair = {"heard": "Mara Kellar", "meant": "Mara Keller"}
    told = house.owner.post(f"{url}/suggestions/dismiss", data=pair, headers={"HX-Request": "true"})
    assert "Not suggested again in this project." in told.text
    assert "cubernetes" in told.text
    assert '<s dir="auto">Mara Kellar</s>' not in told.text
    page = house.owner.post(
        f"{url}/suggestions/dismiss", data=pair
    )  # a double click without script
    shown = house.owner.get(page.headers["location"]).text
    assert f'action="{url}/suggestions/restore"' in shown
    assert '<s dir="auto">Mara Kellar</s>' not in shown
    house.owner.post(f"{url}/suggestions/restore", data=pair)
    assert '<s dir="auto">Mara Kellar</s>' in house.owner.get(f"{url}/suggestions").text
    house.owner.post(f"{url}/corrections", data={"heard": "cubernetes", "meant": "Kubernetes"})
    assert texts(house, "near")[0] == "A Kubernetes cluster."
    assert "cubernetes" not in house.owner.get(f"{url}/suggestions").text


def test_a_transcript_that_is_brought_has_the_names_as_they_are_listed(house: StillHouse) -> None:
    house.owner.post("/account/vocabulary", data={"terms": "Draftmill"})
    form = {"transcript_text": "We use draft mill every day and it is good.", "title": "Brought"}
    brought = house.owner.post(
        "/projects", files={name: (None, value) for name, value in form.items()}
    )
    project = brought.headers["location"].split("/")[2].partition("?")[0]
    assert texts(house, project) == ["We use Draftmill every day and it is good."]
    assert "draft mill" in house.owner.get(f"/projects/{project}").text  # in the list, to remove
