"""Projects by the API: brought, listed, changed, deleted, and refused by name."""

import json
import sqlite3
from typing import Any

import httpx2
import pytest

from tests.support.api_programs import (
    TALK,
    ServerAlone,
    bring,
    of_type,
    problem,
)
from tests.support.house import SAMPLE, until


def test_a_transcript_becomes_a_project_with_its_jobs(
    client: httpx2.Client, project: dict[str, Any]
) -> None:
    assert (project["title"], project["source"], project["drafts"]) == ("A talk", "transcript", [])
    assert {job["type"] for job in project["jobs"]} == {"ingest", "blog"}
    ingest, blog = of_type(project, "ingest"), of_type(project, "blog")
    assert blog["waits_for"] == ingest["id"]
    assert (blog["status"], blog["cancellable"], blog["progress_pct"]) == ("pending", True, None)
    assert blog["retries"] == {"used": 0, "of": 3}
    assert blog["error"] is blog["result_url"] is blog["estimated_end_at"] is None
    read = client.get(f"/projects/{project['id']}")
    assert read.json()["id"] == project["id"]


def test_the_same_content_leads_to_the_project_that_exists(client: httpx2.Client) -> None:
    body = {"transcript_text": f"{TALK} Once.", "title": "First"}
    first = client.post("/projects", json=body)
    assert (first.status_code, first.headers["location"][:17]) == (201, "/api/v1/projects/")
    again = client.post("/projects", json={**body, "title": "Second", "types": ["linkedin"]})
    assert again.status_code == 200
    assert again.headers["location"] == first.headers["location"]
    assert again.json()["title"] == "First"
    assert of_type(again.json(), "linkedin")


def test_a_recording_is_brought_as_a_form(client: httpx2.Client) -> None:
    with SAMPLE.open("rb") as file:
        answer = client.post(
            "/projects",
            files={"recording": ("Weekly sync.mp4", file)},
            data={"types": ["blog", "twitter"], "language": "en"},
        )
    assert answer.status_code == 201, answer.text
    project = answer.json()
    assert (project["title"], project["has_recording"]) == ("Weekly sync", True)
    assert project["bytes"] == SAMPLE.stat().st_size
    assert project["duration_s"] == pytest.approx(100, abs=2)
    assert {job["type"] for job in project["jobs"]} == {"ingest", "blog", "twitter"}
    with SAMPLE.open("rb") as file:
        again = client.post("/projects", files={"recording": ("other name.mp4", file)})
    assert (again.status_code, again.json()["id"]) == (200, project["id"])


def test_a_transcript_file_is_brought_as_a_form(client: httpx2.Client) -> None:
    captions = "WEBVTT\n\n00:01.000 --> 00:04.000\nSmall changes reached production.\n"
    answer = client.post("/projects", files={"transcript": ("a.vtt", captions.encode())})
    assert (answer.status_code, answer.json()["file_name"]) == (201, "a.vtt")


def test_an_upload_in_pieces_becomes_a_project(server: ServerAlone, client: httpx2.Client) -> None:
    content = SAMPLE.read_bytes() + b"\0"  # another file than the sample, and as good
    tus = {"Tus-Resumable": "1.0.0", "Authorization": client.headers["authorization"]}
    with httpx2.Client(base_url=server.url, headers=tus) as sender:
        made = sender.post("/uploads", headers={"Upload-Length": str(len(content))})
        assert made.status_code == 201, made.text
        address = made.headers["location"]
        early = client.post("/projects", json={"upload": address.rpartition("/")[2]})
        problem(early, 409, "upload_incomplete")
        bytes_ = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        assert sender.patch(address, content=content, headers=bytes_).status_code == 204
    body = {"upload": address.rpartition("/")[2], "title": "In pieces", "types": ["blog"]}
    answer = client.post("/projects", json=body)
    assert (answer.status_code, answer.json()["title"]) == (201, "In pieces")
    assert client.post("/projects", json=body).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"transcript_text": TALK, "upload": "x"}, 422, "invalid"),
        ({"transcript_text": "", "title": "x"}, 422, "nothing_brought"),
        ({"transcript_text": TALK, "types": ["poem"]}, 422, "unknown_type"),
        ({"transcript_text": TALK, "language": "xx"}, 422, "unknown_language"),
        ({"transcript_text": TALK, "title": "x" * 301}, 422, "text_too_long"),
        ({"transcript_text": TALK, "titel": "x"}, 422, "invalid"),
        ({"transcript_text": 7}, 422, "invalid"),
        ({"upload": "no-such-upload"}, 404, "not_found"),
        ({"upload": "../../etc/passwd"}, 404, "not_found"),
    ],
)
def test_a_project_that_cannot_be_made_is_refused_by_name(
    client: httpx2.Client, body: dict[str, object], status: int, code: str
) -> None:
    before = client.get("/projects", params={"limit": 100}).json()
    problem(client.post("/projects", json=body), status, code)
    assert client.get("/projects", params={"limit": 100}).json() == before


def test_a_form_that_cannot_be_taken_is_refused_by_name(
    server: ServerAlone, client: httpx2.Client
) -> None:
    def post(**fields: object) -> httpx2.Response:
        given: dict[str, Any] = {"files": {"title": (None, b"x")}} | fields
        return client.post("/projects", **given)

    problem(post(files={"recording": ("a.mp4", b"no recording")}), 415, "not_media")
    problem(post(), 422, "nothing_brought")
    problem(post(data={"types": ["poem"]}), 422, "unknown_type")
    problem(post(data={"titel": "x"}), 422, "invalid")
    two = [("recording", ("a.mp4", b"x")), ("recording", ("b.mp4", b"x"))]
    problem(post(files=two), 422, "invalid")
    problem(client.post("/projects", content=b"x"), 415, "unsupported_media_type")
    half = {"Content-Type": "multipart/form-data; boundary=x"}
    problem(client.post("/projects", content=b"--x\r\n", headers=half), 400, "cut_upload")
    assert not list(server.settings.uploads.glob("*.part"))


