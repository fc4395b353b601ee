"""Idempotency-Key: one effect for one key, whatever was cut, killed or sent twice."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx2
import pytest

from draftmill.clock import now
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import find_job
from draftmill.jobs.queue import claim_next
from tests.support.api_programs import TALK, ServerAlone, bring, problem, program, token_for


@pytest.fixture
def project(client: httpx2.Client, request: pytest.FixtureRequest) -> dict[str, Any]:
    return bring(client, f"{TALK}\n{request.node.name}.")


@pytest.fixture
def key(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"Idempotency-Key": request.node.name}


def jobs_of(db: sqlite3.Connection, project: dict[str, Any], task_type: str) -> list[str]:
    rows = db.execute(
        "select id from jobs where project_id = ? and type = ?", (project["id"], task_type)
    )
    return [row["id"] for row in rows]


def start(client: httpx2.Client, project: dict[str, Any], key: dict[str, str]) -> httpx2.Response:
    return client.post(f"/projects/{project['id']}/jobs", json={"type": "blog"}, headers=key)


def test_a_replay_gives_the_first_answer_and_has_no_effect(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str], db: sqlite3.Connection
) -> None:
    first = start(client, project, key)
    assert first.status_code == 202
    assert "idempotent-replayed" not in first.headers
    # Ended meanwhile: without the key a new job would start now.
    client.post(f"/jobs/{first.json()['id']}/cancel")
    again = start(client, project, key)
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.text) == (202, first.text)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert jobs_of(db, project, "blog") == [first.json()["id"]]
    assert start(client, project, {}).json()["id"] != first.json()["id"]


def test_the_order_and_the_spaces_of_a_body_do_not_matter(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str]
) -> None:
    address = f"/projects/{project['id']}/jobs"
    headers = {**key, "Content-Type": "application/json"}
    first = client.post(address, content=b'{"type":"blog","instructions":"x"}', headers=headers)
    same = b' { "instructions" : "x",\n "type": "blog" } '
    assert client.post(address, content=same, headers=headers).text == first.text


def test_a_key_with_another_request_is_refused(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str]
) -> None:
    first = start(client, project, key).json()
    address = f"/projects/{project['id']}/jobs"
    other = client.post(address, json={"type": "twitter"}, headers=key)
    problem(other, 422, "idempotency_key_reused")
    elsewhere = client.post(f"/jobs/{first['id']}/cancel", headers=key)
    problem(elsewhere, 422, "idempotency_key_reused")
    assert client.get(f"/jobs/{first['id']}").json()["status"] == "pending"


def test_a_key_belongs_to_its_user(
    server: ServerAlone, client: httpx2.Client, project: dict[str, Any], key: dict[str, str]
) -> None:
    first = start(client, project, key)
    with program(server, token_for(server, "second@example.org")) as other:
        problem(start(other, project, key), 404, "not_found")
    with program(server, token_for(server)) as mine:  # another token of the same user
        assert start(mine, project, key).text == first.text


def test_projects_cancels_and_retries_take_a_key_too(
    client: httpx2.Client, key: dict[str, str], db: sqlite3.Connection
) -> None:
    body = {"transcript_text": f"{TALK} Keyed.", "types": ["blog"]}
    made = client.post("/projects", json=body, headers=key)
    again = client.post("/projects", json=body, headers=key)
    # Without the key the second answer is 200: the project exists.
    assert (made.status_code, again.status_code, again.text) == (201, 201, made.text)
    blog = made.json()["jobs"][1]["id"]
    for verb in ("cancel", "retry"):
        mine = {"Idempotency-Key": f"keyed {verb}"}
        first = client.post(f"/jobs/{blog}/{verb}", headers=mine)
        assert first.is_success
        assert client.post(f"/jobs/{blog}/{verb}", headers=mine).text == first.text
    assert len(jobs_of(db, made.json(), "blog")) == 2


def test_a_refusal_of_the_verb_is_the_first_answer_too(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str], db: sqlite3.Connection
) -> None:
    job_id = start(client, project, {}).json()["id"]
    job = find_job(db, job_id)
    assert job
    db.execute("update jobs set status = 'succeeded' where id = ?", (job_id,))
    address = f"/jobs/{job_id}/retry"
    problem(client.post(address, headers=key), 409, "not_retryable")
    db.execute("update jobs set status = 'failed' where id = ?", (job_id,))
    problem(client.post(address, headers=key), 409, "not_retryable")
    assert client.post(address).status_code == 202


def test_what_may_heal_is_tried_anew(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str], db: sqlite3.Connection
) -> None:
    db.execute("begin immediate")
    try:
        problem(start(client, project, key), 503, "busy")
    finally:
        db.execute("rollback")
    assert start(client, project, key).status_code == 202


def test_what_cannot_be_taken_at_all_uses_no_key_up(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str]
) -> None:
    address = f"/projects/{project['id']}/jobs"
    problem(client.post(address, json={"kind": "blog"}, headers=key), 422, "invalid")
    problem(client.post("/projects", json={"upload": "x"}, headers=key), 404, "not_found")
    assert start(client, project, key).status_code == 202


@pytest.mark.parametrize("wrong", ["", '""', "x" * 256, "a\tb", "\u00e9".encode()])
def test_a_key_has_1_to_255_printable_characters(
    client: httpx2.Client, project: dict[str, Any], wrong: Any
) -> None:
    problem(start(client, project, {"Idempotency-Key": wrong}), 400, "bad_idempotency_key")


def test_quotation_marks_around_a_key_are_the_draft_s_spelling(
    client: httpx2.Client, project: dict[str, Any]
) -> None:
    first = start(client, project, {"Idempotency-Key": '"8e03978e"'})
    assert start(client, project, {"Idempotency-Key": "8e03978e"}).text == first.text


def test_of_many_at_once_one_works(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str], db: sqlite3.Connection
) -> None:
    together = Barrier(8)

    def send() -> httpx2.Response:
        together.wait()
        return start(client, project, key)

    with ThreadPoolExecutor(8) as pool:
        answers = [future.result() for future in [pool.submit(send) for _ in range(8)]]
    (job_id,) = jobs_of(db, project, "blog")
    for answer in answers:
        if answer.status_code == 409:
            problem(answer, 409, "idempotency_key_at_work")
            assert answer.headers["retry-after"] == "1"
        else:
            assert (answer.status_code, answer.json()["id"]) == (202, job_id)
    assert any(answer.status_code == 202 for answer in answers)


def test_the_effect_and_the_answer_are_one_commit(
    server: ServerAlone,
    client: httpx2.Client,
    project: dict[str, Any],
    key: dict[str, str],
    db: sqlite3.Connection,
) -> None:
    """Where the answer cannot be kept, nothing was done: so a crash leaves both or neither."""
    db.execute(
        "create trigger cut before insert on idempotency begin select raise(abort, 'cut'); end"
    )
    try:
        problem(start(client, project, key), 500, "internal")
    finally:
        db.execute("drop trigger cut")
    assert jobs_of(db, project, "blog") == []
    # Over another line: the server hangs up after an error that it does not know.
    with program(server, token_for(server)) as again:
        assert start(again, project, key).status_code == 202
    assert len(jobs_of(db, project, "blog")) == 1


def test_an_answer_is_kept_for_a_day(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str], db: sqlite3.Connection
) -> None:
    first = start(client, project, key).json()["id"]
    client.post(f"/jobs/{first}/cancel")
    name = key["Idempotency-Key"]
    db.execute("update idempotency set created_at = ? where key = ?", (now(-86_399), name))
    assert start(client, project, key).json()["id"] == first
    db.execute("update idempotency set created_at = ? where key = ?", (now(-86_401), name))
    assert start(client, project, key).json()["id"] != first
    (left,) = db.execute("select count(*) from idempotency where key = ?", (name,)).fetchone()
    assert left == 1


def test_a_job_that_failed_is_not_hidden_by_a_kept_answer(
    client: httpx2.Client, project: dict[str, Any], key: dict[str, str], db: sqlite3.Connection
) -> None:
    job_id = start(client, project, key).json()["id"]
    db.execute("update jobs set waits = 0 where id = ?", (job_id,))
    while (job := claim_next(db, "writing")) and job.id != job_id:
        pass
    assert job
    endings.fail(db, job, Problem("No.", "No."))
    assert start(client, project, key).json()["status"] == "pending"
    until_failed = client.get("/jobs", params={"project": project["id"], "status": "failed"})
    assert [item["id"] for item in until_failed.json()["items"]] == [job_id]
