"""Drafts by the API: read, and saved so that no text is lost."""

import json
import sqlite3
from typing import Any

import httpx2

from draftmill.drafts import parts, versions
from draftmill.drafts.versions import Text
from draftmill.evidence import records
from draftmill.evidence.blocks import hash_of
from tests.support.api_programs import (
    of_type,
    problem,
    written,
)
from tests.support.draft_rows import Job


def test_a_text_is_saved_as_a_version(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    address = f"/projects/{project['id']}/drafts/blog"
    problem(client.get(address), 404, "not_found")
    problem(client.put(address, json={"body": "x"}, headers={"If-Match": "*"}), 404, "not_found")
    written(db, project)
    (listed,) = client.get(f"/projects/{project['id']}/drafts").json()["items"]
    shown = client.get(address)
    assert shown.json() == listed
    assert (listed["title"], listed["body"], listed["author"]) == (
        "A title",
        "Some text.",
        "writer",
    )
    etag = shown.headers["etag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    saved = client.put(address, json={"body": "Mine."}, headers={"If-Match": etag})
    assert saved.status_code == 200
    assert (saved.json()["body"], saved.json()["title"]) == ("Mine.", "A title")
    assert (saved.json()["author"], saved.json()["version"]) == ("person", 2)
    assert client.get(address).headers["etag"] == saved.headers["etag"] != etag


def test_a_text_made_from_an_older_one_is_kept_beside_the_present_one(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog"
    etag = client.get(address).headers["etag"]
    client.put(address, json={"body": "Mine."}, headers={"If-Match": etag})
    stale = client.put(address, json={"body": "Late."}, headers={"If-Match": etag})
    told = problem(stale, 409, "stale_base")
    assert client.get(address).json()["body"] == "Mine."
    kept = versions.version(db, project["id"], "blog", told["kept_version"])
    assert (kept.body, told["current_version"]) == ("Late.", 2)
    forced = client.put(address, json={"body": "Late."}, headers={"If-Match": "*"})
    assert forced.json()["body"] == "Late."


def test_a_save_says_what_it_was_made_from_and_has_the_right_shape(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog"
    problem(client.put(address, json={"body": "x"}), 428, "if_match_required")
    any_ = {"If-Match": "*"}
    problem(client.put(address, json={"body": ["x"]}, headers=any_), 422, "bad_draft")
    problem(client.put(address, json={"title": "x"}, headers=any_), 422, "invalid")
    long = {"body": "x" * 1_000_001}
    problem(client.put(address, json=long, headers=any_), 422, "draft_too_long")
    other = f"/projects/{project['id']}/drafts/poem"
    problem(client.get(other), 404, "not_found")
    assert client.get(address).json()["version"] == 1


def test_versions_are_compared_and_one_place_or_all_is_taken(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog"
    mine = {"body": "Some other text.\n\nThe end.", "title": "Another title"}
    client.put(address, json=mine, headers={"If-Match": "*"})
    page = client.get(f"{address}/versions", params={"limit": 1}).json()
    (newest,) = page["items"]
    assert (newest["version"], newest["based_on"], newest["current"]) == (2, 1, True)
    (first,) = client.get(f"{address}/versions", params={"cursor": page["next"]}).json()["items"]
    assert (first["author"], first["current"]) == ("writer", False)
    assert client.get(f"{address}/versions/1").json()["body"] == "Some text."
    compare = f"{address}/versions/compare"
    told = client.get(compare, params={"new": 2, "old": 1}).json()
    assert (told["words_gone"], told["words_new"]) == (1, 4)
    assert [one["part"] for one in told["differences"]] == ["title", "paragraph", "paragraph"]
    assert {"kind": "new", "text": "other "} in told["differences"][1]["pieces"]
    back = client.get(compare, params={"new": 1}).json()
    assert (back["old"], back["differences"][2]["new"]) == (2, "")
    chosen = {"difference": back["differences"][0]["id"]}
    taken = client.post(f"{address}/versions/1/take", json=chosen)
    assert (taken.json()["title"], taken.json()["body"]) == ("A title", mine["body"])
    again = client.post(f"{address}/versions/1/take", json=chosen)
    problem(again, 409, "difference_gone")
    restored = client.post(f"{address}/versions/1/restore").json()
    assert (restored["body"], restored["version"], restored["author"]) == (
        "Some text.",
        4,
        "person",
    )
    problem(client.get(f"{address}/versions/9"), 404, "not_found")
    problem(client.get(compare), 422, "invalid")


def test_a_newer_text_is_declined_and_offered_again(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog"
    client.put(address, json={"body": "Mine."}, headers={"If-Match": "*"})
    newer = Text("A title", "Newer.", {})
    n = versions.insert(db, project["id"], "blog", newer, author="writer").n
    assert client.get(address).json()["offered_version"] == n
    kept = client.post(f"{address}/versions/{n}/decline").json()
    assert (kept["body"], kept["offered_version"]) == ("Mine.", None)
    assert client.post(f"{address}/versions/{n}/offer").json()["offered_version"] == n
    problem(client.post(f"{address}/versions/2/decline"), 404, "not_found")  # a person's


def test_a_part_that_was_dropped_is_offered_again(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog/parts"
    asked = {"part": hash_of("Some text."), "old": "Some text.", "wish": "Shorter"}
    job = Job(of_type(project, "blog")["id"], project["id"])
    parts.offer(db, job, asked, ["Text."], [{}])
    (offer,) = client.get(address).json()["offers"]
    assert client.delete(f"{address}/{offer['id']}").status_code == 204
    assert client.get(address).json()["offers"] == []
    assert client.post(f"{address}/{offer['id']}/offer").status_code == 204
    assert client.get(address).json()["offers"] == [offer]
    problem(client.post(f"{address}/999999/offer"), 404, "not_found")


def test_the_evidence_of_a_text_follows_its_edits(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog"
    said = db.execute("select text from segments order by window, n limit 1").fetchone()["text"]
    body = f"> {said}\n\nI had lunch with 17 penguins."
    client.put(address, json={"body": body}, headers={"If-Match": "*"})
    answer = client.get(f"{address}/evidence")
    assert answer.headers["etag"] == client.get(address).headers["etag"]
    first, second = answer.json()["blocks"]
    assert (first["kind"], first["status"], second["status"]) == ("paragraph", "said", "yours")
    assert first["claims"][0]["sources"][0]["segment"] == [0, 0]
    assert {"kind": "number", "text": "17", "suggestion": ""} in second["claims"][0]["problems"]
    row = db.execute("select evidence from draft_versions order by id desc limit 1").fetchone()
    kept = records.blocks_in(json.loads(row["evidence"]))
    assert records.shown(kept)["blocks"] == [first, second]
    problem(client.get(f"/projects/{project['id']}/drafts/twitter/evidence"), 404, "not_found")


def test_what_is_taken_away_beside_a_quotation_counts_no_more(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/projects/{project['id']}/drafts/blog"
    said = db.execute("select text from segments order by window, n limit 1").fetchone()["text"]
    db.execute("update segments set speaker = iif(text = ?, 'Dana Reyes', 'Tom Hale')", (said,))

    def told(body: str) -> list[str]:
        client.put(address, json={"body": body}, headers={"If-Match": "*"})
        blocks = client.get(f"{address}/evidence").json()["blocks"]
        return [flaw["kind"] for flaw in blocks[0]["claims"][0]["problems"]]

    assert told(f"> {said}\n\n— Tom Hale") == ["speaker"]
    assert told(f"> {said}") == []
