"""Consumers, serve, or everything at once ends: by kill -9, SIGTERM or Ctrl-C. Jobs go on."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random

import httpx2
import pytest

from tests.support.after_a_fault import faultless, sound
from tests.support.fault_recordings import Brought, Corpus, bring_text, sentences
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, House, opened, until
from tests.support.jobs_at_work import LongWork, caught, tries
from tests.support.process_states import (
    Child,
    Witness,
    child_at,
    consumer,
    everyone,
    nobody_left,
    words_of,
)

SEED = 4300
CONSUMER_BACK_S, START_BACK_S, STOP_S = 2.0, 3.0, 5.0
# Every stage, and the signal that a short run sends during it.
FIRST = {
    "transcribe": signal.SIGTERM,
    "screenshots": signal.SIGINT,
    "chapters": signal.SIGTERM,
    "write": signal.SIGINT,
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, full: bool) -> Iterator[House]:
    """A house that is killed and started again, with its usual times in a full run."""
    with opened(tmp_path_factory.mktemp("stops") / "data", **({} if full else QUICK)) as house:
        yield house


def next_attempt(witness: Witness, child: Child, since_s: float) -> float:
    """Seconds from a moment until the next attempt at the child's job was seen alive."""

    def seen_s() -> float | None:
        return witness.first_seen_s(child.job_id, child.attempt + 1)

    return until(seen_s, 60, f"the attempt after {child}") - since_s


def judged(house: House, witness: Witness, brought: list[Brought]) -> tuple[int, int]:
    """Nothing was lost and nothing done twice, by all that can be seen. Their numbers, 0 and 0."""
    lost = faultless(house, [job for b in brought for job in b.jobs])
    doubled = witness.twice(house)
    assert not lost + doubled, (lost, doubled, house.log())
    sound(house, at_rest=True)
    return len(lost), len(doubled)


