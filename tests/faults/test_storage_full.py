"""A full disk, a limit on file sizes, a disk that reports errors: said clearly, and nothing is lost."""

import contextlib
import random
import resource
from collections.abc import Iterator
from pathlib import Path

import httpx2

from tests.support import tus_client as wire
from tests.support.big_uploads import synced
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, SAMPLE, House, opened, until
from tests.support.small_disk import Disk, disk, on_a_small_disk
from tests.support.storage_house import HTMX, kept, storage_house
from tests.support.tracing import options, traced
from tests.support.tus_client import file_of, offset
from tests.support.worker_processes import ingest_of, processes

__all__ = ["disk"]
BOUNDARY = "the-boundary"
FULL = "The disk is full"


def parts(house: House) -> list[Path]:
    """What uploads have left behind."""
    return list((house.data / "uploads").glob("*"))


def send(client: httpx2.Client) -> httpx2.Response:
    with SAMPLE.open("rb") as recording:
        return client.post("/projects", files={"recording": ("talk.mp4", recording)})


@on_a_small_disk
def test_a_full_disk_refuses_uploads_and_still_answers(disk: Disk, ledger: Ledger) -> None:
    with kept(disk.data) as house, contextlib.closing(house.make_owner()) as client:
        disk.fill(100 * 10**6)
        refused = send(client)
        assert refused.status_code == 507
        assert "not enough free disk space" in refused.text
        disk.fill(0)
        assert send(client).status_code == 507
        for page in ("/", "/account", "/healthz"):
            assert client.get(page).status_code == 200
        renamed = client.post("/account/name", data={"name": "M"})
        assert "Traceback" not in renamed.text
        assert parts(house) == []
        assert house.rows("select 1 from projects") == []
        disk.free()
        assert send(client).status_code == 303
        house.ended(ingest_of(house, house.rows("select id from projects")[0]["id"]))
    ledger.record("A full disk: uploads", 2)


@on_a_small_disk
def test_a_disk_that_fills_during_an_upload_refuses_it(disk: Disk, ledger: Ledger) -> None:
    def body() -> Iterator[bytes]:
        yield (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data;"
            ' name="recording"; filename="talk.mp4"\r\n\r\n'
        ).encode()
        for n in range(24):
            yield bytes(1 << 20)
            if n == 8:
                until(
                    lambda: parts(house) and parts(house)[0].stat().st_size, why="the first bytes"
                )
                disk.fill(0)
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    with kept(disk.data) as house, contextlib.closing(house.make_owner()) as client:
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        refused = client.post("/projects", content=body(), headers=kind)
        assert refused.status_code == 507
        assert "not enough free disk space" in refused.text
        assert parts(house) == []
        disk.free()
        assert send(client).status_code == 303
    ledger.record("A disk that fills during an upload", 1)


@on_a_small_disk
def test_a_job_at_work_waits_for_a_full_disk_and_goes_on(disk: Disk, ledger: Ledger) -> None:
    with storage_house(disk.data, DRAFTMILL_WRITING_WORKERS="1") as ours:
        at_work = ours.order("wait:go")
        ours.running(at_work)
        waiting = ours.order(kind="noop2")
        disk.fill(0)
        refused = ours.client.post(f"/jobs/{at_work}/cancel", headers=HTMX)
        assert refused.status_code == 507
        assert FULL in refused.text
        ours.release()
        until(lambda: "cannot be written yet" in ours.house.log(), why="the job to meet it")
        # Longer than a silent child may live in this house, and nobody is killed for it.
        seen = ours.house.job(at_work)
        assert (seen["status"], seen["crashes"]) == ("running", 0)
        ours.pill(at_work)
        disk.free()
        job = ours.succeeded(at_work, 30)
        assert (job["crashes"], job["attempt"]) == (0, 2)
        lines = ours.house.rows("select message from job_logs where job_id = ?", at_work)
        assert any(FULL in line["message"] for line in lines)
        ours.succeeded(waiting, 30)
        ours.sound()
        ours.leave()
    ledger.record("A full disk: jobs at work", 2)


@on_a_small_disk
def test_a_recording_in_the_making_survives_a_full_disk_in_each_stage(
    disk: Disk, full: bool, ledger: Ledger
) -> None:
    with kept(disk.data) as house, contextlib.closing(house.make_owner()) as client:
        job_id = ingest_of(house, house.upload(client))
        for stage in ("transcribe", "screenshots") if full else ("screenshots",):
            until(lambda: house.job(job_id)["stage"] == stage, 120, stage)  # noqa: B023
            disk.fill(0)
            told = house.log().count("cannot be written yet")
            until(
                lambda: house.log().count("cannot be written yet") > told,  # noqa: B023
                60,
                f"the stage {stage} to meet the full disk",
            )
            disk.free()
        job = house.ended(job_id)
        assert (job["status"], job["warnings"], job["crashes"]) == ("succeeded", "[]", 0)
        assert house.rows("select 1 from screenshots")
        assert len(house.rows("select 1 from segments")) > 3
    ledger.record("A full disk in the stages of a recording", 2 if full else 1)


