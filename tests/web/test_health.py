"""Whether Draftmill can work is what /readyz says: database and each queue's worker."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from draftmill.settings import Settings
from draftmill.workers.consumers import ConsumerProcess
from tests.support.house import QUICK, House, opened, until
from tests.support.worker_processes import processes


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Its workers may be silent for three seconds, and are called silent before that."""
    environ = QUICK | {"DRAFTMILL_CONSUMER_SILENT_TICKS": "30"}
    with opened(tmp_path_factory.mktemp("ready") / "data", **environ) as running:
        yield running


def asked(house: House) -> tuple[int, dict[str, Any]]:
    answer = httpx2.get(f"{house.url}/readyz")
    return answer.status_code, answer.json()


def ready(house: House) -> dict[str, Any]:
    """What is said once everything works."""
    return until(lambda: (said := asked(house))[0] == 200 and said[1], why="readiness")


def worker(house: House, queue: str) -> int:
    return until(lambda: processes(house, queue), why=f"the {queue} worker")[0]


def test_it_is_ready_when_the_database_and_both_workers_are(house: House) -> None:
    said = ready(house)
    assert said["ok"]
    assert said["database"]
    for queue in ("media", "writing"):
        assert said["queues"][queue]["alive"]
        assert said["queues"][queue]["state"] == "ok"


def test_a_worker_that_was_killed_is_started_again_and_counted(house: House) -> None:
    before = ready(house)["queues"]["media"]["restarts"]
    killed = worker(house, "media")
    os.kill(killed, signal.SIGKILL)
    until(lambda: processes(house, "media") not in ([], [killed]), why="another worker")
    said = ready(house)["queues"]["media"]
    assert said["restarts"] == before + 1
    assert said["last_end"] == "ended with -9"
    assert ready(house)["queues"]["writing"]["restarts"] == 0


def test_a_worker_that_hangs_makes_it_unready_and_is_replaced(house: House) -> None:
    before = ready(house)["queues"]["media"]["restarts"]
    frozen = worker(house, "media")
    os.kill(frozen, signal.SIGSTOP)
    status, said = until(lambda: (said := asked(house))[0] != 200 and said, why="503")
    assert status == 503
    assert not said["ok"]
    assert not said["queues"]["media"]["alive"]
    assert said["queues"]["writing"]["alive"]
    assert ready(house)["queues"]["media"]["restarts"] == before + 1
    assert worker(house, "media") != frozen
    assert "the media worker stopped answering and is ended" in house.log()


def test_a_worker_that_dies_again_and_again_is_started_ever_more_seldom(tmp_path: Path) -> None:
    # Its folder for queues is a file: it cannot begin.
    (tmp_path / "queues").write_text("")
    consumer = ConsumerProcess("media", Settings(data=tmp_path), 1)
    delays = []
    try:
        for died in (1, 2, 3, 4, 5, 6):
            moment = max(time.monotonic(), consumer.start_at)
            consumer.tend(moment)
            assert consumer.process
            consumer.process.wait()
            assert consumer.health()["state"] == "down"
            consumer.tend(moment)
            assert consumer.process is None
            assert consumer.restarts == died
            delays.append(round(consumer.start_at - moment, 3))
    finally:
        consumer.kill()
    assert delays == [0.0, 0.5, 1.0, 2.0, 5.0, 5.0]
