"""SIGSTOP, the worst way to hang: whoever was stopped is ended, and the work goes on elsewhere."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from random import Random

import httpx2
import pytest

from draftmill.database.connection import connect
from tests.support.after_a_fault import faultless, sound
from tests.support.fault_recordings import DRAFTS, Brought, Corpus, bring_text, jobs_of, sentences
from tests.support.faults_table import Ledger
from tests.support.house import QUICK, House, opened, until
from tests.support.jobs_at_work import caught
from tests.support.process_states import (
    Witness,
    child_at,
    consumer,
    stop_inside_a_transaction,
    stopped,
    words_of,
    writes,
)

SEED = 4200
BACK_S = 20.0
SOON = QUICK | {"DRAFTMILL_SILENT_TICKS": "30", "DRAFTMILL_CONSUMER_SILENT_TICKS": "20"}
IDLE, WRITING = "idle", "inside a write transaction"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, full: bool) -> Iterator[House]:
    """A house whose processes are stopped; silence is noticed sooner in a short run."""
    with opened(tmp_path_factory.mktemp("frozen") / "data", **({} if full else SOON)) as house:
        yield house


def stop_idle(house: House, pid: int) -> None:
    """SIGSTOP a process that is not writing to the database."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        until(lambda: stopped(pid), 10, "the process to stop")
        if not writes(house, pid):
            return
        os.kill(pid, signal.SIGCONT)


def locked(house: House) -> bool:
    """Whether nobody can write to the database at this moment."""
    with closing(connect(house.data / "draftmill.db", 0.3)) as db:
        try:
            db.execute("begin immediate")
        except sqlite3.OperationalError:
            return True
        db.execute("rollback")
    return False


def back_after(witness: Witness, job_id: str, attempt: int, since_s: float) -> float:
    """Seconds until a later attempt at a job was seen alive."""
    until(lambda: witness.first_seen_s(job_id, attempt + 1), 60, "the next attempt")
    return (witness.first_seen_s(job_id, attempt + 1) or 0.0) - since_s


@pytest.mark.parametrize("where", [IDLE, WRITING])
def test_a_stopped_child_is_ended_before_anyone_else_starts(
    own: House,
    client: httpx2.Client,
    corpus: Corpus,
    full: bool,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
    where: str,
) -> None:
    many = rounds(1, 8)
    back_s: list[float] = []
    brought: list[Brought] = []
    with Witness() as witness:
        while len(back_s) < many:
            brought.append(corpus.bring(own, client, "video", []))
            ingest = brought[-1].jobs[0]
            child = child_at(ingest)
            if where == IDLE:
                caught(own, ingest, "transcribe")
                stop_idle(own, child.pid)
            elif not stop_inside_a_transaction(own, child.pid, 60):
                continue
            since_s = time.monotonic()
            assert (where == WRITING) == locked(own)
            back_s.append(back_after(witness, ingest, child.attempt, since_s))
            assert not words_of(child.pid)
            until(lambda: not locked(own), 10, "the database to be free")
            own.ended(ingest)
    job_ids = [job for b in brought for job in b.jobs]
    lost, doubled = faultless(own, job_ids), witness.twice(own)
    fault = ledger.record(
        f"SIGSTOP of a child, {where}",
        many,
        lost=len(lost),
        doubled=len(doubled),
        back_s=back_s,
        most_s=BACK_S,
    )
    assert not lost + doubled, own.log()
    lines = [row["message"] for row in own.rows("select message from job_logs")]
    assert any("stopped answering" in line for line in lines)
    sound(own, at_rest=True)
    if full:
        assert fault.p95_s <= BACK_S


def test_a_stopped_consumer_is_replaced_and_its_jobs_go_on(
    own: House, client: httpx2.Client, full: bool, ledger: Ledger
) -> None:
    random = Random(SEED)
    back_s: dict[str, list[float]] = {where: [] for where in ([IDLE, WRITING] if full else [IDLE])}
    job_ids: list[str] = []
    with Witness() as witness:
        for where in [*back_s] * (4 if full else 1):
            brought, since_s = _stop_a_consumer(own, client, random, where)
            # Stopped inside its last word about them, it leaves nothing to take up.
            if any(own.job(job_id)["completed_at"] is None for job_id in brought.jobs):
                back_s[where].append(_first_after(witness, brought, since_s))
            job_ids += brought.jobs
            for job_id in brought.jobs:
                own.ended(job_id)
    lost, doubled = faultless(own, job_ids), witness.twice(own)
    faults = [
        ledger.record(f"SIGSTOP of a consumer, {where}", len(times), back_s=times, most_s=BACK_S)
        for where, times in back_s.items()
    ]
    assert not lost + doubled, own.log()
    sound(own, at_rest=True)
    if full:
        assert all(fault.p95_s <= BACK_S for fault in faults)


def _stop_a_consumer(
    house: House, client: httpx2.Client, random: Random, where: str
) -> tuple[Brought, float]:
    """Stop the consumer that writes drafts, and wait for another. The project, and the moment."""
    while True:
        brought = bring_text(house, client, sentences(random, 200), DRAFTS[:2])
        pid = consumer(house, "writing")
        if where == IDLE:
            child_at(brought.jobs[1])
            stop_idle(house, pid)
            # Its children go on and end; what is asked for now is nobody else's to begin.
            asked = {"type": DRAFTS[2]}
            client.post(f"/projects/{brought.project_id}/jobs", data=asked)
            brought = replace(brought, jobs=jobs_of(house, brought.project_id))
        elif not stop_inside_a_transaction(house, pid, 10):
            continue
        since_s = time.monotonic()
        assert (where == WRITING) == locked(house)
        assert consumer(house, "writing", but=pid)
        assert not words_of(pid)
        return brought, since_s


def _first_after(witness: Witness, brought: Brought, since_s: float) -> float:
    """Seconds until a process born after a moment worked on any of the project's jobs."""

    def born() -> list[float]:
        return [
            seen.first_s - since_s
            for seen in list(witness.seen.values())
            if seen.child.job_id in brought.jobs and seen.first_s > since_s
        ]

    return min(until(born, 60, "a job to be taken up again"))
