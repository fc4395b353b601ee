"""Records how jobs got on, for bench/estimates.py to replay: real ingests, and drafts.

    .venv/bin/python bench/record_jobs.py [SECONDS] [WITHOUT_MODEL_SECONDS]

A house of its own is given recordings of 15 s to 5 minutes, one after the other: pieces of
the synthetic talk of bench/long_recording.py, some of them without pictures. Workers, child
processes and speech model are the real ones, and so is whatever else the machine does meanwhile.
Of each, drafts are asked for: first by a stand-in for a language model, which reads and writes
at the pace of a small one on a small machine (it takes no processor time, so that many can be
recorded in a while), then in the speakers' own words. What is kept of a job is what its row said
at each report. New jobs are added to those in bench/recorded_jobs.json.gz.
"""

import gzip
import json
import math
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from long_recording import OBJECTS, REASONS, SUBJECTS, VERBS, long_recording

from draftmill.clock import moment
from draftmill.database import changes
from tests.support.house import House, opened
from tests.support.model_server import Exchange, ModelServer, chunk

FILE = ROOT / "bench" / "recorded_jobs.json.gz"
MINUTES = 20  # of the talk
SHORTEST_S, LONGEST_S = 15.0, 300.0
MOST_WAITING = 6  # drafts, before more texts are brought
READ_CHARACTERS_S = 1500.0  # the stand-in's pace: characters read, words written a second
WORDS_S = 20.0
TYPES = ["blog", "newsletter"]
# At random, for an answer that repeats itself is refused; so is one that says what nobody said, but
# of sentences as short as these nothing is asked.
CLAIMS_LITTLE = 3  # words
SAID = " ".join((*SUBJECTS, *VERBS, *OBJECTS, *REASONS)).split()
WORDS = {"blog": 420, "newsletter": 260}
LOOK_S = 0.05
Trace = dict[str, Any]


def main(seconds: float, without_model_s: float) -> None:
    chance = random.Random(time.time())
    kept = json.loads(gzip.decompress(FILE.read_bytes())) if FILE.exists() else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if seconds:
            with ModelServer(otherwise=stand_in(chance)) as server:
                told = {"LLM_BASE_URL": server.base_url, "LLM_MODEL": "stand-in"}
                kept += record(folder / "model", chance, seconds, told)
        if without_model_s:
            kept += record(folder / "none", chance, without_model_s, {})
    text = json.dumps(kept, separators=(",", ":"))
    FILE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(kept)} jobs, {FILE.stat().st_size // 1000} kB")


def record(data: Path, chance: random.Random, seconds: float, told: dict[str, str]) -> list[Trace]:
    """What became of the jobs that were brought in so many seconds, in the order of their ends."""
    settings = {f"DRAFTMILL_{name}": value for name, value in told.items()}
    with opened(data, **settings) as house, closing(house.make_owner()) as client:
        with watched(house) as traces:
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                if waiting(house, "writing") < MOST_WAITING:
                    bring_text(client, chance)
                if not waiting(house, "media"):
                    house.upload(client, cut(data.parent, chance), types=TYPES)
                time.sleep(LOOK_S)
            while house.one("select 1 from jobs where status in ('pending', 'running')"):
                time.sleep(LOOK_S)
        jobs = [
            facts(house, row) | traces.get(row["id"], {"reports": []}) for row in house.rows(ENDED)
        ]
    return [job for job in jobs if job["reports"]]


ENDED = "select * from jobs where status = 'succeeded' and attempt = 1 order by completed_at"


def waiting(house: House, queue: str) -> int:
    row = house.one("select count(*) as n from jobs where queue = ? and status = 'pending'", queue)
    assert row
    return int(row["n"])


def bring_text(client: Any, chance: random.Random) -> None:
    """A transcript of any length: a part of the same words, for drafts of other sizes."""
    said = long_recording(MINUTES).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    begin = chance.randrange(len(said) - 10)
    text = "\n".join([f"Talk {chance.random()}.", *said[begin : begin + chance.randint(10, 200)]])
    form = {"transcript_text": text, "types": TYPES}
    client.post("/projects", files={"recording": ("", b"")}, data=form)


def cut(folder: Path, chance: random.Random) -> Path:
    """A piece of the long talk; short ones are likelier, as more of them fit into the time."""
    length_s = math.exp(chance.uniform(math.log(SHORTEST_S), math.log(LONGEST_S)))
    length_s = min(length_s, chance.uniform(SHORTEST_S, LONGEST_S))
    sound_only = chance.random() < 0.3
    piece = folder / f"piece.{'m4a' if sound_only else 'mp4'}"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-ss",
        f"{chance.uniform(0, 60 * MINUTES - length_s):.2f}",
    ]
    command += ["-t", f"{length_s:.2f}", "-i", str(long_recording(MINUTES)), "-c", "copy"]
    subprocess.run([*command, *(["-vn"] if sound_only else []), str(piece)], check=True)
    return piece


