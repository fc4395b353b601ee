"""Projects and jobs as bare rows, for tests of the verbs."""

import sqlite3

import httpx2

from draftmill.jobs import endings, running
from draftmill.jobs.job import Job, newest_job
from draftmill.jobs.queue import claim_next
from draftmill.projects import creation
from draftmill.projects.details import Details
from draftmill.projects.recording import Recording
from tests.support.house import project_id


def make_project(db: sqlite3.Connection, types: tuple[str, ...] = (), sha: str = "a") -> str:
    db.execute(
        "insert or ignore into users (id, email, password_hash, role, created_at)"
        " values (1, 'mara@example.org', '', 'owner', '')"
    )
    recording = Recording(
        creation.new_id(), "recording.mp4", "talk.mp4", "video/mp4", 9, sha, 60.0, 640, 360
    )
    return creation.from_recording(db, 1, recording, Details(types=types)).project_id


def newest(db: sqlite3.Connection, project_id: str, task_type: str) -> Job:
    job = newest_job(db, project_id, task_type)
    assert job is not None
    return job


def claim(db: sqlite3.Connection, queue: str = "media") -> Job:
    job = claim_next(db, queue)
    assert job is not None
    return job


def with_transcript(db: sqlite3.Connection, project_id: str) -> None:
    """The ingest succeeds and leaves a transcript."""
    ingest = claim(db)
    with running.fenced(db, ingest):
        row = db.execute(
            "insert into transcripts (project_id, params_hash, model, created_at)"
            " values (?, '', '', '') returning id",
            (project_id,),
        ).fetchone()
        db.execute("update projects set transcript_id = ? where id = ?", (row["id"], project_id))
        endings.succeed(db, ingest)


def brought(client: httpx2.Client, text: str) -> str:
    answer = client.post(
        "/projects",
        files={"recording": ("", b"")},
        data={"transcript_text": text, "context": "A talk about review."},
    )
    return project_id(answer)
