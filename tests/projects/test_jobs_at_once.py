"""What is done to many jobs looks at each no longer than it must."""

import sqlite3
from uuid import uuid4

from draftmill.clock import now
from draftmill.jobs.job import find_job
from draftmill.projects.job_list import Wanted
from draftmill.projects.jobs_at_once import retry_failed
from tests.support.job_rows import make_project, with_transcript

MANY = 50
JOB = (
    "insert into jobs (id, project_id, user_id, type, queue, status, error_code, origin_id,"
    " created_at, updated_at, completed_at) values (?, ?, 1, ?, 'writing', 'failed', ?, ?, ?, ?, ?)"
)


def add_failed(db: sqlite3.Connection, project: str, task_type: str, code: str, count: int) -> None:
    for _ in range(count):
        number = str(uuid4())
        db.execute(JOB, (number, project, task_type, code, number, *[now()] * 3))


def test_of_many_failures_each_that_is_not_worth_a_retry_costs_one_question(
    db: sqlite3.Connection,
) -> None:
    project = make_project(db)
    with_transcript(db, project)
    add_failed(db, project, "blog", "model_busy", MANY)  # the newest of them is worth it
    for n in range(MANY):
        add_failed(db, make_project(db, sha=f"sha{n}"), "blog", "no_speech", 1)
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    done = retry_failed(db, 1, Wanted())
    assert [job.type for number in done.job_ids if (job := find_job(db, number))] == ["blog"]
    assert len(asked) < 2 * MANY + 50
