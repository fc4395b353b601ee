"""strace at a process of a house: what it writes to the database, and how to break in there."""

import contextlib
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.house import House, until

CALLS = "write,pwrite64,writev,fsync,fdatasync,ftruncate"


@dataclass(frozen=True)
class Point:
    """One call of the system in a thread's life: the `nth` of its name, counted from 1."""

    call: str
    nth: int

    def kill(self) -> list[str]:
        """The options that end the process when it is about to make this call."""
        return ["-e", f"inject={self.call}:signal=KILL:when={self.nth}"]


def options(house: House, *further: str) -> list[str]:
    """What strace is told: only the database's own files, in every thread."""
    files = [house.data / "draftmill.db", house.data / "draftmill.db-wal"]
    paths = [word for file in files for word in ("-P", str(file))]
    return ["-q", "-f", *paths, "-e", f"trace={CALLS}", *further]


@contextlib.contextmanager
def traced(pid: int, words: list[str]) -> Iterator[None]:
    """strace at each thread of a process, until the end of the block or of the process."""
    quiet = subprocess.DEVNULL
    tracer = subprocess.Popen(["strace", "-p", str(pid), *words], stdout=quiet, stderr=quiet)
    try:
        until(lambda: _held(pid) or tracer.poll() is not None, 60, "strace to attach")
        if tracer.poll() is not None and Path(f"/proc/{pid}").exists():
            pytest.skip("strace may not attach to processes here")
        yield
    finally:
        tracer.terminate()
        try:
            tracer.wait(20)  # it lets go of one thread after the other
        except subprocess.TimeoutExpired:
            # It waits for a thread that does not stop. Without it they all go on.
            tracer.kill()
            tracer.wait()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _held(pid: int) -> bool:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return all("TracerPid:\t0\n" not in (t / "status").read_text() for t in threads)
    except FileNotFoundError:
        return False


def points(trace: Path) -> list[Point]:
    """The calls that one thread made, in their order, as strace wrote them to a file."""
    counts: Counter[str] = Counter()
    found, threads = [], set()
    for line in trace.read_text().splitlines():
        call = re.match(r"(?:(\d+) +)?(\w+)\(", line)
        if call:
            threads.add(call[1])
            counts[call[2]] += 1
            found.append(Point(call[2], counts[call[2]]))
    assert len(threads) == 1, f"{len(threads)} threads wrote"
    return found


def spread(found: list[Point], many: int) -> list[Point]:
    """So many of the points, evenly over all; all of them if there are fewer."""
    many = min(many, len(found))
    return [found[(2 * n + 1) * len(found) // (2 * many)] for n in range(many)]
