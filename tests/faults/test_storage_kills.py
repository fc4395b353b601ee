"""Killed at each write and each sync of a job's life: nothing acknowledged is lost, the job ends."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.faults_table import Ledger
from tests.support.house import until
from tests.support.storage_house import JANITOR_S, StorageHouse, storage_house
from tests.support.tracing import Point, options, points, spread, traced
from tests.support.worker_processes import processes

Rounds = Callable[[int, int], int]
EVERY = 10_000
HIT = 0.8  # of the points; a transaction may write fewer pages than when it was traced


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageHouse]:
    """One house for all rounds, with one writing worker: a job's whole life is in its hands."""
    with storage_house(
        tmp_path_factory.mktemp("kills") / "data", DRAFTMILL_WRITING_WORKERS="1"
    ) as made:
        yield made
        made.leave(JANITOR_S)


def fresh(ours: StorageHouse) -> None:
    """A new start: `serve` is slow to restart a consumer that died again and again."""
    assert ours.house.stop() == 0
    ours.house.start()


def fill_log(ours: StorageHouse) -> None:
    """Make the write-ahead log so long that the next commit moves it into the database."""
    with contextlib.closing(ours.house.db()) as db:
        db.execute("pragma wal_autocheckpoint = 0")
        db.execute("pragma synchronous = off")
        while (ours.house.data / "draftmill.db-wal").stat().st_size < 1_100 * 4_120:
            db.execute("update counters set n = n + 1 where name = 'changes'")


def consumer_of(ours: StorageHouse) -> int:
    return until(lambda: processes(ours.house, "writing"), why="the consumer")[0]


def web_points(ours: StorageHouse, trace: Path, long_log: bool) -> list[Point]:
    assert ours.house.process
    if long_log:
        fill_log(ours)
    with traced(ours.house.process.pid, options(ours.house, "-o", str(trace))):
        job_id = ours.order()
        ours.succeeded(job_id)
    return points(trace)


def consumer_points(ours: StorageHouse, trace: Path) -> list[Point]:
    with traced(consumer_of(ours), [*options(ours.house, "-o", str(trace)), "-b", "execve"]):
        ours.succeeded(ours.order())
        until(lambda: at_rest(ours), why="the last write of the supervisor")
    return points(trace)


def at_rest(ours: StorageHouse) -> bool:
    """Whether the supervisor has written how long the newest job ran, its last word."""
    return bool(ours.house.job(ours.last())["ran_s"] > 0)


def test_the_web_killed_at_each_write_of_a_start_keeps_what_it_answered(
    ours: StorageHouse, tmp_path: Path, rounds: Rounds, ledger: Ledger
) -> None:
    kills = []
    for long_log, few in ((False, 2), (True, 1)):
        found = web_points(ours, tmp_path / "trace", long_log)
        assert {point.call for point in found} >= {"pwrite64", "fdatasync"}
        kills += [(point, long_log) for point in spread(found, rounds(few, EVERY))]
    hit = sum(kill_web(ours, point, long_log) for point, long_log in kills)
    assert hit >= HIT * len(kills)
    ledger.record("SIGKILL of the web at each write and sync of a start", hit)


def kill_web(ours: StorageHouse, point: Point, long_log: bool) -> bool:
    """Kill it there while it starts a job. Whether it came there."""
    if long_log:
        fill_log(ours)
    last = ours.last()
    assert ours.house.process
    with traced(ours.house.process.pid, options(ours.house, *point.kill())):
        with contextlib.suppress(httpx2.TransportError):
            answer = ours.post(after=last)
            assert answer.status_code == 202
            assert ours.last() != last
        until(lambda: not ours.house.running or (ours.last() != last and at_rest(ours)), 120)
    hit = not ours.house.running
    ours.house.kill()  # this closes its pipe, too
    ours.house.start()
    # The same click again: at most one job came of both.
    assert ours.post(after=last).status_code == 202
    ours.succeeded(ours.last())
    query = (
        "select count(*) from jobs where type = 'noop' and n > (select n from jobs where id = ?)"
    )
    counted = ours.house.one(query, last)
    assert counted is not None
    assert counted[0] == 1
    ours.sound()
    return hit


def test_the_consumer_killed_at_each_write_takes_its_job_up_again(
    ours: StorageHouse, tmp_path: Path, rounds: Rounds, ledger: Ledger
) -> None:
    found = consumer_points(ours, tmp_path / "trace")
    hit = 0
    for n, point in enumerate(chosen := spread(found, rounds(3, EVERY))):
        if n % 3 == 0:
            fresh(ours)
        consumer = consumer_of(ours)
        with traced(consumer, [*options(ours.house, *point.kill()), "-b", "execve"]):
            job_id = ours.order()
            until(lambda: gone(ours, consumer) or at_rest(ours), 120, f"{point}")  # noqa: B023
            hit += gone(ours, consumer)
        ours.succeeded(job_id)
        ours.sound()
    assert hit >= HIT * len(chosen)
    ledger.record("SIGKILL of a consumer at each write and sync of a job", hit)


def gone(ours: StorageHouse, consumer: int) -> bool:
    return consumer not in processes(ours.house, "writing")


def test_the_child_killed_at_each_write_runs_again_and_writes_one_draft(
    ours: StorageHouse, tmp_path: Path, rounds: Rounds, ledger: Ledger
) -> None:
    arm, trace = ours.house.data.parent / "arm", tmp_path / "trace"
    arm.write_text("\n".join(options(ours.house, "-o", str(trace))))
    ours.succeeded(ours.order())
    found = points(trace)
    for point in (chosen := spread(found, rounds(4, EVERY))):
        arm.write_text("\n".join(options(ours.house, *point.kill())))
        job_id = ours.order()
        job = ours.succeeded(job_id)
        assert (job["attempt"], job["crashes"]) == (2, 1)
        ours.sound()
    ledger.record("SIGKILL of a child at each write and sync of a job", len(chosen))
