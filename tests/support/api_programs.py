"""Programs that use Draftmill by its API: a token, a client, and a project with drafts."""

import itertools
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx2
import uvicorn

from app import create_app
from draftmill.accounts import tokens, users
from draftmill.database.connection import connect
from draftmill.drafts import generated
from draftmill.drafts.written import Written
from draftmill.jobs import endings, running
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.queue import claim_next
from draftmill.settings import Settings
from draftmill.web.middleware.bearer import API
from draftmill.web.streams import Streams
from tests.support import fresh_database
from tests.support.house import PASSWORD, House, until

OWNER = "mara@example.org"
TALK = (
    "Every pull request should be small enough to read in ten minutes.\n"
    "Small changes reached production within a day and were rolled back half as often."
)
_names = itertools.count(1)


class Place(Protocol):
    """Where a Draftmill runs: a House with workers, or a ServerAlone without."""

    url: str

    def db(self) -> sqlite3.Connection: ...


@dataclass
class ServerAlone:
    """The web pages and the API alone, over real HTTP: no worker changes a job behind a test."""

    url: str
    settings: Settings
    streams: Streams

    def db(self) -> sqlite3.Connection:
        return connect(self.settings.database, 10)

    def job(self, job_id: str) -> Job:
        with closing(self.db()) as db:
            job = find_job(db, job_id)
        assert job
        return job


@contextmanager
def server_alone(data: Path) -> Iterator[ServerAlone]:
    """A ServerAlone with the users Mara and second@example.org."""
    # No worker asks the model: that there is one lets instructions be given.
    settings = Settings(data=data, llm_base_url="http://127.0.0.1:9/v1", llm_model="a-model")
    streams = Streams()
    fresh_database.make(settings.database)
    with closing(connect(settings.database)) as db:
        for email in (OWNER, "second@example.org"):
            users.add_user(db, email, PASSWORD)
    app = create_app(settings, streams=streams)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, 30, "the server to start")
        (listener,) = server.servers[0].sockets
        yield ServerAlone(f"http://127.0.0.1:{listener.getsockname()[1]}", settings, streams)
    finally:
        streams.stop()
        server.should_exit = True
        thread.join()


def token_for(house: Place, email: str = OWNER) -> str:
    """A new token, made as the command line makes it."""
    with closing(house.db()) as db:
        return tokens.add(db, users.by_email(db, email).id, f"test {next(_names)}")


def program(house: Place, token: str, **headers: str) -> httpx2.Client:
    """A client of the API that sends its token and nothing that browsers send."""
    headers = {"Authorization": f"Bearer {token}"} | headers
    return httpx2.Client(base_url=house.url + API, headers=headers, timeout=60)


def bring(client: httpx2.Client, text: str = TALK, **fields: object) -> dict[str, Any]:
    """A project from a transcript's text."""
    answer = client.post("/projects", json={"transcript_text": text, **fields})
    assert answer.status_code in (200, 201), answer.text
    project: dict[str, Any] = answer.json()
    return project


def finished(house: House, project: Mapping[str, Any]) -> None:
    """Wait until all jobs of a project have succeeded."""
    for job in project["jobs"]:
        assert house.ended(job["id"])["status"] == "succeeded"


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The document of a refusal, whose parts agree."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (document["status"], document["code"]) == (status, code)
    assert document["message"] in document["detail"]
    assert document["hint"]
    return document


def of_type(project: dict[str, Any], task_type: str) -> dict[str, Any]:
    (job,) = [job for job in project["jobs"] if job["type"] == task_type]
    return dict(job)


def claimed(db: sqlite3.Connection, job_id: str) -> Job:
    """The job at work, as if a worker had taken it."""
    db.execute("update jobs set waits = 0 where id = ?", (job_id,))
    while job := claim_next(db, "writing") or claim_next(db, "media"):
        if job.id == job_id:
            return job
    raise AssertionError("it was not due")


def written(db: sqlite3.Connection, project: dict[str, Any]) -> None:
    """The blog post, as if its job had written it."""
    job = claimed(db, of_type(project, "blog")["id"])
    with running.fenced(db, job):
        generated.add_generated(db, job, Written("A title", "Some text.", "m", {}, {}))
        endings.succeed(db, job, "1")
