"""Jobs by the API: started, watched, cancelled, retried, and what they tell."""

import sqlite3
from typing import Any

import httpx2

from draftmill.clock import now
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from tests.support.api_programs import (
    TALK,
    bring,
    claimed,
    of_type,
    problem,
    written,
)
from tests.support.house import until


def test_a_job_is_started_unless_one_is_at_work(
    client: httpx2.Client, project: dict[str, Any]
) -> None:
    address = f"/projects/{project['id']}/jobs"
    there = client.post(address, json={"type": "blog"})
    assert (there.status_code, there.json()["id"]) == (200, of_type(project, "blog")["id"])
    new = client.post(address, json={"type": "twitter", "instructions": "Be brief."})
    assert (new.status_code, new.json()["instructions"]) == (202, "Be brief.")
    assert new.headers["location"] == f"/api/v1/jobs/{new.json()['id']}"
    problem(client.post(address, json={"type": "poem"}), 422, "unknown_type")
    problem(
        client.post(address, json={"type": "ingest", "language": "xx"}), 422, "unknown_language"
    )


def test_a_language_left_out_is_no_wish_and_an_empty_one_is_to_find_out(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    before = of_type(project, "ingest")["id"]
    for body, kept in (({}, "{}"), ({"language": ""}, '{"language": ""}')):
        client.post(f"/jobs/{before}/cancel")
        new = client.post(f"/projects/{project['id']}/jobs", json={"type": "ingest"} | body)
        assert new.status_code == 202, new.text
        before = new.json()["id"]
        (row,) = db.execute("select parameters from jobs where id = ?", (before,)).fetchall()
        assert row["parameters"] == kept


def test_jobs_are_filtered_and_paged(client: httpx2.Client, project: dict[str, Any]) -> None:
    client.post(f"/projects/{project['id']}/jobs", json={"type": "linkedin"})
    mine = {"project": project["id"]}
    page = client.get("/jobs", params=mine).json()
    assert [job["type"] for job in page["items"]] == ["linkedin", "blog", "ingest"]
    assert page["next"] is None
    first = client.get("/jobs", params={**mine, "limit": 2}).json()
    rest = client.get("/jobs", params={**mine, "limit": 2, "cursor": first["next"]}).json()
    assert [job["type"] for job in first["items"] + rest["items"]] == ["linkedin", "blog", "ingest"]
    assert rest["next"] is None
    assert client.get("/jobs", params={**mine, "cursor": "0"}).json()["items"] == []
    blog = client.get("/jobs", params={**mine, "type": "blog", "status": "pending"}).json()
    assert [job["type"] for job in blog["items"]] == ["blog"]
    assert client.get("/jobs", params={**mine, "status": "failed"}).json()["items"] == []
    problem(client.get("/jobs", params={"status": "lost"}), 422, "invalid")


def test_a_status_is_not_sent_again_while_nothing_changed(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    job_id = of_type(project, "blog")["id"]
    address = f"/jobs/{job_id}"
    first = client.get(address)
    etag = first.headers["etag"]
    assert etag == f'W/"{first.json()["rev"]}"'
    for known in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        same = client.get(address, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
        assert "ratelimit" in same.headers
    job = claimed(db, job_id)
    until(lambda: client.get(address).json()["status"] == "running", 10, "the watcher")
    running.progress(db, job, 40, 80, "words", "Half of it", 0)
    changed = until(
        lambda: (
            (answer := client.get(address, headers={"If-None-Match": etag}))
            and answer.json()["message"] == "Half of it"
            and answer
        ),
        10,
    )
    assert changed.headers["etag"] != etag
    assert client.head(address).headers["etag"] == changed.headers["etag"]
    assert changed.json()["started_at"]


def test_a_program_reads_what_it_has_just_written(
    client: httpx2.Client, project: dict[str, Any]
) -> None:
    address = f"/jobs/{of_type(project, 'blog')['id']}"
    assert client.get(address).json()["status"] == "pending"
    cancelled = client.post(f"{address}/cancel").json()
    # At once, before the watcher can have seen it.
    assert client.get(address).json() == cancelled
    assert (cancelled["status"], cancelled["cancellable"]) == ("cancelled", False)
    assert client.post(f"{address}/cancel").json() == cancelled


def test_a_failed_job_is_retried_as_a_new_one(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    job = claimed(db, of_type(project, "blog")["id"])
    endings.fail(db, job, Problem("The model said no.", "Ask another."), "abc123")
    failed = until(
        lambda: (
            (told := client.get(f"/jobs/{job.id}").json()) and told["status"] == "failed" and told
        )
    )
    assert failed["error"] == {
        "code": "internal", "message": "The model said no.", "hint": "Ask another.",
        "error_id": "abc123",
    }  # fmt: skip
    assert failed["completed_at"]
    again = client.post(f"/jobs/{job.id}/retry")
    assert again.status_code == 202
    assert (again.json()["retry_of"], again.json()["status"]) == (job.id, "pending")
    twice = client.post(f"/jobs/{job.id}/retry")
    assert (twice.status_code, twice.json()["id"]) == (200, again.json()["id"])


def test_only_what_ended_badly_is_retried(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    blog = of_type(project, "blog")["id"]
    problem(client.post(f"/jobs/{blog}/retry"), 409, "not_retryable")


def test_a_finished_job_says_where_its_result_is(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    written(db, project)
    address = f"/jobs/{of_type(project, 'blog')['id']}"
    done = until(lambda: (j := client.get(address).json()) and j["result_url"] and j)
    assert (done["status"], done["progress_pct"]) == ("succeeded", 100)
    assert client.get(done["result_url"].removeprefix("/api/v1")).json()["body"] == "Some text."


def test_the_log_is_read_a_page_at_a_time(
    client: httpx2.Client, project: dict[str, Any], db: sqlite3.Connection
) -> None:
    job = claimed(db, of_type(project, "blog")["id"])
    running.note(db, job, "Still <b>here</b>", "warning")
    address = f"/jobs/{job.id}/logs"
    first = client.get(address, params={"limit": 1}).json()
    rest = client.get(address, params={"cursor": first["next"]}).json()
    lines = first["items"] + rest["items"]
    assert len(first["items"]) == 1
    assert rest["next"] is None
    assert lines[0]["message"] == "Started"
    assert lines[-1] | {"at": ""} == {
        "attempt": 1, "level": "warning", "message": "Still <b>here</b>", "at": "",
    }  # fmt: skip


def test_the_end_is_guessed_from_the_jobs_before(
    client: httpx2.Client, db: sqlite3.Connection
) -> None:
    before = bring(client, f"{TALK} Before.", types=["newsletter"])
    db.execute(
        "update jobs set status = 'succeeded', attempt = 1, model = 'm',"
        " stage_times = '{\"write\": 40}' where id = ?",
        (of_type(before, "newsletter")["id"],),
    )
    project = bring(client, f"{TALK} After.", types=[])
    db.execute("update jobs set status = 'succeeded' where project_id = ?", (project["id"],))
    job = client.post(f"/projects/{project['id']}/jobs", json={"type": "newsletter"}).json()
    created, end = job["created_at"], job["estimated_end_at"]
    assert end, job
    assert 39 <= _seconds(end) - _seconds(created) <= 41
    assert job["estimated_end_range"] is None


def test_a_running_job_says_between_what_it_ends(
    client: httpx2.Client, db: sqlite3.Connection
) -> None:
    job_id = of_type(bring(client, f"{TALK} A range.", types=["blog"]), "blog")["id"]
    job = claimed(db, job_id)
    running.begin_stage(db, job, "write", 0, 1)
    db.execute(
        "update jobs set started_at = ?1, stage_started_at = ?1, counted_at = ?1 where id = ?2",
        (now(-60), job_id),
    )
    running.progress(db, job, 50, 100, "", "", 0)
    job = until(
        lambda: (told := client.get(f"/jobs/{job_id}").json())["progress_pct"] == 50 and told
    )
    between = job["estimated_end_range"]
    assert between["earliest"] < job["estimated_end_at"] < between["latest"]
    assert 20 < _seconds(between["earliest"]) - _seconds(now()) < 60


def _seconds(text: str) -> float:
    from draftmill.clock import moment

    return moment(text).timestamp()
