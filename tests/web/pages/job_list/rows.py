"""Rows of the list of jobs: read from its page, and made in numbers."""

import re
from contextlib import closing
from uuid import uuid4

import httpx2

from draftmill.clock import now
from draftmill.database.connection import transaction
from tests.support.browser import newest_job
from tests.support.house import House

JOB = (
    "insert into jobs (id, project_id, user_id, type, queue, status, origin_id, created_at,"
    " updated_at, completed_at) values (?, ?, 1, 'blog', 'writing', ?, ?, ?, ?, ?)"
)


def ids_on(page: str) -> list[str]:
    return re.findall(r'<li id="row-([0-9a-f-]{36})"', page)


def start(
    house: House, client: httpx2.Client, project: str, task_type: str, instructions: str = ""
) -> str:
    form = {"type": task_type, "instructions": instructions}
    assert client.post(f"/projects/{project}/jobs", data=form).status_code == 303
    return newest_job(house, project, task_type)


def add_ended(house: House, project: str, count: int, status: str) -> list[str]:
    """The ids of so many jobs that ended, oldest first."""
    ids = [str(uuid4()) for _ in range(count)]
    with closing(house.db()) as db, transaction(db):
        db.executemany(JOB, [(one, project, status, one, *[now()] * 3) for one in ids])
    return ids


def succeeded(house: House, project: str, task_type: str) -> str:
    """The id of the job of a type that made something."""
    query = "select id from jobs where project_id = ? and type = ? and status = 'succeeded'"
    row = house.one(query, project, task_type)
    assert row
    return str(row["id"])
