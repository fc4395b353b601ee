"""A disk that takes its time: what is written to it rings long before it is to be seen."""

import time
from pathlib import Path

import pytest

from tests.support.faults_table import Ledger
from tests.support.house import until
from tests.support.storage_house import storage_house
from tests.support.tracing import options, traced
from tests.support.worker_processes import processes

PROMISED_S = 0.3  # from a commit until the pages show it
BUSY_S = 0.3  # more, on a loaded machine


@pytest.mark.parametrize("sync_s", [0.2, 1.5])
def test_what_a_slow_disk_has_synced_at_last_is_on_the_page_at_once(
    tmp_path: Path, sync_s: float, full: bool, ledger: Ledger
) -> None:
    with storage_house(tmp_path / "data", DRAFTMILL_WRITING_WORKERS="1") as ours:
        worker = until(lambda: processes(ours.house, "writing"), why="the consumer")[0]
        slow = ["-e", f"inject=fdatasync:delay_enter={round(sync_s * 1e6)}"]
        with traced(worker, options(ours.house, *slow)):
            job_id = ours.order("wait:go")
            assert 'data-status="pending"' in ours.pill(job_id)  # and in memory from now on
            until(lambda: ours.house.job(job_id)["status"] == "running", 30, "the commit")
            began = time.monotonic()
            until(lambda: 'data-status="running"' in ours.pill(job_id), 30, "the page")
            took_s = time.monotonic() - began
        ours.release()
        ours.succeeded(job_id)
        ours.leave()
    most_s = PROMISED_S if full else PROMISED_S + BUSY_S
    ledger.record(
        f"A sync that takes {sync_s:g} s: its change on a page", 1, back_s=[took_s], most_s=most_s
    )
    assert took_s <= most_s
