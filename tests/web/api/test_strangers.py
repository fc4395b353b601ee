"""Nobody's token reaches what is another's: every operation of the OpenAPI document is tried."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from draftmill import storage
from draftmill.clock import now
from draftmill.database import changes
from draftmill.drafts import versions
from draftmill.drafts.versions import Text
from draftmill.settings import Settings
from draftmill.transcripts import sentence_edits
from draftmill.web.api.routes import OPENAPI
from tests.support.api_programs import TALK, ServerAlone, bring, problem, program, token_for
from tests.support.house import until

SECRET = "The zebra was never told"
NOT_CHANGED = ("api_tokens", "sessions", "sqlite_sequence")
# What a request needs to get past the checks of its shape.
BODIES: dict[str, dict[str, Any]] = {
    "changeProject": {"title": "x"},
    "startJob": {"type": "blog"},
    "saveDraft": {"body": "x"},
    "addChannel": {"name": "x", "address": "https://hooks.invalid/"},
    "changeContentType": {"on": True},
    "setStyle": {"texts": []},
    "startPart": {"part": "title", "wish": "shorter"},
    "takePart": {"n": 0},
    "takeDifference": {"difference": "x"},
    "placePicture": {"screenshot": 1},
    "chooseFrame": {"second": 1},
    "changeSegment": {"text": "x"},
    "addCorrection": {"heard": "x", "meant": "y"},
    "takeBackAppliedCorrection": {"items": []},
    "dismissSuggestion": {"heard": "x", "meant": "y"},
    "applyLeftEdit": {"segment": 1},
    "beginChapters": {"title": "x"},
    "changeChapter": {"title": "x"},
    "mergeChapter": {},
    "splitChapter": {"sentence": 2, "title": "x"},
    "giveSentences": {"sentences": [3], "name": "x"},
    "nameSpeaker": {"name": "x"},
    "mergeSpeaker": {"into": 2},
    "setPreferences": {"where": "in", "minutes": 5, "only_away": True},
}
NOTHING = {
    "project_id": "0" * 36,
    "job_id": "0" * 36,
    "channel_id": "0",
    "notification_id": "0",
}
QUERIES = {"compareVersions": {"new": "1"}}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, described)
        for path, methods in OPENAPI["paths"].items()
        for method, described in methods.items()
    ]


def with_ids() -> list[tuple[str, str, dict[str, Any]]]:
    return [operation for operation in operations() if "_id}" in operation[1]]


def named(operation: tuple[str, str, dict[str, Any]]) -> str:
    return str(operation[2]["operationId"])


@pytest.fixture(scope="module")
def other(server: ServerAlone) -> Iterator[httpx2.Client]:
    with program(server, token_for(server, "second@example.org")) as client:
        yield client


@pytest.fixture(scope="module")
def values(server: ServerAlone, client: httpx2.Client) -> dict[str, str]:
    """What the owner has, for the parameters in addresses: also a draft, and a failed job."""
    project = bring(client, f"{TALK} {SECRET}.", types=["blog"], title=SECRET)
    with closing(server.db()) as db:
        text = Text(SECRET, SECRET, {})
        versions.show(db, versions.insert(db, project["id"], "blog", text, author="writer"))
        db.execute(
            "update projects set transcript_id ="
            " (select id from transcripts where project_id = projects.id) where id = ?",
            (project["id"],),
        )
        db.execute(
            "update jobs set status = 'failed', error_code = 'x', error_message = ?", (SECRET,)
        )
        job: str = project["jobs"][1]["id"]
        offered = db.execute(
            "insert into draft_parts (job_id, project_id, type, part, old, wish, texts, evidence,"
            " created_at) values (?, ?, 'blog', 'title', ?, '', ?, '[{}]', ?) returning id",
            (job, project["id"], SECRET, json.dumps([SECRET]), now()),
        ).fetchone()
        changes.record(db, "job", job, 1)
        change = _transcript_worked_on(db, project["id"])
        left = db.execute(
            "insert into left_edits (project_id, start_s, end_s, heard, written, at)"
            " values (?, 1, 2, 'x', ?, ?) returning id",
            (project["id"], SECRET, now()),
        ).fetchone()
        _pictured(db, server.settings, project["id"])
        told = db.execute(
            "insert into notifications (user_id, job_id, kind, created_at)"
            " values (1, ?, 'failed', ?) returning id",
            (job, now()),
        ).fetchone()
    until(lambda: SECRET in client.get(f"/jobs/{job}").text, 10, "the watcher")
    hook = {"name": SECRET, "address": f"https://hooks.invalid/{SECRET.replace(' ', '-')}"}
    channel = client.post("/channels", json=hook).json()["id"]
    ids = {"project_id": project["id"], "job_id": job, "channel_id": str(channel)}
    numbers = {"n": "1", "second": "1", "change_id": str(change), "correction_id": "1"}
    return {
        **ids,
        **numbers,
        "type": "blog",
        "content_type": "show-notes",
        "name": "no-such-model",
        "offer_id": str(offered[0]),
        "edit_id": str(left[0]),
        "notification_id": str(told[0]),
    }


def _transcript_worked_on(db: sqlite3.Connection, project_id: str) -> int | None:
    """Give it two chapters and two speakers, and edit a sentence; the id of that change."""
    (transcript_id,) = db.execute(
        "select transcript_id from projects where id = ?", (project_id,)
    ).fetchone()
    db.executemany(
        "insert into chapters (transcript_id, n, start_s, end_s, title) values (?, ?, ?, ?, 'x')",
        [(transcript_id, 1, 0, 900), (transcript_id, 2, 900, 990)],
    )
    db.execute(
        "update segments set speaker = case n when 0 then 'Ada' else 'Bob' end"
        " where transcript_id = ?",
        (transcript_id,),
    )
    return sentence_edits.save(db, project_id, 2, "Edited.").edit_id


def _pictured(db: sqlite3.Connection, settings: Settings, project_id: str) -> None:
    """Give it a screenshot, and what its recording shows at its first second."""
    db.execute("update projects set file = 'x', duration_s = 9 where id = ?", (project_id,))
    db.execute(
        "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
        " values (?, 1, 5, 6, 'x.jpg', 3, 2)",
        (project_id,),
    )
    frame = storage.frame(settings, project_id, 1)
    frame.parent.mkdir(parents=True)
    for file in (
        frame,
        Path(storage.thumb_of(str(frame))),
        storage.stored(settings, project_id, "x.jpg"),
    ):
        file.write_bytes(b"x")
    frame.with_suffix(".json").write_text("[3, 2]")


def address(path: str, values: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: values[found[1]], path)


def send(
    client: httpx2.Client, method: str, url: str, described: dict[str, Any]
) -> httpx2.Response:
    body = BODIES.get(described["operationId"])
    query = QUERIES.get(described["operationId"])
    return client.request(method, url, json=body, params=query, headers={"If-Match": "*"})


def everything(server: ServerAlone) -> list[tuple[object, ...]]:
    with closing(server.db()) as db:
        tables = [
            row["name"]
            for row in db.execute("select name from sqlite_master where type = 'table'")
            if row["name"] not in NOT_CHANGED and "_fts" not in row["name"]
        ]
        assert {"jobs", "projects", "draft_versions", "idempotency"} <= set(tables)
        return [tuple(row) for table in tables for row in _rows(db, table)]


def _rows(db: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    return db.execute(f"select * from {table}").fetchall()


def test_operations_with_ids_are_found() -> None:
    assert len(with_ids()) >= 12
    assert len(operations()) >= 16


@pytest.mark.parametrize("operation", with_ids(), ids=named)
def test_another_s_token_cannot_tell_it_from_nothing(
    server: ServerAlone,
    other: httpx2.Client,
    values: dict[str, str],
    operation: tuple[str, str, dict[str, Any]],
) -> None:
    method, path, described = operation
    before = everything(server)
    theirs = send(other, method, address(path, values), described)
    problem(theirs, 404, "not_found")
    assert SECRET not in theirs.text
    never = send(
        other,
        method,
        address(path, {**values, **NOTHING}),
        described,
    )
    assert (never.status_code, never.text) == (theirs.status_code, theirs.text)
    assert everything(server) == before


@pytest.mark.parametrize("operation", operations(), ids=named)
def test_without_a_token_nothing_is_told_or_done(
    server: ServerAlone, values: dict[str, str], operation: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, described = operation
    before = everything(server)
    with httpx2.Client(base_url=server.url + "/api/v1") as nobody:
        answer = send(nobody, method, address(path, values), described)
    if described.get("security") == []:
        assert answer.status_code == 200
    else:
        problem(answer, 401, "unauthorized")
    assert SECRET not in answer.text
    assert everything(server) == before


@pytest.mark.parametrize("operation", with_ids(), ids=named)
def test_a_token_on_its_own_things_is_let_in(
    client: httpx2.Client, values: dict[str, str], operation: tuple[str, str, dict[str, Any]]
) -> None:
    """So that the tests above do not pass for want of a right address."""
    method, path, described = operation
    if method == "DELETE":
        return
    url = address(path, values)
    if described["operationId"] == "watchJob":
        url = f"/jobs/{values['job_id']}/events"
        assert client.head(url).status_code == 200
        return
    answer = send(client, method, url, described)
    assert answer.is_success or answer.json()["code"] in ("difference_gone", "no_place_for_chapter")


@pytest.mark.parametrize(
    "list_",
    ["/projects", "/jobs", "/projects?q=zebra", "/jobs?status=failed", "/notifications"],
)
def test_lists_show_only_what_is_one_s_own(
    other: httpx2.Client, values: dict[str, str], list_: str
) -> None:
    assert other.get(list_).json() == {"items": [], "next": None}
    assert other.get("/jobs", params={"project": values["project_id"]}).json()["items"] == []


def test_the_same_content_is_another_project_for_another_user(
    client: httpx2.Client, other: httpx2.Client, values: dict[str, str]
) -> None:
    theirs = other.post("/projects", json={"transcript_text": f"{TALK} {SECRET}."})
    assert theirs.status_code == 201
    assert theirs.json()["id"] != values["project_id"]
    assert theirs.json()["title"] != SECRET
