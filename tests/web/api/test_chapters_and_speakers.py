"""Chapters and speakers by the API: read, changed, and undone as other changes are."""

from typing import Any

import httpx2

from tests.support.api_programs import bring, problem

SRT = "\n".join(
    f"{n + 1}\n00:00:{5 * n:02d},000 --> 00:00:{5 * n + 4:02d},000\n{who}: Sentence {n}.\n"
    for n, who in enumerate(("Ada", "Bob", "Ada", "Bob"))
)


def talk(client: httpx2.Client, title: str) -> str:
    project: dict[str, Any] = bring(client, f"{SRT}\n9\n00:00:30,000 --> 00:00:32,000\n{title}.\n")
    return f"/projects/{project['id']}"


def test_speakers_are_named_merged_and_given_sentences(client: httpx2.Client) -> None:
    address = talk(client, "Speakers")
    found = client.get(f"{address}/speakers").json()["items"]
    assert [(one["n"], one["name"], one["source"]) for one in found] == [
        (1, "Ada", "label"),
        (2, "Bob", "label"),
    ]
    named = client.patch(f"{address}/speakers/1", json={"name": "Ada Byron"}).json()
    assert named["items"][0]["name"] == "Ada Byron"
    given = client.post(f"{address}/speakers/give", json={"sentences": [2], "name": "Eve"}).json()
    assert [one["name"] for one in given["items"]] == ["Ada Byron", "Eve", "Bob"]
    cut = {"sentences": [2], "of": 7, "name": "Eve"}
    problem(client.post(f"{address}/speakers/give", json=cut), 409, "stale_speakers")
    client.post(f"{address}/transcript/changes/{given['change']}/undo")
    merged = client.post(f"{address}/speakers/2/merge", json={"into": 1}).json()
    assert [one["name"] for one in merged["items"]] == ["Ada Byron"]
    said = client.get(f"{address}/segments").json()["items"]
    assert {one["speaker"] for one in said} == {"Ada Byron"}
    problem(client.patch(f"{address}/speakers/9", json={"name": "x"}), 404, "not_found")
    problem(client.patch(f"{address}/speakers/1", json={"name": " "}), 422, "bad_speaker")


def test_the_first_chapter_is_made_where_there_are_none_and_then_split(
    client: httpx2.Client,
) -> None:
    address = talk(client, "First")
    tag = client.get(f"{address}/chapters").json()["tag"]
    first = {"title": "All of it", "based_on": tag}
    made = client.post(f"{address}/chapters", json=first).json()
    (chapter,) = made["items"]
    assert (chapter["n"], chapter["title"], chapter["start_s"]) == (1, "All of it", 0)
    assert client.get(f"{address}/chapters").json()["items"] == made["items"]
    problem(client.post(f"{address}/chapters", json={"title": "Two"}), 422, "no_place_for_chapter")
    problem(client.post(f"{address}/chapters", json={"title": " "}), 422, "bad_chapter")
    split = client.post(f"{address}/chapters/1/split", json={"sentence": 3, "title": "The rest"})
    assert [one["title"] for one in split.json()["items"]] == ["All of it", "The rest"]
    client.post(f"{address}/transcript/changes/{split.json()['change']}/undo")
    client.post(f"{address}/transcript/changes/{made['change']}/undo")
    assert client.get(f"{address}/chapters").json()["items"] == []


def test_chapters_are_read_before_there_are_any_and_refuse_what_is_not_there(
    client: httpx2.Client,
) -> None:
    address = talk(client, "Chapters")
    none = client.get(f"{address}/chapters").json()
    assert none["items"] == []
    problem(client.patch(f"{address}/chapters/1", json={"title": "x"}), 404, "not_found")
    problem(client.patch(f"{address}/chapters/1", json={}), 422, "invalid")
    problem(
        client.post(f"{address}/chapters/1/merge", json={"based_on": "other"}),
        409,
        "stale_chapters",
    )
    cut = {"sentence": 2, "of": 7}
    problem(client.patch(f"{address}/chapters/1", json=cut), 409, "stale_chapters")
    problem(client.delete(f"{address}/chapters/1"), 404, "not_found")
