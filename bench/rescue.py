"""How soon a job runs again by what died, and how soon a cancelled one has ended, by stage.

Real processes with the settings that everybody has. Rescue counts from the kill (for everything at
once: from the new start) until a new attempt runs; cancel from the click until the row has ended,
which is written after the child is gone.
"""

import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report

from tests.support.house import SAMPLE, House, opened
from tests.support.model_server import ModelServer, stalls

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "6"))
CONSUMERS = int(os.environ.get("BENCH_CONSUMERS", "4"))  # each in a house of its own
CHILD_S, CONSUMER_S, EVERYTHING_S, CANCEL_S = 1.0, 2.0, 3.0, 2.0
HTMX = {"HX-Request": "true"}
LOOK_S = 0.005
SECONDS = "60"


def short(folder: Path, n: int) -> Path:
    """A minute of the sample, another file each time."""
    path = folder / f"short-{n}.mp4"
    cut = ["ffmpeg", "-v", "error", "-y", "-t", SECONDS, "-i", str(SAMPLE), "-c", "copy"]
    subprocess.run([*cut, "-metadata", f"title={n}", str(path)], check=True)
    return path


def await_(house: House, job_id: str, seen: Callable[[dict[str, object]], object]) -> float:
    """Look at a row until it shows something; the moment."""
    deadline = time.monotonic() + 120
    with closing(house.db()) as db:
        while time.monotonic() < deadline:
            row = dict(db.execute("select * from jobs where id = ?", (job_id,)).fetchone())
            if seen(row):
                return time.monotonic()
            time.sleep(LOOK_S)
    raise TimeoutError(f"job {job_id}: {row}")


def pids(house: House, *verb: str) -> list[int]:
    """This house's processes with a verb."""
    words = "\0".join(verb).encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if words not in (folder / "cmdline").read_bytes():
                continue
            if f"DRAFTMILL_DATA={house.data}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def newest(house: House, project_id: str, task_type: str) -> str:
    row = house.one(
        "select id from jobs where project_id = ? and type = ? order by n desc",
        project_id,
        task_type,
    )
    assert row
    return str(row["id"])


def again(house: House, client: httpx2.Client, project_id: str, **fields: str) -> str:
    """Start a further job; its id."""
    answer = client.post(f"/projects/{project_id}/jobs", data=fields, headers=HTMX)
    assert answer.status_code == 202, answer.text
    return newest(house, project_id, fields["type"])


def transcribing(house: House, job_id: str) -> None:
    """Wait until a job is at its first stage, and some way into it."""
    await_(house, job_id, lambda row: row["stage"] == "transcribe" and row["status"] == "running")
    time.sleep(random.uniform(0, 0.5))


def back(house: House, job_id: str, attempt: object) -> float:
    """The moment at which a later attempt runs."""
    return await_(
        house, job_id, lambda row: row["attempt"] != attempt and row["status"] == "running"
    )


def cancel(house: House, client: httpx2.Client, job_id: str) -> float:
    """Cancel a job; the seconds until it had ended so, or nothing if it had ended before."""
    began = time.monotonic()
    client.post(f"/jobs/{job_id}/cancel", headers=HTMX)
    took_s = await_(house, job_id, lambda row: row["completed_at"]) - began
    return took_s if house.job(job_id)["status"] == "cancelled" else 0.0


def killed_children(folder: Path) -> list[float]:
    """kill -9 of a child, in a new job each time: its first crash."""
    took = []
    with at_home(folder / "children") as (house, client):
        project_id = house.upload(client, short(folder, 0), types=[])
        job_id = newest(house, project_id, "ingest")
        for _ in range(ROUNDS):
            transcribing(house, job_id)
            attempt = house.job(job_id)["attempt"]
            (child,) = pids(house, "work", job_id)
            began = time.monotonic()
            os.kill(child, signal.SIGKILL)
            took.append(back(house, job_id, attempt) - began)
            cancel(house, client, job_id)
            job_id = again(house, client, project_id, type="ingest", any_language="1")
    return took


