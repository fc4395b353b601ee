"""The bells that wake a sleeping house: too early, for nobody, never, or while the machine sleeps."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from draftmill.clock import moment, now
from draftmill.database.connection import transaction
from tests.support.faults_table import Ledger
from tests.support.house import until
from tests.support.places import ROOT
from tests.support.process_states import stopped
from tests.support.storage_house import NOOP, StorageHouse, storage_house
from tests.support.tracing import options, traced
from tests.support.worker_processes import processes

PROMISED_S = 0.3  # from a commit until the pages show it
BUSY_S = 0.7  # more, on a loaded machine
USED_UP = """
import errno, os
flags = None
def INotify():
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
"""


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageHouse]:
    folder = tmp_path_factory.mktemp("bells")
    with storage_house(folder / "data", DRAFTMILL_WRITING_WORKERS="1") as made:
        yield made
        made.leave()


def put_off(ours: StorageHouse, job_id: str, until_: str | None) -> None:
    """Write when a job may go on, as a process would that ends before it tells the queue."""
    with contextlib.closing(ours.house.db()) as db, transaction(db):
        db.execute(
            "update jobs set run_after = ?, delayed_at = ? where id = ? and status = 'pending'",
            (until_, now() if until_ else None, job_id),
        )


def put_off_and_forgotten(ours: StorageHouse, tmp_path: Path) -> str:
    """A job that has no message in its queue, and an hour to wait."""
    go = f"go-{tmp_path.name}"
    at_work = ours.order(f"wait:{go}")
    ours.running(at_work)
    job_id = ours.order(kind="noop2")
    put_off(ours, job_id, now(3600))
    ours.release(go)
    ours.succeeded(at_work)
    assert ours.house.job(job_id)["status"] == "pending"
    return job_id


def started_s(ours: StorageHouse, job_id: str) -> float:
    """The moment at which a job was claimed, in Unix seconds."""
    ours.succeeded(job_id)
    return moment(ours.house.job(job_id)["started_at"]).timestamp()


@pytest.mark.parametrize("sync_s", [0.2, 1.5])
def test_what_a_slow_disk_has_synced_at_last_is_on_the_page_at_once(
    ours: StorageHouse, tmp_path: Path, sync_s: float, full: bool, ledger: Ledger
) -> None:
    worker = until(lambda: processes(ours.house, "writing"), why="the consumer")[0]
    slow = ["-e", f"inject=fdatasync:delay_enter={round(sync_s * 1e6)}"]
    with traced(worker, options(ours.house, *slow)):
        go = f"go-{tmp_path.name}"
        job_id = ours.order(f"wait:{go}")
        ours.pill(job_id)  # it is in memory from now on
        until(lambda: ours.house.job(job_id)["status"] == "running", 30, "the commit")
        began = time.monotonic()
        until(lambda: 'data-status="running"' in ours.pill(job_id), 30, "the page")
        took_s = time.monotonic() - began
    ours.release(go)
    ours.succeeded(job_id)
    most_s = PROMISED_S if full else PROMISED_S + BUSY_S
    ledger.record(
        "A sync that takes 0.2 or 1.5 s: its change on a page", 1, back_s=[took_s], most_s=most_s
    )
    assert took_s <= most_s


def test_a_job_whose_message_was_lost_is_started_soon(
    ours: StorageHouse, tmp_path: Path, ledger: Ledger
) -> None:
    job_id = put_off_and_forgotten(ours, tmp_path)
    began_s = time.time()
    put_off(ours, job_id, None)
    late_s = started_s(ours, job_id) - began_s
    ledger.record("A message that was lost", 1, back_s=[late_s], most_s=1.0)
    assert late_s < 1 + BUSY_S


def test_a_retry_comes_when_it_is_due(ours: StorageHouse, tmp_path: Path, ledger: Ledger) -> None:
    job_id = put_off_and_forgotten(ours, tmp_path)
    due = now(2)
    put_off(ours, job_id, due)
    late_s = started_s(ours, job_id) - moment(due).timestamp()
    ledger.record("A retry after a wait: later than due by", 1, back_s=[late_s], most_s=0.5)
    assert 0 <= late_s < 0.5 + BUSY_S


def test_a_machine_that_slept_goes_on_with_everything(
    ours: StorageHouse, tmp_path: Path, ledger: Ledger
) -> None:
    """All processes are stopped, one job is at work, one waits, and one becomes due meanwhile."""
    late = put_off_and_forgotten(ours, tmp_path)
    go = f"again-{tmp_path.name}"
    at_work = ours.order(f"wait:{go}")
    ours.running(at_work)
    waiting = ours.order(kind="noop3")
    assert ours.house.process
    everyone = [
        ours.house.process.pid,
        *processes(ours.house, "worker"),
        *processes(ours.house, "work"),
    ]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
        until(lambda pid=pid: stopped(pid), 10, "a process to stop")  # type: ignore[misc]
    put_off(ours, late, now(-1))
    ours.release(go)
    ours.house_looks(120)  # longer than any of them may be silent
    for pid in reversed(everyone):
        os.kill(pid, signal.SIGCONT)
    for job_id in (at_work, waiting, late):
        job = ours.succeeded(job_id)
        assert (job["attempt"], job["crashes"]) == (1, 0)
    assert processes(ours.house, "worker") == everyone[1:3]
    ledger.record("A machine that sleeps while jobs are at work, wait and fall due", 1)


def test_where_no_bell_rings_the_house_looks_for_itself(tmp_path: Path) -> None:
    (tmp_path / "inotify_simple.py").write_text(USED_UP)
    path = os.pathsep.join(map(str, (tmp_path, NOOP, ROOT)))
    with storage_house(tmp_path / "data", PYTHONPATH=path) as ours:
        job_id = ours.order("wait:go")
        until(lambda: 'data-status="running"' in ours.pill(job_id), 10, "the page")
        ours.release()
        ours.succeeded(job_id)
        ours.leave()
        told = re.findall(r"no word of changes of \S+/(\S+) ", ours.house.log())
    assert sorted(told) == [
        "draftmill.db-bell",
        "draftmill.db-bell",
        "media.db-bell",
        "writing.db-bell",
    ], "each waiter says it once"
