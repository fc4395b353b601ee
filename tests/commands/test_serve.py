"""Parents and children at odd moments: what is locked, taken, stopped or gone stops nothing else."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

import tasks
from draftmill.commands import serve
from draftmill.database.connection import connect
from draftmill.jobs import endings
from draftmill.jobs.attempt import Attempt
from draftmill.jobs.job import find_job
from draftmill.logs import tell_seldom
from draftmill.processes import exits
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from draftmill.workers import child, consumers, supervisor
from tests.support.house import QUICK, SAMPLE, House, draftmill, opened, until
from tests.support.job_rows import claim, make_project
from tests.support.worker_processes import processes


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, port=0)


def test_a_locked_database_does_not_silence_the_beat(
    db: sqlite3.Connection, settings: Settings
) -> None:
    project = row_of(db, make_project(db))
    work = Attempt(settings, db, claim(db), project, settings.data)
    work.progress(1, 10, "s")
    tried = threading.Event()

    def report() -> None:
        with closing(connect(settings.database, 60)) as own:
            tried.set()
            work.report(own, None)

    writer = threading.Thread(target=report)
    with closing(connect(settings.database)) as other:
        other.execute("begin immediate")
        writer.start()
        assert tried.wait(10)
        until(lambda: work._writing.locked(), 10, "the report to wait for the database")
        assert work.advanced()
        other.execute("rollback")
    writer.join()
    assert find_job(db, work.job.id).done == 1  # type: ignore[union-attr]


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
    consumer = consumers.ConsumerProcess("media", settings, no_descriptor)
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
    assert exits.reason(child.returncode, None).endswith(f"signal {signal.SIGRTMIN + 5}")


def test_a_supervisor_that_tidies_late_leaves_a_later_attempt_alone(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    first = claim(db)
    endings.crashed(db, first, "its process was ended")
    second = claim(db)
    for job in (first, second):
        child.folder_of(settings, job).mkdir(parents=True)
    supervisor._tidy(settings, db, first)
    assert not child.folder_of(settings, first).exists()
    assert child.folder_of(settings, second).exists()


@contextlib.contextmanager
def frozen_probe(house: House, client: httpx2.Client) -> Iterator[int]:
    """An upload whose probe stopped in its first moments: it has not asked for the death signal."""

    def upload() -> None:
        # The server leaves: with an error, or without an answer.
        with SAMPLE.open("rb") as file, contextlib.suppress(httpx2.TransportError):
            client.post("/projects", files={"recording": ("talk.mp4", file)})

    uploading = threading.Thread(target=upload)
    uploading.start()
    probe = until(lambda: processes(house, "probe"), 60)[0]
    os.kill(probe, signal.SIGSTOP)
    yield probe
    uploading.join()


def test_a_request_that_hangs_does_not_hold_up_the_stop_and_leaves_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "data", **QUICK) as house, closing(house.make_owner()) as client:
        with frozen_probe(house, client):
            began = time.monotonic()
            assert house.stop() == 0
            assert time.monotonic() - began < 5
        assert not processes(house, "worker")
        until(lambda: not processes(house, "probe"), 10, "the probe to be gone")


def test_what_outlived_a_killed_server_is_ended_by_the_next(tmp_path: Path) -> None:
    with opened(tmp_path / "data", **QUICK) as house, closing(house.make_owner()) as client:
        with frozen_probe(house, client) as probe:
            house.kill()
        assert processes(house, "probe") in ([probe], [])
        house.start()
        until(lambda: not processes(house, "probe"), 10, "the probe to be gone")


def test_an_upload_that_stalls_is_cut_off_at_the_stop_without_a_word_in_the_log(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "data", **QUICK) as house, closing(house.make_owner()) as client:
        head = (
            f"POST /projects HTTP/1.1\r\nHost: {house.url[7:]}\r\nOrigin: {house.url}\r\n"
            f"Cookie: draftmill={client.cookies['draftmill']}\r\nContent-Length: 100000000\r\n"
            "Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
            '--edge\r\nContent-Disposition: form-data; name="recording"; filename="a.mp4"\r\n\r\n'
        )
        host, _, port = house.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), 60) as line:
            line.sendall(head.encode() + bytes(5_000_000))
            until(lambda: list((house.data / "uploads").glob("*.part")), 60, "the upload to begin")
            assert house.stop() == 0
        until(lambda: not list((house.data / "uploads").glob("*.part")), 10, "its file to go")
        assert "CancelledError" not in house.log()
        assert "Exception in ASGI" not in house.log()


def test_a_queue_file_that_is_damaged_while_it_is_used_is_made_anew(
    db: sqlite3.Connection, settings: Settings
) -> None:
    make_project(db)
    reader, writer = tasks.Queue("media", settings), tasks.Queue("media", settings)
    writer.look()
    assert reader.huey.pending_count() == 1
    file = settings.queues / "media.db"
    for part in (file, file.with_name("media.db-wal")):
        part.write_bytes(b"not a database" * 1000)
    for queue in (writer, reader):
        with contextlib.suppress(sqlite3.Error):
            queue.look()
    # What was damaged is gone, with the messages in it; the timer says "look" again.
    writer.nudge_if_due(db)
    assert reader.huey.pending_count() >= 1
    assert reader.huey.dequeue() is not None


def test_a_queue_file_that_is_gone_is_made_anew_by_whoever_comes_next(
    db: sqlite3.Connection, settings: Settings
) -> None:
    reader, writer = tasks.Queue("media", settings), tasks.Queue("media", settings)
    writer.look()
    assert reader.huey.pending_count() == 1
    tasks.throw_away(settings)
    assert reader.huey.pending_count() == 0
    writer.look()
    assert reader.huey.pending_count() == 1


def test_what_fails_again_and_again_is_told_once_a_minute(
    db: sqlite3.Connection, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (settings.queues / "media.db").mkdir(parents=True)
    tell_seldom(*tasks.SELDOM_TOLD)
    for _ in range(5):
        tasks.nudge(settings)
    told = [record for record in caplog.records if "media could not be nudged" in record.message]
    assert len(told) == 1
    assert "unable to open database file" in told[0].message
    assert "Traceback" not in caplog.text


def test_a_damaged_database_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "draftmill.db").write_bytes(b"not a database" * 1000)
    ended = draftmill(tmp_path, "serve", check=False, DRAFTMILL_PORT="0")
    assert ended.returncode == 2
    assert re.fullmatch(r"draftmill: The database is damaged\. .*\n", ended.stderr)