def test_what_is_no_json_is_refused_by_name(client: httpx2.Client, project: dict[str, Any]) -> None:
    address = f"/projects/{project['id']}/jobs"

    def post(content: bytes, kind: str = "application/json") -> httpx2.Response:
        return client.post(address, content=content, headers={"Content-Type": kind})

    problem(post(b"{"), 400, "bad_json")
    problem(post(b""), 400, "bad_json")
    problem(post(b'{"type":"blog"}', "text/plain"), 415, "unsupported_media_type")
    problem(post(b'{"type":"' + b"x" * 9_000_001 + b'"}'), 413, "body_too_large")
    problem(post(b"[" * 100_000), 400, "bad_json")
    errors = problem(post(b'{"type":7,"more":1}'), 422, "invalid")["errors"]
    assert {error["at"] for error in errors} == {"type", "more"}
    assert post(b'{"type":"blog"}', "application/json; charset=utf-8").status_code == 200


def test_projects_are_listed_a_page_at_a_time(client: httpx2.Client) -> None:
    for n in range(3):
        bring(client, f"{TALK} Paged {n}.", title=f"Paged zebra {n}")
    titles: list[str] = []
    cursor = None
    while True:
        query = {"q": "zebra", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/projects", params=query).json()
        titles += [item["title"] for item in page["items"]]
        assert len(page["items"]) <= 2
        cursor = page["next"]
        if cursor is None:
            break
    assert titles == ["Paged zebra 2", "Paged zebra 1", "Paged zebra 0"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=1&cursor=2", "more=1"]
)
def test_a_page_that_cannot_be_is_refused(client: httpx2.Client, query: str) -> None:
    problem(client.get(f"/projects?{query}"), 422, "invalid")
    problem(client.get(f"/jobs?{query}"), 422, "invalid")


def test_a_project_is_renamed(client: httpx2.Client, project: dict[str, Any]) -> None:
    address = f"/projects/{project['id']}"
    assert client.patch(address, json={"context": "For Ada"}).json()["context"] == "For Ada"
    renamed = client.patch(address, json={"title": "New"}).json()
    assert (renamed["title"], renamed["context"]) == ("New", "For Ada")
    assert client.patch(address, json={"title": "", "context": ""}).json()["title"] == "New"
    assert client.get(address).json()["context"] == ""


def test_a_deleted_project_is_in_the_bin_with_its_jobs_until_it_is_deleted_again(
    client: httpx2.Client, project: dict[str, Any]
) -> None:
    address, job = f"/projects/{project['id']}", of_type(project, "blog")["id"]
    assert client.get(f"/jobs/{job}").status_code == 200
    answer = client.delete(address)
    assert (answer.status_code, answer.content) == (204, b"")
    problem(client.get(address), 404, "in_bin")
    until(lambda: client.get(f"/jobs/{job}").status_code == 404, 10, "the job to be forgotten")
    assert job not in {one["id"] for one in client.get("/jobs").json()["items"]}
    assert address.rpartition("/")[2] not in client.get("/projects").text
    (there,) = client.get("/bin").json()["items"]
    assert (there["id"], there["title"]) == (project["id"], project["title"])
    assert there["deleted_at"] > there["binned_at"]
    back = client.post(f"{address}/restore")
    assert (back.status_code, back.json()["id"]) == (200, project["id"])
    assert client.get(f"/jobs/{job}").status_code == 200
    for _ in range(2):
        assert client.delete(address).status_code == 204
    problem(client.delete(address), 404, "not_found")
    problem(client.post(f"{address}/restore"), 404, "not_found")


def test_a_project_can_be_deleted_past_the_bin(client: httpx2.Client) -> None:
    made = client.post("/projects", json={"transcript_text": "Soon gone for good."}).json()
    assert client.delete(f"/projects/{made['id']}", params={"now": 1}).status_code == 204
    problem(client.get(f"/projects/{made['id']}"), 404, "not_found")
    other = client.post("/projects", json={"transcript_text": "Soon in the bin."}).json()
    assert client.delete(f"/projects/{other['id']}").status_code == 204
    assert client.delete("/bin").status_code == 204
    assert client.get("/bin").json() == {"items": [], "next": None}
    problem(client.post(f"/projects/{other['id']}/restore"), 404, "not_found")


def test_an_unknown_address_and_a_wrong_method_are_told_as_problems(client: httpx2.Client) -> None:
    problem(client.get("/nothing"), 404, "not_found")
    problem(client.get("/jobs/"), 404, "not_found")
    answer = client.put("/projects", json={})
    problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_busy_database_is_told_as_a_problem(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    db.execute("begin immediate")
    try:
        answer = client.patch(f"/projects/{project['id']}", json={"title": "x"})
    finally:
        db.execute("rollback")
    problem(answer, 503, "busy")
    assert answer.headers["retry-after"] == "1"


def test_hostile_text_comes_back_as_it_was(client: httpx2.Client) -> None:
    hostile = "<script>alert(1)</script> \u202e \U0001f600 '; drop table jobs; --"
    project = bring(client, f"{TALK} {hostile}", title=hostile, context=hostile)
    answer = client.get(f"/projects/{project['id']}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (project["title"], answer.json()["context"]) == (hostile, hostile)
    half = json.dumps({"transcript_text": TALK, "title": "\ud800"}).encode()
    headers = {"Content-Type": "application/json"}
    assert client.post("/projects", content=half, headers=headers).status_code in (400, 422)
