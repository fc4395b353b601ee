"""Parents and children at odd moments: what is locked, taken, stopped or gone stops nothing else."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from conftest import QUICK
from house import SAMPLE, House, until
from test_jobs import claim, make_project
from test_workers import processes

import tasks
from draftmill import attempt, endings, jobs, projects, serve, store, supervisor
from draftmill.settings import Settings
from draftmill.work import Work


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, port=0)


def test_a_locked_database_does_not_silence_the_beat(
    db: sqlite3.Connection, settings: Settings
) -> None:
    project = projects.row_of(db, make_project(db))
    work = Work(settings, db, claim(db), project, settings.data)
    work.progress(1, 10, "s")
    tried = threading.Event()

    def report() -> None:
        with closing(store.connect(settings.database, 60)) as own:
            tried.set()
            work.report(own, None)

    writer = threading.Thread(target=report)
    with closing(store.connect(settings.database)) as other:
        other.execute("begin immediate")
        writer.start()
        assert tried.wait(10)
        until(lambda: work._writing.locked(), 10, "the report to wait for the database")
        assert work.advanced()
        other.execute("rollback")
    writer.join()
    assert jobs.find(db, work.job.id).done == 1  # type: ignore[union-attr]


def test_a_nudge_that_cannot_open_its_queue_stops_nobody(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    (settings.queues / "media.db").mkdir(parents=True)
    tasks.nudge(settings)
    tasks.nudge_if_due(settings, db)
    # The other queue has heard it.
    assert tasks.queue("writing", settings).huey.pending_count() == 1


def test_a_port_is_taken_as_soon_as_it_is_bound(settings: Settings) -> None:
    with serve._bind(settings) as first:
        port = first.getsockname()[1]
        with pytest.raises(serve.PortTaken):
            serve._bind(Settings(data=settings.data, port=port))


def test_a_worker_that_cannot_be_started_is_tried_again_later(settings: Settings) -> None:
    no_descriptor = 10**6
    consumer = serve.ConsumerProcess("media", settings, no_descriptor)
    moment = time.monotonic()
    consumer.tend(moment)
    assert consumer.process is None
    assert consumer.start_at > moment


def test_helpers_of_a_child_that_ended_by_itself_are_ended_too() -> None:
    child = subprocess.Popen(
        ["sh", "-c", "sleep 600 & echo $!; exit 3"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout
    helper = int(child.stdout.readline())
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    supervisor._end_child(child)
    assert child.returncode == 3
    until(lambda: not alive(helper), 10, "the helper to end")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_an_end_by_a_signal_without_a_name_is_told_by_its_number() -> None:
    code = f"import os; os.kill(os.getpid(), {signal.SIGRTMIN + 5})"
    child = subprocess.Popen([sys.executable, "-c", code])
    child.wait()
    assert supervisor._exit_reason(child).endswith(f"signal {signal.SIGRTMIN + 5}")


def test_a_supervisor_that_tidies_late_leaves_a_later_attempt_alone(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    first = claim(db)
    endings.crashed(db, first, first.attempt, "its process was ended")
    second = claim(db)
    for job in (first, second):
        attempt.folder_of(settings, job).mkdir(parents=True)
    supervisor._tidy(settings, db, first)
    assert not attempt.folder_of(settings, first).exists()
    assert attempt.folder_of(settings, second).exists()


def test_a_request_that_hangs_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    house = House(tmp_path / "data", **QUICK).start()
    with closing(house.make_owner()) as client:

        def upload() -> None:
            # The server leaves: with an error, or without an answer.
            with SAMPLE.open("rb") as file, contextlib.suppress(httpx2.TransportError):
                client.post("/projects", files={"recording": ("talk.mp4", file)})

        uploading = threading.Thread(target=upload)
        uploading.start()
        os.kill(until(lambda: processes(house, "probe"), 10)[0], signal.SIGSTOP)
        began = time.monotonic()
        assert house.stop() == 0
        assert time.monotonic() - began < 5
        uploading.join()
        assert not processes(house, "worker")
