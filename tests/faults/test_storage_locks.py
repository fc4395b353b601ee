"""The database held by another writer, and queue files that are damaged, gone or read-only."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.faults_table import Ledger
from tests.support.house import SAMPLE
from tests.support.storage_house import JANITOR_S, StorageHouse, storage_house
from tests.support.worker_processes import processes

Rounds = Callable[[int, int], int]
HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
db.execute("begin immediate")
db.execute("update counters set n = n + 1")
print("held", flush=True)
sys.stdin.read()
db.execute("commit")
"""


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[StorageHouse]:
    with storage_house(tmp_path / "data", DRAFTMILL_WRITING_WORKERS="1") as made:
        yield made
        made.leave()


@contextlib.contextmanager
def held(ours: StorageHouse) -> Iterator[None]:
    """A process that has begun to write and does not end, for the length of the block."""
    command = [sys.executable, "-c", HOLDER, str(ours.house.data / "draftmill.db")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()
        assert holder.wait(60) == 0


def test_a_writer_that_holds_the_database_delays_jobs_and_kills_none(
    ours: StorageHouse, rounds: Rounds, full: bool, ledger: Ledger
) -> None:
    hold_s = rounds(5, 30)  # longer than a silent child may live in this house
    at_work = ours.order("wait:go")
    ours.running(at_work)
    waiting = ours.order(kind="noop2")
    with held(ours):
        began = time.monotonic()
        answer = ours.client.post(f"/jobs/{at_work}/cancel")
        took_s = time.monotonic() - began
        assert answer.status_code == 503
        assert "Draftmill is busy" in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["retry-after"]
        assert took_s >= 3
        assert took_s < 4 or not full
        # What was refused leaves nothing behind.
        with SAMPLE.open("rb") as recording:
            sent = {"recording": ("talk.mp4", recording)}
            assert ours.client.post("/projects", files=sent).status_code == 503
        ours.release()
        while time.monotonic() - began < hold_s:
            for page in ("/", f"/projects/{ours.project}", "/readyz"):
                assert ours.client.get(page).status_code == 200
            assert "Draftmill is busy" not in ours.pill(at_work)
            assert ours.house.job(at_work)["status"] == "running"
    let_go = time.monotonic()
    job = ours.succeeded(at_work)
    back_s = time.monotonic() - let_go
    assert (job["attempt"], job["crashes"], job["cancel_requested_at"]) == (1, 0, None)
    assert ours.succeeded(waiting)["attempt"] == 1
    counted = ours.house.one("select count(*) from projects")
    assert counted is not None
    assert counted[0] == 1
    ours.succeeded(ours.order())
    ours.sound()
    name = "A writer that holds the database for 30 s"
    ledger.record(name, 1, back_s=[back_s], most_s=2.0 if full else None)
    assert back_s < 2 or not full


def noise(file: Path) -> None:
    """Other bytes in the same file, as a broken disk would leave it."""
    with file.open("r+b") as damaged:
        damaged.write(os.urandom(max(file.stat().st_size, 64_000)))


def shorten(file: Path) -> None:
    os.truncate(file, 100)


def everything(harm: Callable[[Path], None]) -> Callable[[Path], None]:
    """The same harm to the file's log and index."""

    def do(file: Path) -> None:
        for path in sorted(file.parent.glob(f"{file.name}*")):
            harm(path)

    return do


RARE = ("and its log overwritten", "shortened", "and its log deleted")
HARMS: dict[str, Callable[[Path], None]] = {
    "overwritten": noise,
    "and its log overwritten": everything(noise),
    "shortened": shorten,
    "deleted": Path.unlink,
    "and its log deleted": everything(Path.unlink),
    "read-only": lambda file: file.chmod(0o400),
}


@pytest.fixture(scope="module")
def queues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageHouse]:
    """One house for all harms: each heals before the next."""
    folder = tmp_path_factory.mktemp("queues")
    with storage_house(folder / "data", DRAFTMILL_WRITING_WORKERS="1", POOR="1") as made:
        yield made
        made.leave(JANITOR_S)


@pytest.mark.parametrize("harm", HARMS)
def test_jobs_go_on_when_a_queue_file_is_harmed(
    queues: StorageHouse, harm: str, full: bool, ledger: Ledger
) -> None:
    if harm in RARE and not full:
        pytest.skip("only in `make faults`")
    file = queues.house.data / "queues" / "writing.db"
    # While a job is at work and another waits for its turn.
    go = harm.replace(" ", "-")
    at_work = queues.order(f"wait:{go}")
    queues.running(at_work)
    waiting = queues.order(kind="noop2")
    HARMS[harm](file)
    queues.release(go)
    queues.succeeded(at_work)
    queues.succeeded(waiting)
    queues.succeeded(queues.order())
    # Before a consumer starts.
    HARMS[harm](file)
    consumer = processes(queues.house, "writing")
    os.kill(consumer[0], signal.SIGKILL)
    queues.succeeded(queues.order())
    # Before everything starts.
    assert queues.house.stop() == 0
    HARMS[harm](file)
    queues.house.start()
    queues.succeeded(queues.order())
    queues.sound()
    ledger.record(f"A queue file {harm}, at work and before a start", 3)
