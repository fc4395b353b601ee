"""A job is found by its user alone."""

import sqlite3

import pytest

from draftmill.errors import NotFound
from draftmill.jobs.job import job_for
from draftmill.jobs.policies import INGEST
from tests.support.job_rows import make_project, newest


def test_another_users_job_is_not_found(db: sqlite3.Connection) -> None:
    job = newest(db, make_project(db), INGEST)
    assert job_for(db, job.user_id, job.id) == job
    for stranger, job_id in ((job.user_id + 1, job.id), (job.user_id, "none")):
        with pytest.raises(NotFound):
            job_for(db, stranger, job_id)
