"""A clock that jumps by three days, either way: nothing waits for it, nothing is ended by it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.support.faults_table import Ledger
from tests.support.house import PASSWORD, until
from tests.support.storage_house import StorageHouse, storage_house
from tests.support.worker_processes import processes

DAYS = ("+3d", "-3d")


@dataclass
class Clock:
    """The clock of all processes of a house; durations are measured by another, which is right."""

    file: Path

    def jump(self, offset: str) -> None:
        """Set it to the true time and `offset`, such as +3d."""
        aside = self.file.with_suffix(".new")
        aside.write_text(f"{offset}\n")
        aside.replace(self.file)

    @property
    def environ(self) -> dict[str, str]:
        libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not libraries:
            pytest.skip("libfaketime is not installed")
        return {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
        }


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    made = Clock(tmp_path_factory.mktemp("clock") / "offset")
    made.jump("+0")
    return made


@pytest.fixture(scope="module")
def ours(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageHouse]:
    """One house for all jumps, with one worker: jobs wait for each other."""
    folder = tmp_path_factory.mktemp("days")
    with storage_house(folder / "data", DRAFTMILL_WRITING_WORKERS="1", **clock.environ) as made:
        yield made
        clock.jump("+0")
        made.leave()


@pytest.fixture(params=[("+0", day) for day in DAYS] + [(day, "+0") for day in DAYS])
def jump(
    request: pytest.FixtureRequest,
    clock: Clock,
    ours: StorageHouse,
    full: bool,
    ledger: Ledger,
    passed: Callable[[], bool],
) -> Iterator[Callable[[], None]]:
    """The clock as it is before; called, it jumps. From a wrong time back to the right one too."""
    before, after = request.param
    if before != "+0" and not full:
        pytest.skip("only in `make faults`")
    set_clock(clock, ours, before)
    yield lambda: set_clock(clock, ours, after)
    ours.sound()
    name = request.node.name.partition("[")[0].removeprefix("test_").replace("_", " ")
    if passed():
        ledger.record(f"Clock jumps of 3 days: {name}", 4)


def set_clock(clock: Clock, ours: StorageHouse, offset: str) -> None:
    """Let the clock jump, and wait until the house has seen it: within a second."""
    clock.jump(offset)
    days = int(offset.removesuffix("d"))

    def seen() -> bool:
        date = parsedate_to_datetime(ours.client.get("/healthz").headers["date"])
        ahead = date - datetime.now(UTC)
        return abs(ahead - timedelta(days=days)) < timedelta(hours=1)

    until(seen, why="the house to see its clock")


def test_a_pending_retry_comes_in_its_time(ours: StorageHouse, jump: Callable[[], None]) -> None:
    job_id = ours.order("tired:2")
    until(lambda: ours.house.job(job_id)["retries"] == 1, why="the first retry")
    jump()
    job = ours.succeeded(job_id, 60)
    assert (job["attempt"], job["crashes"]) == (3, 0)


def test_an_interrupted_job_goes_on_and_a_running_one_is_left_alone(
    ours: StorageHouse, jump: Callable[[], None], tmp_path: Path
) -> None:
    go = f"go-{tmp_path.name}"
    job_id = ours.order(f"wait:{go}")
    ours.running(job_id)
    jump()
    # Longer than a silent child may live in this house: more than three seconds of beats.
    child = processes(ours.house, "work")
    ours.house_looks(40)
    assert processes(ours.house, "work") == child
    ours.pill(job_id)
    for _ in range(2):
        attempt = ours.house.job(job_id)["attempt"]
        os.kill(processes(ours.house, "work")[0], signal.SIGKILL)
        until(lambda: ours.house.job(job_id)["attempt"] > attempt, 30, "the next attempt")  # noqa: B023
        until(lambda: processes(ours.house, "work"), why="its child")
    ours.release(go)
    job = ours.succeeded(job_id, 60)
    assert (job["attempt"], job["crashes"]) == (3, 2)


def test_jobs_keep_their_order(
    ours: StorageHouse, jump: Callable[[], None], tmp_path: Path
) -> None:
    go = f"go-{tmp_path.name}"
    # One works, one was asked for before the jump, one after it.
    first = ours.order(f"wait:{go}")
    ours.running(first)
    second = ours.order(kind="noop2")
    jump()
    third = ours.order(kind="noop3")
    ours.release(go)
    for job_id in (first, second, third):
        ours.succeeded(job_id, 60)
    # Logs are numbered as they were written, whatever the clock said.
    begun = ours.house.rows(
        "select job_id from job_logs where message = 'Done' order by id desc limit 3"
    )
    assert [row["job_id"] for row in begun] == [third, second, first]


def test_nobody_is_signed_out_or_kept_out(ours: StorageHouse, jump: Callable[[], None]) -> None:
    with closing(ours.house.client()) as other:
        wrong = {"email": "mara@example.org", "password": "wrong"}
        codes = [other.post("/login", data=wrong).status_code for _ in range(6)]
        assert codes[-1] == 429
    jump()
    assert ours.client.get("/").status_code == 200
    with closing(ours.house.client()) as other:
        right = {"email": "mara@example.org", "password": PASSWORD}
        assert other.post("/login", data=right).status_code == 303
        assert other.get("/").status_code == 200


def test_a_start_after_the_jump_takes_everything_up(
    ours: StorageHouse, jump: Callable[[], None], tmp_path: Path
) -> None:
    go = f"go-{tmp_path.name}"
    job_id = ours.order(f"wait:{go}")
    ours.running(job_id)
    waiting = ours.order("tired:1", kind="noop2")
    jump()
    ours.house.kill()
    ours.house.start()
    assert ours.client.get("/").status_code == 200
    ours.release(go)
    assert ours.succeeded(job_id, 60)["crashes"] == 1
    ours.succeeded(waiting, 60)