def test_a_killed_consumer_is_replaced_and_its_child_dies_with_it(
    own: House,
    client: httpx2.Client,
    corpus: Corpus,
    full: bool,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    brought: list[Brought] = []
    back_s: dict[str, list[float]] = {"media": [], "writing": []}
    with Witness() as witness:
        for n in range(rounds(1, 15)):
            if n:
                own.stop()  # what died often is started again ever later
                own.start()
            media = corpus.bring(own, client, "video", [])
            back_s["media"].append(_kill_consumer(own, witness, "media", media.jobs[0]))
            text = bring_text(own, client, sentences(corpus.random, 300), ["blog"])
            back_s["writing"].append(_kill_consumer(own, witness, "writing", text.jobs[1]))
            brought += [media, text]
        ends = judged(own, witness, brought)
    for queue, times in back_s.items():
        ledger.record_back(f"kill -9 of the {queue} consumer", times, ends, CONSUMER_BACK_S, full)


def _kill_consumer(house: House, witness: Witness, queue: str, job_id: str) -> float:
    child = child_at(job_id)
    os.kill(consumer(house, queue), signal.SIGKILL)
    killed_s = time.monotonic()
    until(lambda: not words_of(child.pid), 5, "the child to die with its supervisor")
    back_s = next_attempt(witness, child, killed_s)
    house.ended(job_id)
    with house.client() as client:
        known = client.get("/readyz").json()["queues"][queue]
    assert known["state"] == "ok"
    assert known["restarts"] >= 1
    return back_s


def test_after_a_new_start_the_work_goes_on(
    own: House,
    client: httpx2.Client,
    corpus: Corpus,
    full: bool,
    ledger: Ledger,
) -> None:
    brought: list[Brought] = []
    back_s: dict[str, list[float]] = {"everything at once": []}
    if full:
        back_s["serve"] = []
    with Witness() as witness:
        for whom in [*back_s] * (15 if full else 1):
            brought.append(corpus.bring(own, client, "video", ["blog"] if full else []))
            child = child_at(brought[-1].jobs[0])
            if whom != "serve":
                _kill_all(own, corpus.random)
            own.kill()
            nobody_left(own)
            sound(own, at_rest=False)
            begun_s = time.monotonic()
            own.start()
            back_s[whom].append(next_attempt(witness, child, begun_s))
            for job_id in brought[-1].jobs:
                own.ended(job_id)
        ends = judged(own, witness, brought)
    for whom, times in back_s.items():
        ledger.record_back(f"kill -9 of {whom}, and a new start", times, ends, START_BACK_S, full)


def _kill_all(house: House, random: Random) -> None:
    found = list(everyone(house))
    random.shuffle(found)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_an_upload_that_died_with_the_server_leaves_nothing_and_can_be_sent_again(
    own: House,
    client: httpx2.Client,
    work: LongWork,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    many = rounds(1, 15)
    for _ in range(many):
        before = own.rows("select id from projects")
        file = work.slide_show()
        with file.open("rb") as recording:
            request = client.build_request(
                "POST", "/projects", files={"recording": (file.name, recording)}
            )
            body = request.read()
        with closing(_send_a_part(own, request, body, work.random)):
            until(lambda: any(_bytes_received(own)), 10, "bytes of the upload to arrive")
            own.kill()
        nobody_left(own)
        own.start()
        assert not any(_bytes_received(own))
        assert own.rows("select id from projects") == before
        sound(own, at_rest=True)
        project_id = own.upload(client, file)
        stored = own.data / "media" / project_id / "recording.mp4"
        assert stored.read_bytes() == file.read_bytes()
        ingest = own.one("select id from jobs where project_id = ?", project_id)
        assert ingest is not None
        client.post(f"/jobs/{ingest['id']}/cancel")
        own.ended(ingest["id"])
        sound(own, at_rest=True)
    ledger.record("kill -9 of serve during an upload", many)


def _send_a_part(
    house: House, request: httpx2.Request, body: bytes, random: Random
) -> socket.socket:
    """Send the head of a request and a random part of its body, and keep the line open."""
    head = [f"POST {request.url.raw_path.decode()} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    line = socket.create_connection(("127.0.0.1", int(house.url.rpartition(":")[2])))
    line.sendall("\r\n".join([*head, "", ""]).encode())
    line.sendall(body[: random.randrange(len(body) // 10, len(body))])
    return line


def _bytes_received(house: House) -> list[int]:
    """The sizes of everything in the folder of uploads."""
    return [file.stat().st_size for file in (house.data / "uploads").rglob("*") if file.is_file()]


@pytest.mark.parametrize("stage", FIRST)
def test_a_clean_stop_gives_the_job_back_uncounted_in_every_stage(
    own: House, client: httpx2.Client, work: LongWork, full: bool, ledger: Ledger, stage: str
) -> None:
    brought: list[Brought] = []
    left_s: list[float] = []
    back_s: list[float] = []
    with Witness() as witness:
        for number in [signal.SIGTERM, signal.SIGINT] * 4 if full else [FIRST[stage]]:
            child, took_s = _stop_in(own, client, work, stage, number, brought)
            left_s.append(took_s)
            nobody_left(own)
            job = own.job(child.job_id)
            assert (job["status"], job["attempt"]) == ("pending", child.attempt)
            assert (job["crashes"], job["retries"], job["run_after"]) == (0, 0, None)
            sound(own, at_rest=True)
            begun_s = time.monotonic()
            own.start()
            back_s.append(next_attempt(witness, child, begun_s))
            assert own.ended(child.job_id)["crashes"] == 0
        lost, doubled = judged(own, witness, brought)
    ledger.record(
        f"SIGTERM and Ctrl-C while at {stage}, until all have left",
        len(left_s),
        lost=lost,
        doubled=doubled,
        back_s=left_s,
        most_s=STOP_S,
    )
    assert not full or max(left_s) <= STOP_S
    assert not full or max(back_s) <= START_BACK_S


def _stop_in(
    house: House,
    client: httpx2.Client,
    work: LongWork,
    stage: str,
    number: int,
    brought: list[Brought],
) -> tuple[Child, float]:
    """Stop the house by a signal while a job is in a stage: its child, and how long that took."""
    for _ in tries():
        brought.append(work.bring(house, client, stage))
        child = caught(house, brought[-1].jobs[-1], stage)
        if child is None:
            continue
        begun_s = time.monotonic()
        assert house.stop(number) == 0
        took_s = time.monotonic() - begun_s
        if not house.job(child.job_id)["completed_at"]:
            return child, took_s
        house.start()  # it ended before the signal came
    raise AssertionError
