"""Sentences, corrections and vocabulary for programs, on a house without workers."""

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from draftmill.accounts import tokens
from draftmill.database.connection import connect
from draftmill.drafts import editing
from tests.support.still_house import StillHouse, still_house
from tests.support.still_transcript import SAID, texts, transcribed, transcribed_again


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("transcripts")) as house:
        yield house


@pytest.fixture(scope="module")
def client(house: StillHouse) -> Iterator[httpx2.Client]:
    with closing(connect(house.settings.database)) as db:
        secret = tokens.add(db, 1, "a program")
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx2.Client(base_url=f"{house.url}/api/v1", headers=headers) as client:
        yield client


def test_a_sentence_is_edited_with_the_revision_that_it_was_read_at(
    house: StillHouse, client: httpx2.Client
) -> None:
    url = transcribed(house, "edited")
    page = client.get(f"{url}/segments", params={"limit": 2}).json()
    assert (page["revision"], page["next"]) == (0, 2)
    assert [one["text"] for one in page["items"]] == list(SAID[:2])
    rest = client.get(f"{url}/segments", params={"after": 2}).json()
    assert ([one["n"] for one in rest["items"]], rest["next"]) == ([3, 4], None)
    body = {"text": "Kubernetes is fast, and we like it.", "revision": 0}
    changed = client.patch(f"{url}/segments/2", json=body).json()
    assert (changed["revision"], changed["segment"]["heard"]) == (1, SAID[1])
    assert changed["everywhere"] == [
        {"heard": "Cooper Netties", "meant": "Kubernetes", "places": 2}
    ]
    refused = client.patch(f"{url}/segments/2", json={"text": "Something else.", "revision": 0})
    assert refused.status_code == 409
    told = refused.json()
    assert (told["code"], told["text"], told["revision"]) == ("stale_sentence", body["text"], 1)
    client.patch(f"{url}/segments/3", json={"text": "Somebody asked.", "revision": 0})
    kept = client.get(f"{url}/transcript/changes").json()["items"]
    assert [(one["kind"], one["was"]["text"]) for one in kept] == [
        ("sentence", SAID[2]),
        ("sentence", SAID[1]),
    ]
    undone = client.post(f"{url}/transcript/changes/{changed['change']}/undo").json()
    assert undone["undone_at"]
    assert texts(house, "edited")[1] == SAID[1]


def test_names_are_corrected_listed_and_removed(house: StillHouse, client: httpx2.Client) -> None:
    url = transcribed(house, "names")
    body = {"heard": "Cooper Netties", "meant": "Kubernetes"}
    made = client.post(f"{url}/corrections", json=body)
    assert (made.status_code, made.json()["places"]) == (201, 3)
    (one,) = client.get(f"{url}/corrections").json()["items"]
    assert (one["heard"], one["meant"]) == ("Cooper Netties", "Kubernetes")
    removed = client.delete(f"{url}/corrections/{one['id']}").json()
    assert texts(house, "names") == list(SAID)
    client.post(f"{url}/transcript/changes/{removed['change']}/undo")
    assert "Kubernetes" in texts(house, "names")[0]


def test_a_vocabulary_is_set_and_what_is_near_to_it_suggested(
    house: StillHouse, client: httpx2.Client
) -> None:
    url = transcribed(house, "near", ["A cubernetes cluster."])
    terms = client.put("/vocabulary", json={"terms": ["Kubernetes", "Mara Keller"]}).json()
    assert terms == client.get("/vocabulary").json() == {"terms": ["Kubernetes", "Mara Keller"]}
    assert client.get(f"{url}/suggestions").json()["items"] == [
        {"heard": "cubernetes", "meant": "Kubernetes", "places": 1}
    ]
    dismissed = {"heard": "cubernetes", "meant": "Kubernetes"}
    assert client.post(f"{url}/suggestions/dismiss", json=dismissed).status_code == 204
    assert client.get(f"{url}/suggestions").json()["items"] == []
    client.post(f"{url}/suggestions/dismiss", json={**dismissed, "dismissed": False})
    assert len(client.get(f"{url}/suggestions").json()["items"]) == 1
    refused = client.put("/vocabulary", json={"terms": ["..."]})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_vocabulary")
    assert client.get("/vocabulary").json() == terms
    assert client.put("/vocabulary", json={"terms": []}).json() == {"terms": []}


def test_an_edit_without_a_place_is_listed_applied_or_dropped(
    house: StillHouse, client: httpx2.Client
) -> None:
    url = transcribed(house, "left")
    for n in (2, 4):
        client.patch(f"{url}/segments/{n}", json={"text": f"Written anew, the sentence {n}."})
    transcribed_again(house, "left", ["Something.", "Or other.", "Was said.", "At last."])
    first, second = client.get(f"{url}/transcript/left").json()["items"]
    assert (first["heard"], first["text"]) == (SAID[1], "Written anew, the sentence 2.")
    assert first["segments"] == [{"n": 2, "text": "Or other."}]
    applied = client.post(f"{url}/transcript/left/{first['id']}/apply", json={"segment": 2}).json()
    assert applied["segment"]["text"] == texts(house, "left")[1] == first["text"]
    assert client.delete(f"{url}/transcript/left/{second['id']}").status_code == 204
    assert client.get(f"{url}/transcript/left").json()["items"] == []
    client.post(f"{url}/transcript/changes/{applied['change']}/undo")
    assert client.get(f"{url}/transcript/left").json()["items"] == [first]


def test_a_correction_is_applied_in_the_drafts_and_taken_back(
    house: StillHouse, client: httpx2.Client
) -> None:
    url = transcribed(house, "applied")
    with closing(connect(house.settings.database)) as db:
        editing.save(db, "applied", "blog", 1, "A title", "Cooper Netties is fast.", {}, "")
    client.post(f"{url}/corrections", json={"heard": "Cooper Netties", "meant": "Kubernetes"})
    (one,) = client.get(f"{url}/corrections").json()["items"]
    assert (one["places"], one["drafts"]) == (3, 1)
    applied = client.post(f"{url}/corrections/{one['id']}/drafts")
    assert [draft["type"] for draft in applied.json()["items"]] == ["blog"]
    assert client.get(f"{url}/drafts/blog").json()["body"] == "Kubernetes is fast."
    assert client.post(f"{url}/corrections/{one['id']}/drafts").json() == {"items": []}
    undone = client.post(f"{url}/corrections/drafts/undo", json=applied.json())
    assert undone.status_code == 204
    assert client.get(f"{url}/drafts/blog").json()["body"] == "Cooper Netties is fast."
    late = client.post(f"{url}/corrections/drafts/undo", json=applied.json())
    assert (late.status_code, late.json()["code"]) == (409, "draft_changed")
    assert client.post(f"{url}/corrections/99/drafts").status_code == 404
