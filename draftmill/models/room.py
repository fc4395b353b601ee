"""How much memory and how many cores this machine has, and has to give."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup")
PROCESSORS = Path("/proc/stat")
IDLE, WAITING = 3, 4  # fields of its first line, as proc(5) counts them
LOOK_S = 0.3
KILOBYTE = 1024


def whole_memory() -> int | None:
    """Bytes of memory that we may use at all; None where the system does not tell."""
    found = [size for size in (_of_machine("MemTotal"), _limit()) if size]
    return min(found, default=None)


def free_memory() -> int | None:
    """Bytes of memory that could be had now without anything of others being moved to the disk."""
    found = [size for size in (_of_machine("MemAvailable"), _left_in_group()) if size is not None]
    return min(found, default=None)


def resident_memory(pid: int) -> int:
    """Bytes of memory that a process has now. Raises OSError where the system does not tell."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def cores() -> int:
    """How many processors this process may use, also inside a container."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:
        available = os.cpu_count() or 1
    try:
        quota, period = (CONTROL_GROUP / "cpu.max").read_text(encoding="ascii").split()
        return max(1, min(available, round(int(quota) / int(period))))
    except (OSError, ValueError):
        return max(1, available)


def free_cores() -> int:
    """Processors that have nothing to do now, of those that this process may use; one at least.

    They are looked at for a moment: the load of the last minute would count what has just ended.
    """
    before = _ticks()
    if before is None:
        return max(1, min(cores(), round(cores() - os.getloadavg()[0])))
    time.sleep(LOOK_S)
    idle, every = (new - old for new, old in zip(_ticks() or before, before, strict=True))
    share = idle / every if every > 0 else 1.0
    return max(1, min(cores(), round(share * (os.cpu_count() or 1))))


def _ticks() -> tuple[int, int] | None:
    """Of all processors of the machine since its start: how long they had nothing to do, of how long."""
    try:
        first = PROCESSORS.read_text(encoding="ascii").split("\n", 1)[0]
        spent = [int(count) for count in first.split()[1:9]]
        return spent[IDLE] + spent[WAITING], sum(spent)
    except (OSError, ValueError, IndexError):
        return None


def _of_machine(name: str) -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found = next(line for line in lines if line.startswith(f"{name}:"))
        return int(found.split()[1]) * KILOBYTE
    except (OSError, StopIteration, ValueError):
        return _of_pages() if name == "MemTotal" else None


def _of_pages() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _limit() -> int | None:
    return min(filter(None, map(_number, _files("memory.max"))), default=None)


def _left_in_group() -> int | None:
    limit = _limit()
    used = next(filter(None, map(_number, _files("memory.current"))), None)
    if limit is None or used is None:
        return None
    return max(0, limit - used + next(map(_kept_of_files, _files("memory.stat")), 0))


def _files(name: str) -> Iterator[Path]:
    """The file of our control group, and the one at the root: in a container they are the same."""
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="ascii").strip().rpartition("::")[2]
    except (OSError, ValueError):
        own = "/"
    yield from (file for file in (CONTROL_GROUP / own.lstrip("/") / name, CONTROL_GROUP / name)
                if file.is_file())  # fmt: skip


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # "max": no limit
        return None


def _kept_of_files(file: Path) -> int:
    """Bytes of a group that only keep files, and are given back when they are asked for."""
    try:
        words = dict(line.split() for line in file.read_text(encoding="ascii").splitlines())
        return int(words.get("inactive_file", 0))
    except (OSError, ValueError):
        return 0