def killed_consumers_and_houses(folder: Path) -> tuple[list[float], list[float]]:
    """kill -9 of the consumer; then of `serve`, with which everything dies, and a new start."""
    consumers, houses = [], []
    for n in range(CONSUMERS):
        with at_home(folder / f"consumer-{n}") as (house, client):
            project_id = house.upload(client, short(folder, n), types=[])
            job_id = newest(house, project_id, "ingest")
            transcribing(house, job_id)
            attempt = house.job(job_id)["attempt"]
            (consumer,) = pids(house, "worker", "media")
            began = time.monotonic()
            os.kill(consumer, signal.SIGKILL)
            consumers.append(back(house, job_id, attempt) - began)
            # Another job: the second crash of the same one waits for five seconds, as it should.
            cancel(house, client, job_id)
            job_id = again(house, client, project_id, type="ingest", any_language="1")
            transcribing(house, job_id)
            attempt = house.job(job_id)["attempt"]
            house.kill()
            began = time.monotonic()
            house.start()
            houses.append(back(house, job_id, attempt) - began)
    return consumers, houses


@contextmanager
def at_home(data: Path, **environ: str) -> Iterator[tuple[House, httpx2.Client]]:
    with opened(data, **environ) as house, closing(house.make_owner()) as client:
        yield house, client


def cancelled_stages(folder: Path) -> dict[str, list[float]]:
    """Cancel in each stage of an ingest. A retry goes on at the stage that was cancelled."""
    found: dict[str, list[float]] = {"transcribe": [], "screenshots": [], "chapters": []}
    files = iter(range(100, 10_000))
    with at_home(folder / "stages") as (house, client):
        for stage, took in found.items():
            while len(took) < ROUNDS:
                project_id = house.upload(client, short(folder, next(files)), types=[])
                job_id = newest(house, project_id, "ingest")
                while len(took) < ROUNDS and caught(house, job_id, stage):
                    if took_s := cancel(house, client, job_id):
                        took.append(took_s)
                        client.post(f"/jobs/{job_id}/retry", headers=HTMX)
                        job_id = newest(house, project_id, "ingest")
                cancel(house, client, job_id)
    return found


def caught(house: House, job_id: str, stage: str) -> bool:
    """Whether a job was met in a stage, at a random moment of it, before it ended."""
    await_(house, job_id, lambda row: row["completed_at"] or row["stage"] == stage)
    time.sleep(random.uniform(0, 0.2))
    row = house.job(job_id)
    return row["status"] == "running" and row["stage"] == stage


def cancelled_drafts(folder: Path) -> dict[str, list[float]]:
    """Cancel while our own writer is at work, and inside the stream of a model."""
    found: dict[str, list[float]] = {}
    with ModelServer(otherwise=stalls("# A title\n\nThe beginning of")) as model:
        server = {"DRAFTMILL_LLM_BASE_URL": model.base_url, "DRAFTMILL_LLM_MODEL": "m"}
        for name, environ in (("write, our own", {}), ("write, a model's stream", server)):
            with at_home(folder / f"drafts-{len(found)}", **environ) as (house, client):
                found[name] = cancelled_writing(house, client, model if environ else None)
    return found


def cancelled_writing(
    house: House, client: httpx2.Client, model: ModelServer | None
) -> list[float]:
    answer = client.post(
        "/projects",
        data={"transcript_text": (ROOT / "README.md").read_text(), "title": "A talk", "types": []},
        files={"recording": ("", b"")},
    )
    project_id = answer.headers["location"].split("/")[2].partition("?")[0]
    house.ended(newest(house, project_id, "ingest"))
    took: list[float] = []
    while len(took) < ROUNDS:
        asked = len(model.requests) if model else 0
        # Only a model follows instructions; of one text it would be asked once only.
        wishes = {"instructions": str(random.random())} if model else {}
        job_id = again(house, client, project_id, type="blog", **wishes)
        if not caught(house, job_id, "write"):
            continue
        while model and len(model.requests) == asked:
            time.sleep(LOOK_S)
        if took_s := cancel(house, client, job_id):
            took.append(took_s)
    return took


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]


def told(figure: str, seconds: list[float], most: float) -> bool:
    report(f"{figure}, p50", statistics.median(seconds), "s", note=f"{len(seconds)} times")
    spread = (min(seconds), max(seconds))
    return report(f"{figure}, p95", p95(seconds), "s", most=most, spread=spread)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = [told("running again after kill -9 of its child", killed_children(folder), CHILD_S)]
        consumers, houses = killed_consumers_and_houses(folder)
        held += [
            told("running again after kill -9 of its consumer", consumers, CONSUMER_S),
            told("running again after kill -9 of all and a new start", houses, EVERYTHING_S),
        ]
        for stage, took in (cancelled_stages(folder) | cancelled_drafts(folder)).items():
            held.append(told(f"cancelled in {stage}", took, CANCEL_S))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
