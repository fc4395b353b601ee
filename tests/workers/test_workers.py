"""What real processes do to each other. What kills and stops do to them stands in faults/."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.support.house import QUICK, SAMPLE, House, draftmill, opened, until
from tests.support.projects import delete_for_good
from tests.support.worker_processes import ingest_of, processes


@pytest.fixture
def own(tmp_path: Path) -> Iterator[House]:
    """A house of one test, that may be killed."""
    with opened(tmp_path / "data", **QUICK) as house:
        yield house


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's first half minute: long enough to be caught at work."""
    path = tmp_path_factory.mktemp("short") / "short.mp4"
    cut = ["ffmpeg", "-v", "error", "-t", "30", "-i", str(SAMPLE), "-c", "copy", str(path)]
    subprocess.run(cut, check=True)
    return path


def transcribing(house: House, job_id: str) -> int:
    """The pid of the child once it is at work on the job."""
    until(lambda: house.job(job_id)["stage"] == "transcribe", why="the first stage")
    return until(lambda: processes(house, "work"), why="a child")[0]


def whole(house: House, job_id: str) -> None:
    """The job succeeded, once, with a transcript, pictures and chapters, and nothing is left over."""
    job = house.ended(job_id)
    assert job["status"] == "succeeded", (job["error_message"], house.log())
    project = house.one("select * from projects where id = ?", job["project_id"])
    assert project is not None
    for table, least in (("segments", 4), ("chapters", 1)):
        query = f"select count(*) from {table} where transcript_id = ?"
        counted = house.one(query, project["transcript_id"])
        assert counted is not None
        assert counted[0] >= least
    ends = house.rows("select 1 from job_logs where job_id = ? and message = 'Done'", job_id)
    assert len(ends) == 1
    folder = house.data / "media" / job["project_id"] / "attempts"
    named = {row["file"].split("/")[1] for row in house.rows("select file from screenshots")}
    until(lambda: {f.name for f in folder.iterdir()} == named, why="the attempts' folders to go")
    integrity = house.one("pragma integrity_check")
    assert integrity is not None
    assert integrity[0] == "ok"


def test_cancel_ends_a_running_job_within_two_seconds_and_frees_the_way(
    own: House, short: Path
) -> None:
    with closing(own.make_owner()) as client:
        project_id = own.upload(client, short, types=["blog"])
        job_id = ingest_of(own, project_id)
        transcribing(own, job_id)
        answer = client.post(f"/jobs/{job_id}/cancel", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "Cancelling" in answer.text
        assert own.ended(job_id, 2)["status"] == "cancelled"
        assert processes(own, "work") == []
        blog = own.one("select * from jobs where type = 'blog'")
        assert blog is not None
        assert (blog["status"], blog["error_code"]) == ("cancelled", "ingest_ended")
        # Retry keeps what the user chose, and takes the draft up again.
        again = client.post(f"/jobs/{job_id}/retry", headers={"HX-Request": "true"})
        assert again.status_code == 202
        assert f"job-{project_id}-blog" in again.text
        newest = own.one("select id from jobs where type = 'blog' order by n desc")
        assert newest is not None
        assert own.ended(newest["id"])["status"] == "succeeded"


def test_deleting_the_project_ends_its_child_and_takes_its_files(own: House, short: Path) -> None:
    with closing(own.make_owner()) as client:
        project_id = own.upload(client, short)
        transcribing(own, ingest_of(own, project_id))
        delete_for_good(client, project_id)
        until(lambda: not processes(own, "work"), 5, "the child to end")
        until(lambda: not (own.data / "media" / project_id).exists(), 5, "the folder to go")


def test_ctrl_c_at_a_terminal_ends_serve_alone_which_gives_its_jobs_back(
    own: House, short: Path
) -> None:
    with closing(own.make_owner()) as client:
        own.stop()
        own.start(at_a_terminal=True)
        job_id = ingest_of(own, own.upload(client, short))
        transcribing(own, job_id)
        assert own.process
        assert own.process.stdout
        os.killpg(own.process.pid, signal.SIGINT)
        assert own.process.wait(15) == 0
        own.process.stdout.close()
        assert not [*processes(own, "worker"), *processes(own, "work")]
        assert (own.job(job_id)["status"], own.job(job_id)["crashes"]) == ("pending", 0)
        own.start()
        whole(own, job_id)
        assert own.job(job_id)["crashes"] == 0


def test_a_second_serve_on_the_same_folder_ends_with_one_line(house: House) -> None:
    second = draftmill(
        house.data, "serve", check=False, DRAFTMILL_PORT="0", DRAFTMILL_LOCK_WAIT_S="0.2"
    )
    assert second.returncode == 2
    assert second.stdout == ""
    assert re.fullmatch(r"draftmill: Draftmill is already running on .*\n", second.stderr)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_serve_that_waits_for_its_folder_stops_when_asked(house: House, number: int) -> None:
    waiting = subprocess.Popen(
        [sys.executable, "-m", "draftmill", "serve"],
        env=os.environ
        | {
            "DRAFTMILL_DATA": str(house.data),
            "DRAFTMILL_PORT": "0",
            "DRAFTMILL_LOCK_WAIT_S": "600",
        },
        stderr=subprocess.PIPE,
    )
    lock = str(house.data / "serve.lock")
    files = Path(f"/proc/{waiting.pid}/fd")
    until(lambda: lock in [os.path.realpath(f) for f in files.iterdir()], why="it to wait")
    waiting.send_signal(number)
    assert waiting.communicate(timeout=30)[1] == b""
    assert waiting.returncode == 0


def test_a_taken_port_ends_with_one_line(house: House, tmp_path: Path) -> None:
    port = house.url.rpartition(":")[2]
    second = draftmill(tmp_path / "data", "serve", check=False, DRAFTMILL_PORT=port)
    assert second.returncode == 2
    assert re.fullmatch(r"draftmill: .*:\d+ cannot be used: .*\n", second.stderr)


def test_a_corrupt_queue_file_stops_nothing(own: House, short: Path) -> None:
    with closing(own.make_owner()) as client:
        own.stop()
        for name in ("media", "writing"):
            (own.data / "queues" / f"{name}.db").write_bytes(b"not a database" * 1000)
        own.start()
        whole(own, ingest_of(own, own.upload(client, short)))


def test_two_clicks_at_once_start_one_job(own: House, short: Path) -> None:
    with closing(own.make_owner()) as client:
        project_id = own.upload(client, short)
        whole(own, ingest_of(own, project_id))
        curl = [
            "curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-X", "POST",
            "-H", f"Origin: {own.url}", "-H", "HX-Request: true",
            "-b", f"draftmill={client.cookies['draftmill']}",
            "-d", "type=blog&after_last=", f"{own.url}/projects/{project_id}/jobs",
        ]  # fmt: skip
        clicks = [subprocess.Popen(curl, stdout=subprocess.PIPE) for _ in range(5)]
        codes = {click.communicate()[0] for click in clicks}
        assert codes == {b"202"}
        started = own.rows("select id from jobs where type = 'blog'")
        assert len(started) == 1
        assert own.ended(started[0]["id"])["status"] == "succeeded"


def test_the_sample_upload_is_stored_byte_for_byte(house: House, owner: httpx2.Client) -> None:
    project_id = house.upload(owner)
    stored = house.data / "media" / project_id / "recording.mp4"
    assert stored.read_bytes() == SAMPLE.read_bytes()
    delete_for_good(owner, project_id)