@contextmanager
def watched(house: House) -> Iterator[dict[str, Trace]]:
    """What the rows of jobs say at each change, by their ids."""
    traces: dict[str, Trace] = {}
    stop = threading.Event()

    def watch() -> None:
        seen = 0
        with closing(house.db()) as db:
            while not stop.wait(LOOK_S):
                for change in changes.since(db, seen):
                    seen = change.version
                    note(db, change.object_id, traces)

    thread = threading.Thread(target=watch)
    thread.start()
    yield traces
    stop.set()
    thread.join()


def note(db: sqlite3.Connection, object_id: str, traces: dict[str, Trace]) -> None:
    row = db.execute("select * from jobs where id = ?", (object_id,)).fetchone()
    if row is None or row["status"] != "running" or not row["stage"]:
        return
    at = [since(row, row[name]) for name in ("stage_started_at", "progressed_at")]
    report = [row["step"], *at, round(row["done"], 2), row["total"] and round(row["total"], 2)]
    reports = traces.setdefault(object_id, {"reports": []})["reports"]
    if not reports or reports[-1] != report:
        reports.append(report)


def since(row: sqlite3.Row, text: str | None) -> float | None:
    """Seconds from the job's beginning to one of its times."""
    if text is None:
        return None
    return round((moment(text) - moment(row["started_at"])).total_seconds(), 3)


def facts(house: House, row: sqlite3.Row) -> Trace:
    """What is known of a job when it begins, and what it took. `begun_s` tells their order."""
    project = house.one("select * from projects where id = ?", row["project_id"])
    assert project
    written = house.one("select model from draft_versions where job_id = ?", row["id"])
    heard = house.one("select * from transcripts where id = ?", project["transcript_id"])
    said = house.one(
        "select sum(length(text)) as n from segments where transcript_id = ?",
        project["transcript_id"],
    )
    assert heard
    assert said
    times = json.loads(row["stage_times"])
    return {
        "type": row["type"],
        "model": written["model"] if written else heard["model"],
        "size": project["duration_s"] if heard["model"] and not written else said["n"],
        "pictures": bool(project["width"]),
        "begun": moment(row["started_at"]).timestamp(),
        "took": since(row, row["completed_at"]),
        "stages": {name: round(seconds, 3) for name, seconds in times.items()},
    }


def stand_in(chance: random.Random) -> Any:
    """Answers as a small model on a small machine does: reads for a while, then writes evenly."""

    def answer(exchange: Exchange) -> None:
        pace = chance.lognormvariate(0, 0.15)
        kind = "newsletter" if "newsletter" in exchange.request.asked.lower() else "blog"
        words = int(WORDS[kind] * chance.lognormvariate(0, 0.2))
        exchange.open()
        exchange.closing.wait(len(exchange.request.asked) / READ_CHARACTERS_S * pace)
        exchange.event(chunk(content="# What we learned\n\n"))
        for n in range(1, words):
            if exchange.closing.wait(pace / WORDS_S * chance.lognormvariate(0, 0.3)):
                break
            end = " " if n % CLAIMS_LITTLE else ". " if n % 12 else ".\n\n"
            exchange.event(chunk(content=chance.choice(SAID) + end))
        exchange.event(chunk("stop", content="."))
        exchange.write(b"data: [DONE]\n\n")
        exchange.close()

    return answer


if __name__ == "__main__":
    main(*(float(argument) for argument in (*sys.argv[1:], "400", "0")[:2]))
