"""What can be seen from outside: who lives, who is stopped, who holds the database. From /proc."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from draftmill import settings as settings_of_house
from draftmill.settings import Settings
from tests.support.house import House, until

PROC = Path("/proc")
WRITE_LOCK = 120  # the byte of the -shm file that SQLite locks for a writer
LOOK_S = 0.01


@dataclass(frozen=True)
class Child:
    """A living process that works on a job."""

    pid: int
    job_id: str
    attempt: int


def words_of(pid: int) -> list[str]:
    """The command line of a living process; empty for one that is gone, or not yet buried."""
    try:
        return (
            (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
        )
    except (FileNotFoundError, ProcessLookupError):
        return []


def child_of(pid: int, words: list[str]) -> Child | None:
    """The Child of `draftmill work JOB ATTEMPT`; None for any other process."""
    if words[1:4] == ["-m", "draftmill", "work"] and len(words) == 6:
        return Child(pid, words[4], int(words[5]))
    return None


def pids() -> Iterator[int]:
    return (int(name) for name in os.listdir(PROC) if name.isdigit())  # noqa: PTH208


def everyone(house: House) -> dict[int, list[str]]:
    """Every living process that has the house's data folder in its environment, with its words."""
    found = {}
    mark = f"DRAFTMILL_DATA={house.data}".encode()
    for pid in pids():
        with contextlib.suppress(OSError):
            words = words_of(pid)
            if words and mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                found[pid] = words
    return found


def children(job_id: str) -> list[Child]:
    """The living processes that work on a job."""
    found = (child_of(pid, words_of(pid)) for pid in pids())
    return [child for child in found if child and child.job_id == job_id]


def child_at(job_id: str, within_s: float = 120.0) -> Child:
    """The living child that works on a job, once there is one."""
    return until(lambda: children(job_id), within_s, f"a child at job {job_id}")[0]


def consumer(house: House, queue: str, but: int = 0) -> int:
    """The pid of the living consumer of a queue, once there is one other than `but`."""

    def find() -> int | None:
        found = [pid for pid, words in everyone(house).items() if words[3:5] == ["worker", queue]]
        return next((pid for pid in found if pid != but), None)

    return until(find, 30, f"a consumer of {queue}")


def nobody_left(house: House, within_s: float = 5.0) -> None:
    """No process of the house is alive, and none comes."""
    until(lambda: not everyone(house), within_s, f"the last to go: {everyone(house)}")


def stopped(pid: int) -> bool:
    """Whether a process is in the stopped state of SIGSTOP."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] == "T"


def writes(house: House, pid: int) -> bool:
    """Whether a process is inside a write transaction on the main database."""
    with contextlib.suppress(FileNotFoundError):
        inode = (house.data / "draftmill.db-shm").stat().st_ino
        held = (PROC / "locks").read_bytes()
        for line in held.split(b"\n"):
            words = line.split()
            if len(words) == 8 and words[3:5] == [b"WRITE", b"%d" % pid]:
                where = words[5].rpartition(b":")[2]
                first, last = int(words[6]), int(words[7]) if words[7] != b"EOF" else WRITE_LOCK
                if int(where) == inode and first <= WRITE_LOCK <= last:
                    return True
    return False


def stop_inside_a_transaction(house: House, pid: int, within_s: float) -> bool:
    """SIGSTOP a process while it holds the write lock. False if it ended first or never wrote."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and words_of(pid):
        if not writes(house, pid):
            continue
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            until(lambda: stopped(pid) or not words_of(pid), 10, "the process to stop")
            if writes(house, pid):
                return True
            os.kill(pid, signal.SIGCONT)
    return False


def settings(house: House) -> Settings:
    """The settings that the house runs with."""
    return settings_of_house.load(house.environ | {"DRAFTMILL_DATA": str(house.data)})


@dataclass
class Seen:
    """One attempt at one job as it was seen at work, by the monotonic clock."""

    child: Child
    first_s: float
    last_s: float


@dataclass
class Witness:
    """Looks a hundred times a second who works on what, in a thread of its own.

    `together` notes every pair of children that were alive at once with one job.
    """

    seen: dict[Child, Seen] = field(default_factory=dict)
    living: dict[str, Child] = field(default_factory=dict)
    together: list[tuple[Child, Child]] = field(default_factory=list)
    looks: int = 0

    def __enter__(self) -> Self:
        self._end = threading.Event()
        self._strangers: set[int] = set()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(LOOK_S):
            self._look()
            self.looks += 1

    def _look(self) -> None:
        present = set(pids())
        self._strangers &= present
        living: dict[str, Child] = {}
        for pid in sorted(present - self._strangers):
            words = words_of(pid)
            child = child_of(pid, words)
            if child is None:
                # One that is about to become somebody else is looked at again.
                if words and "draftmill" not in words:
                    self._strangers.add(pid)
                continue
            moment = time.monotonic()
            other = living.get(child.job_id)
            # Seen before and after: both were alive at this moment.
            if other and child_of(other.pid, words_of(other.pid)) == other:
                self.together.append((other, child))
            living[child.job_id] = child
            self.seen.setdefault(child, Seen(child, moment, moment)).last_s = moment
        self.living = living

    def first_seen_s(self, job_id: str, attempt: int) -> float | None:
        """When an attempt was first seen alive."""
        for seen in list(self.seen.values()):
            if (seen.child.job_id, seen.child.attempt) == (job_id, attempt):
                return seen.first_s
        return None

    def twice(self, house: House) -> list[str]:
        """What of a house was worked on by two at once, or out of order: one sentence each."""
        job_ids = [row["id"] for row in house.rows("select id from jobs")]
        found = [f"{a} and {b} were alive" for a, b in self.together if a.job_id in job_ids]
        for job_id in job_ids:
            runs = sorted(
                (s for s in self.seen.values() if s.child.job_id == job_id), key=lambda s: s.first_s
            )
            for before, after in pairwise(runs):
                if before.child.attempt >= after.child.attempt or before.last_s >= after.first_s:
                    found.append(f"{before} ran into {after}")
        return found