@contextlib.contextmanager
def file_limit(pid: int, most: int) -> Iterator[None]:
    """No file of a process may grow beyond so many bytes."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_limit_on_file_sizes_is_met_like_a_full_disk(tmp_path: Path, ledger: Ledger) -> None:
    with storage_house(tmp_path / "data", DRAFTMILL_WRITING_WORKERS="1") as ours:
        assert ours.house.process
        with file_limit(ours.house.process.pid, 100_000):
            refused = send(ours.client)
            assert refused.status_code == 507
            assert parts(ours.house) == []
        at_work = ours.order("wait:go")
        ours.running(at_work)
        most = (ours.house.data / "draftmill.db-wal").stat().st_size
        with file_limit(processes(ours.house, "work")[0], most):
            ours.release()
            until(lambda: "cannot be written yet" in ours.house.log(), why="the job to meet it")
            assert ours.house.job(at_work)["status"] == "running"
        job = ours.succeeded(at_work)
        assert (job["crashes"], job["attempt"]) == (0, 2)
        ours.sound()
        ours.leave()
    ledger.record("A limit on file sizes", 2)


def test_a_disk_that_reports_errors_loses_nothing_that_was_answered(
    tmp_path: Path, ledger: Ledger
) -> None:
    with storage_house(tmp_path / "data", DRAFTMILL_WRITING_WORKERS="1") as ours:
        assert ours.house.process
        broken = ["-f", "-q", "-e", "inject=fsync,fdatasync:error=EIO"]
        last = ours.last()
        with traced(ours.house.process.pid, broken):
            refused = ours.post(after=last)
            assert refused.status_code == 503
            assert "The disk reported an error" in refused.text
            assert send(ours.client).status_code >= 500
            assert parts(ours.house) == []
        # The line on which the upload was refused may be hung up by now.
        with contextlib.suppress(httpx2.TransportError):
            ours.client.get("/healthz")
        assert ours.post(after=last).status_code == 202
        ours.succeeded(ours.last())
        assert len(ours.house.rows("select 1 from jobs where type = 'noop'")) == 1
        assert len(ours.house.rows("select 1 from projects")) == 1
        # A child whose first sync fails.
        arm = ours.house.data.parent / "arm"
        arm.write_text("\n".join(options(ours.house, "-e", "inject=fdatasync:error=EIO:when=2")))
        job = ours.succeeded(ours.order())
        assert (job["crashes"], job["attempt"]) == (0, 2)
        ours.sound()
        ours.leave()
    ledger.record("A sync that reports an error", 3)


def test_a_resumable_upload_counts_only_what_was_synced(tmp_path: Path, ledger: Ledger) -> None:
    content, first = wire.sound(40), 1 << 20
    with kept(tmp_path / "data") as house, contextlib.closing(house.make_owner()) as client:
        assert house.process
        upload = wire.create(client, len(content))
        assert wire.patch(client, upload, 0, content[:first]).status_code == 204
        # Not fdatasync: the database could record what the disk does not have.
        broken = ["-f", "-q", "-e", "inject=fsync:error=EIO"]
        with traced(house.process.pid, broken):
            refused = wire.patch(client, upload, first, content[first:])
            assert refused.status_code >= 500
            assert "The disk reported an error" in refused.text
            assert synced(house, upload) == first
        # The line on which the upload was refused may be hung up by now.
        with contextlib.suppress(httpx2.TransportError):
            client.get("/healthz")
        assert wire.offset(client, upload) == first == synced(house, upload)
        assert wire.patch(client, upload, first, content[first:]).status_code == 204
        assert synced(house, upload) == len(content)
        assert wire.file_of(house, upload).read_bytes() == content
    ledger.record("A sync that reports an error during a resumable upload", 1)


@on_a_small_disk
def test_a_disk_that_fills_keeps_what_was_recorded(disk: Disk, ledger: Ledger) -> None:
    content = random.randbytes(24 << 20)
    with opened(disk.data, **QUICK) as house, contextlib.closing(house.make_owner()) as client:
        upload = wire.create(client, len(content))
        first = 4 << 20
        assert wire.patch(client, upload, 0, content[:first]).status_code == 204
        refused = wire.patch(client, upload, first, _filling(disk, house, upload, content[first:]))
        assert (refused.status_code, refused.json()["error"]["code"]) == (507, "disk_full")
        at = offset(client, upload)
        assert at == synced(house, upload) >= first
        disk.free()
        assert wire.patch(client, upload, at, content[at:]).status_code == 204
        assert file_of(house, upload).read_bytes() == content
    ledger.record("A disk that fills during a resumable upload", 1)


def _filling(disk: Disk, house: House, upload: str, content: bytes) -> Iterator[bytes]:
    before = file_of(house, upload).stat().st_size
    for at in range(0, len(content), 1 << 20):
        yield content[at : at + (1 << 20)]
        if at == 4 << 20:
            until(lambda: file_of(house, upload).stat().st_size > before, why="bytes to arrive")
            disk.fill(0)
