"""Notifications by the API: listed page by page, and marked as read."""

import sqlite3
from typing import Any

import httpx2
import pytest

from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.projects import binned
from draftmill.projects.project import row_of
from tests.support.api_programs import (
    ServerAlone,
    bring,
    claimed,
    of_type,
    problem,
    program,
    token_for,
    written,
)

LIST = "/notifications"


@pytest.fixture
def told(client: httpx2.Client, db: sqlite3.Connection, project: dict[str, Any]) -> dict[str, Any]:
    """A project whose thread failed, after its blog post was ready; nothing else is unread."""
    assert client.post(f"{LIST}/read").status_code == 200
    written(db, project)
    thread = client.post(f"/projects/{project['id']}/jobs", json={"type": "twitter"}).json()
    job = claimed(db, thread["id"])
    with running.fenced(db, job):
        endings.fail(db, job, Problem("The model said no.", "Ask another."))
    return project


def ids(page: dict[str, Any]) -> list[int]:
    return [item["id"] for item in page["items"]]


def unread(client: httpx2.Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(LIST, params={"unread": "true"}).json()["items"]
    return items


def test_they_say_what_ended_and_how(client: httpx2.Client, told: dict[str, Any]) -> None:
    failed, ready = client.get(LIST, params={"limit": 2}).json()["items"]
    assert (ready["status"], ready["message"]) == ("succeeded", "Blog post ready")
    assert (ready["job_id"], ready["type"]) == (of_type(told, "blog")["id"], "blog")
    assert (ready["project_id"], ready["title"]) == (told["id"], "A talk")
    assert ready["url"] == f"/projects/{told['id']}/drafts/blog"
    assert (ready["error"], ready["read"]) == (None, False)
    assert (failed["status"], failed["message"]) == ("failed", "X thread failed")
    assert failed["error"]["message"] == "The model said no."
    assert failed["error"]["code"]
    assert failed["url"] == f"/jobs/{failed['job_id']}"


def test_pages_follow_one_another_and_nothing_new_moves_them(
    client: httpx2.Client, db: sqlite3.Connection, told: dict[str, Any]
) -> None:
    everything = ids(client.get(LIST, params={"limit": 100}).json())
    assert len(everything) >= 2
    first = client.get(LIST, params={"limit": 1}).json()
    written(db, bring(client, "Something else was told.", types=["blog"]))
    rest = client.get(LIST, params={"limit": 100, "cursor": first["next"]}).json()
    assert ids(first) + ids(rest) == everything
    assert rest["next"] is None


def test_one_and_all_are_marked_as_read(client: httpx2.Client, told: dict[str, Any]) -> None:
    failed, ready = unread(client)
    assert (failed["type"], ready["type"]) == ("twitter", "blog")
    marked = client.post(f"{LIST}/{ready['id']}/read")
    assert (marked.status_code, marked.json()) == (200, ready | {"read": True})
    assert client.post(f"{LIST}/{ready['id']}/read").json() == marked.json()
    assert [item["id"] for item in unread(client)] == [failed["id"]]
    assert client.post(f"{LIST}/read").json() == {"read": 1}
    assert client.post(f"{LIST}/read").json() == {"read": 0}
    assert unread(client) == []
    assert {item["read"] for item in client.get(LIST).json()["items"]} == {True}


def test_pages_of_unread_ones_are_of_these_alone(
    client: httpx2.Client, told: dict[str, Any]
) -> None:
    first = client.get(LIST, params={"unread": "true", "limit": 1}).json()
    rest = client.get(LIST, params={"unread": "true", "cursor": first["next"]}).json()
    assert [item["type"] for item in first["items"] + rest["items"]] == ["twitter", "blog"]
    assert rest["next"] is None


def test_what_is_in_the_bin_is_not_told(
    client: httpx2.Client, db: sqlite3.Connection, told: dict[str, Any]
) -> None:
    (number, _) = (item["id"] for item in unread(client))
    binned.move_to_bin(db, row_of(db, told["id"]))
    assert told["id"] not in {item["project_id"] for item in client.get(LIST).json()["items"]}
    problem(client.post(f"{LIST}/{number}/read"), 404, "not_found")


def test_nobody_sees_or_reads_another_s(
    server: ServerAlone, client: httpx2.Client, told: dict[str, Any]
) -> None:
    with program(server, token_for(server, "second@example.org")) as other:
        assert other.get(LIST).json() == {"items": [], "next": None}
        assert other.post(f"{LIST}/read").json() == {"read": 0}
        for item in unread(client):
            problem(other.post(f"{LIST}/{item['id']}/read"), 404, "not_found")
    assert len(unread(client)) == 2


@pytest.mark.parametrize("query", ["unread=perhaps", "cursor=x", "limit=0", "limit=101", "size=3"])
def test_a_wrong_question_is_refused(client: httpx2.Client, query: str) -> None:
    problem(client.get(f"{LIST}?{query}"), 422, "invalid")


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "-1", "%20"])
def test_a_number_of_nothing_is_not_found(client: httpx2.Client, number: str) -> None:
    problem(client.post(f"{LIST}/{number}/read"), 404, "not_found")
