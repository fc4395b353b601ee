"""Server-sent events: the latest state per change, resumable, ended by the end."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from draftmill.accounts import tokens
from draftmill.jobs import endings, running
from draftmill.jobs.job import Job
from draftmill.jobs.queue import claim_next
from draftmill.web import streams
from draftmill.web.api import events
from tests.support.api_programs import TALK, ServerAlone, bring, problem, program, token_for
from tests.support.house import House, until


@pytest.fixture
def token(server: ServerAlone) -> str:
    return token_for(server)


@pytest.fixture
def client(server: ServerAlone, token: str) -> Iterator[httpx2.Client]:
    with program(server, token) as client:
        yield client


@pytest.fixture
def job(client: httpx2.Client, db: sqlite3.Connection, request: pytest.FixtureRequest) -> Job:
    """A job at work, whose worker is the test."""
    project = bring(client, f"{TALK}\n{request.node.name}.", types=["blog"])
    (blog,) = [job["id"] for job in project["jobs"] if job["type"] == "blog"]
    db.execute("update jobs set waits = 0 where id = ?", (blog,))
    while job := claim_next(db, "writing"):
        if job.id == blog:
            address = f"/jobs/{blog}"
            until(
                lambda at=address: client.get(at).json()["status"] == "running", 10, "the watcher"
            )
            return job
    raise AssertionError("it was not due")


Event = tuple[str, str, dict[str, Any]]


def parsed(lines: Iterator[str]) -> Iterator[Event]:
    """Id, name and data of each event."""
    found: dict[str, str] = {}
    for line in lines:
        if not line and "data" in found:
            yield found.get("id", ""), found["event"], json.loads(found["data"])
            found = {}
        name, _, value = line.partition(": ")
        found[name] = value


@contextmanager
def watching(client: httpx2.Client, job_id: str, last: str = "") -> Iterator[Iterator[Event]]:
    headers = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", f"/jobs/{job_id}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield parsed(answer.iter_lines())


def open_streams(server: ServerAlone) -> int:
    return len(server.streams._open)


def test_each_change_brings_the_latest_state_until_the_end(
    client: httpx2.Client, job: Job, db: sqlite3.Connection, server: ServerAlone
) -> None:
    with watching(client, job.id) as stream:
        id_, name, state = next(stream)
        assert (name, state["status"], state["id"]) == ("job", "running", job.id)
        assert id_ == str(state["rev"])
        running.progress(db, job, 1, 4, "words", "One", 0)
        later_id, _, later = next(stream)
        assert (later["message"], int(later_id) > int(id_)) == ("One", True)
        endings.succeed(db, job)
        rest = list(stream)
    assert [state["status"] for _, _, state in rest][-1] == "succeeded"
    assert rest[-1][2] == client.get(f"/jobs/{job.id}").json()
    until(lambda: open_streams(server) == 0, 10, "the stream to be forgotten")


def test_who_comes_back_gets_only_what_is_newer(
    client: httpx2.Client, job: Job, db: sqlite3.Connection
) -> None:
    with watching(client, job.id) as stream:
        seen, _, _ = next(stream)
    running.progress(db, job, 1, 4, "words", "Missed", 0)
    running.progress(db, job, 2, 4, "words", "Latest", 0)
    until(lambda: client.get(f"/jobs/{job.id}").json()["message"] == "Latest", 10)
    with watching(client, job.id, seen) as stream:
        id_, _, state = next(stream)
        assert state["message"] == "Latest"
    with watching(client, job.id, id_) as stream:
        endings.succeed(db, job)
        assert next(stream)[2]["status"] == "succeeded"


def test_a_browser_that_saw_the_end_does_not_come_back(
    client: httpx2.Client, job: Job, db: sqlite3.Connection
) -> None:
    endings.succeed(db, job)
    until(lambda: client.get(f"/jobs/{job.id}").json()["status"] == "succeeded", 10)
    with watching(client, job.id) as stream:
        ((id_, _, state),) = stream
    assert state["status"] == "succeeded"
    # 204 is what tells an EventSource to stop.
    again = client.get(f"/jobs/{job.id}/events", headers={"Last-Event-ID": id_})
    assert (again.status_code, again.content) == (204, b"")
    for odd in ("x", "-1", "9" * 40):
        with watching(client, job.id, odd) as stream:
            assert len(list(stream)) == 1


def test_a_deleted_job_ends_its_streams(client: httpx2.Client, job: Job) -> None:
    with watching(client, job.id) as stream:
        next(stream)
        client.delete(f"/projects/{job.project_id}")
        assert list(stream) == [("", "deleted", {})]
    problem(client.get(f"/jobs/{job.id}/events"), 404, "not_found")


def test_a_revoked_token_ends_its_streams_and_no_others(
    server: ServerAlone, client: httpx2.Client, token: str, job: Job, db: sqlite3.Connection
) -> None:
    with program(server, token_for(server)) as other, watching(other, job.id) as kept:
        next(kept)
        with watching(client, job.id) as stream:
            next(stream)
            holder = tokens.find(db, token)
            assert holder
            tokens.revoke(db, holder.user.id, holder.token_id)
            assert list(stream) == []
        problem(client.get(f"/jobs/{job.id}/events"), 401, "unauthorized")
        endings.succeed(db, job)
        assert next(kept)[2]["status"] == "succeeded"


def test_a_quiet_stream_beats(
    client: httpx2.Client, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_S", 0.05)
    with client.stream("GET", f"/jobs/{job.id}/events") as answer:
        comments = (line for line in answer.iter_lines() if line.startswith(":"))
        assert [next(comments), next(comments)] == [": still here"] * 2


def test_a_user_has_only_so_many_streams(
    server: ServerAlone, client: httpx2.Client, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 2)
    address = f"/jobs/{job.id}/events"
    with watching(client, job.id) as one, watching(client, job.id) as two:
        next(one), next(two)
        refused = client.get(address)
        problem(refused, 429, "too_many_streams")
        assert refused.headers["retry-after"] == "5"
        assert client.head(address).status_code == 200
    until(lambda: open_streams(server) == 0, 10, "the streams to be forgotten")
    with watching(client, job.id) as stream:
        next(stream)


def test_who_goes_away_is_forgotten(server: ServerAlone, client: httpx2.Client, job: Job) -> None:
    with watching(client, job.id) as stream:
        next(stream)
        assert open_streams(server) == 1
    until(lambda: open_streams(server) == 0, 10, "the stream to be forgotten")


def test_every_watcher_sees_every_end(
    server: ServerAlone, client: httpx2.Client, job: Job, db: sqlite3.Connection
) -> None:
    ends: list[str] = []
    ready = threading.Barrier(6)

    def watch() -> None:
        with watching(client, job.id) as stream:
            next(stream)
            ready.wait(30)
            ends.append(list(stream)[-1][2]["status"])

    watchers = [threading.Thread(target=watch) for _ in range(5)]
    for watcher in watchers:
        watcher.start()
    ready.wait(30)
    endings.cancel(db, job)
    endings.release(db, job)
    for watcher in watchers:
        watcher.join(30)
    assert ends == ["cancelled"] * 5


def test_a_stop_ends_streams_cleanly_and_in_time(house: House, owner: httpx2.Client) -> None:
    """With real workers, a real signal, and a recording that takes longer than the stop."""
    from tests.support.house import SAMPLE

    with program(house, token_for(house)) as client, SAMPLE.open("rb") as file:
        project = client.post("/projects", files={"recording": ("a.mp4", file)}).json()
        job_id = project["jobs"][0]["id"]
        with client.stream("GET", f"/jobs/{job_id}/events") as answer:
            lines = answer.iter_lines()
            next(lines)
            assert house.stop() == 0  # fails after 15 s; a stop that hangs is killed at 4 s
            for _ in lines:  # a stream that was cut off would raise
                pass
    house.start()
