"""A model server of our own, and a running job that asks it: fixtures of several folders."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest

from draftmill.database.connection import connect
from draftmill.jobs.job import find_job
from draftmill.settings import Settings
from tests.support import fresh_database
from tests.support.model_server import ModelServer
from tests.support.model_writer import KEY, Watched, add_running_job


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def running_job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which a job is running, to copy."""
    database = tmp_path_factory.mktemp("database") / "draftmill.db"
    fresh_database.make(database)
    with closing(connect(database)) as db:
        add_running_job(db)
        db.execute("pragma wal_checkpoint(truncate)")
    return database


@pytest.fixture
def work(tmp_path: Path, server: ModelServer, running_job: Path) -> Iterator[Watched]:
    settings = Settings(
        data=tmp_path,
        llm_base_url=server.base_url,
        llm_model="writer-7b",
        llm_api_key=KEY,
        llm_timeout_s=5.0,
    )
    copyfile(running_job, settings.database)
    db = connect(settings.database)
    job = find_job(db, "j1")
    project = db.execute("select * from projects").fetchone()
    yield Watched(settings, db, job, project, tmp_path)
    db.close()
