"""How a process ended, in words; and whether the system ended it for lack of memory."""

import signal
from dataclasses import dataclass
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
OUT_OF_MEMORY = 70  # the exit code of a child of ours that met a MemoryError
LOADER_GAVE_UP = 127  # glibc's own end where a thread's variables find no memory


@dataclass(frozen=True)
class MemoryKills:
    """The counter of processes of our control group that the system ended for lack of memory.

    Linux counts them in `memory.events` (cgroup v2) or `memory.oom_control` (v1). `before` is
    the count when we began to look, None where the system does not tell.
    """

    file: Path | None
    before: int | None

    @classmethod
    def watch(
        cls, own: Path = Path("/proc/self/cgroup"), root: Path = CONTROL_GROUPS
    ) -> "MemoryKills":
        """Begin to look, from the present count on."""
        for file in _counters(own, root):
            count = _count(file)
            if count is not None:
                return cls(file, count)
        return cls(None, None)

    @property
    def moved(self) -> bool | None:
        """Whether the system has ended one of us since; None where it does not tell."""
        count = _count(self.file) if self.file else None
        return None if count is None or self.before is None else count > self.before


def _counters(own: Path, root: Path) -> list[Path]:
    """Where the counter may be: each line names hierarchy, controllers and our path in it."""
    try:
        lines = own.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if not controllers:
            found.append(root / path.lstrip("/") / "memory.events")
        elif "memory" in controllers.split(","):
            found.append(root / "memory" / path.lstrip("/") / "memory.oom_control")
            # In a container the path may be that of the machine, and only this one is to be seen.
            found.append(root / "memory" / "memory.oom_control")
    return found


def _count(file: Path) -> int | None:
    try:
        for line in file.read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    except (OSError, ValueError):
        return None
    return None


def lacked_memory(code: int | None, lack_of_memory: bool | None) -> bool:
    """Whether a process of ours ended for want of memory, as far as can be told (see `reason`)."""
    return code in (OUT_OF_MEMORY, LOADER_GAVE_UP, -signal.SIGABRT) or (
        code == -signal.SIGKILL and lack_of_memory is True
    )


def reason(code: int | None, lack_of_memory: bool | None, who: str = "its process") -> str:
    """How a process of ours ended, by its exit code as subprocess gives it.

    `lack_of_memory` is what MemoryKills.moved says: memory is blamed when the system says so,
    and called likely where it says nothing.
    """
    if code == -signal.SIGKILL:
        because = {True: " for lack of memory", None: ", often for lack of memory", False: ""}
        return f"{who} was ended by the system (SIGKILL){because[lack_of_memory]}"
    if code == OUT_OF_MEMORY:
        return f"{who} ran out of memory"
    if code == -signal.SIGABRT:  # what libraries in C++ do without memory, in threads of theirs
        return f"{who} was ended by SIGABRT, most often for lack of memory"
    if code == LOADER_GAVE_UP:
        return f"{who} ended with code {code}, most often for lack of memory"
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"{who} was ended by {name}"
    return f"{who} ended with code {code}"
