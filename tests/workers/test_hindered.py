"""A real worker that can write no more ends its job when it can."""

import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from tests.support.held_model import REPLY
from tests.support.house import QUICK, House, opened, until
from tests.support.job_rows import brought
from tests.support.model_server import Exchange, ModelServer, answers
from tests.support.worker_processes import processes

TALK = "Every pull request should be small enough to read in ten minutes. We tried it for a year."


class Gate:
    """A model that answers when it is told to."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def answer(self, exchange: Exchange) -> None:
        while not self.open.wait(0.05):
            if exchange.closing.is_set():
                return
        answers(REPLY)(exchange)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[House]:
    environ = {
        "DRAFTMILL_LLM_BASE_URL": model.base_url,
        "DRAFTMILL_LLM_MODEL": "test",
        "DRAFTMILL_RETRY_DELAY_S": "0.1",
    }
    with opened(tmp_path_factory.mktemp("full") / "data", **QUICK, **environ) as running:
        yield running


def writing(house: House, owner: httpx2.Client, text: str) -> tuple[str, int]:
    """A draft whose worker waits for the model: the job and the worker's pid."""
    project = brought(owner, text)
    answer = owner.post(f"/projects/{project}/jobs", data={"type": "blog"})
    assert answer.status_code == 303
    row = house.one("select id from jobs where project_id = ? and type = 'blog'", project)
    assert row is not None
    until(lambda: house.job(row["id"])["stage"] == "write", why="the writing")
    return row["id"], until(lambda: processes(house, "work"), why="a child")[0]


def test_a_worker_that_can_write_no_more_ends_its_job_when_it_can(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    gate = Gate()
    model.then(gate.answer)
    job_id, child = writing(house, owner, TALK)
    no_more = 16_384  # bytes of a file: enough for the log, too little for the database
    resource.prlimit(child, resource.RLIMIT_FSIZE, (no_more, resource.RLIM_INFINITY))
    gate.open.set()
    until(lambda: f"the end of job {job_id} cannot be written yet" in house.log())
    assert house.job(job_id)["status"] == "running"
    resource.prlimit(child, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    job = house.ended(job_id)
    assert (job["status"], job["crashes"]) == ("succeeded", 0)
    logged = house.rows("select message from job_logs where job_id = ?", job_id)
    assert any("Retry 1 of 3" in row["message"] for row in logged)


def test_a_child_killed_while_the_database_is_held_is_taken_in_when_it_is_free(
    house: House, owner: httpx2.Client, model: ModelServer
) -> None:
    gate = Gate()
    model.then(gate.answer)
    job_id, child = writing(house, owner, f"{TALK} And for another one.")
    with closing(house.db()) as db:
        db.execute("begin immediate")
        os.kill(child, signal.SIGKILL)
        until(lambda: not processes(house, "work"), why="the child to be gone")
        assert db.execute("select status from jobs where id = ?", (job_id,)).fetchone()[0] == (
            "running"
        )
        db.execute("rollback")
    gate.open.set()
    job = house.ended(job_id)
    assert (job["status"], job["crashes"], job["attempt"]) == ("succeeded", 1, 2)
