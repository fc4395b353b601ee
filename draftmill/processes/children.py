"""Starting our own program again as a child that never outlives its parent."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO

PR_SET_PDEATHSIG = 1
# How glibc keeps memory, so that a long recording needs no more of it than a short one: one heap
# for all threads, for what one has freed serves no other in a heap of its own; what is larger
# than most of what Whisper makes of a window comes from the system and goes back to it. (Huge
# pages would save 7 % of the time, and take 180 MB more.) And numpy gets no threads of its own:
# they spin while they wait, beside those that have work.
LEAN = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(8_400_000),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    "OPENBLAS_NUM_THREADS": "1",
}
STRAYS_S = 2.0
MOST_ANSWERED = 64 * 1024
_helpers: set["subprocess.Popen[bytes]"] = set()


def child_command(*arguments: str) -> list[str]:
    """The command line of one of our verbs, also inside a frozen binary."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "draftmill", *arguments]


def start_child(
    *arguments: str,
    environ: Mapping[str, str],
    pass_fds: tuple[int, ...] = (),
    silent: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a verb in a session of its own, its standard input and output piped to us.

    What a `silent` one says of its errors is thrown away: a stranger's text may cause them. The death signal fires when the *thread* that started a child ends: start it from the
    thread that looks after it.
    """
    return subprocess.Popen(
        child_command(*arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if silent else None,
        env={**os.environ, **environ},
        start_new_session=True,
        pass_fds=pass_fds,
        bufsize=0,
    )


def run_helper(
    *arguments: str,
    cwd: Path,
    limit_s: float,
    most_bytes: int = MOST_ANSWERED,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Run a verb that answers on its standard output, and see to it that none of it is left.

    An answer of more than `most_bytes` is cut off there. Raises subprocess.TimeoutExpired after
    `limit_s` seconds. It ends with us (see `die_with_parent`), and at `end_helpers`.
    """
    helper = subprocess.Popen(
        child_command(*arguments),
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | environ,
        start_new_session=True,
        bufsize=0,
    )
    _helpers.add(helper)
    assert helper.stdin
    assert helper.stdout
    try:
        # Not `communicate`: it would close the input, which is the helper's lifeline.
        return answer_of(helper.stdout, limit_s, most_bytes)
    finally:
        end_group(helper.pid)
        helper.wait()
        _helpers.discard(helper)
        helper.stdin.close()
        helper.stdout.close()


def answer_of(
    output: IO[bytes], limit_s: float, most_bytes: int, *, one_line: bool = False
) -> bytes:
    """What a child says until it closes its output, or until the end of a line; the first part of more.

    Raises subprocess.TimeoutExpired after `limit_s` seconds.
    """
    deadline = time.monotonic() + limit_s
    poller = select.poll()
    poller.register(output, select.POLLIN)
    answer = bytearray()
    while poller.poll(max(deadline - time.monotonic(), 0) * 1000):
        more = os.read(output.fileno(), min(65536, most_bytes - len(answer)))
        if not more:
            return bytes(answer)
        answer += more
        if one_line and more.endswith(b"\n"):
            return bytes(answer)
    raise subprocess.TimeoutExpired("helper", limit_s)


def end_helpers() -> None:
    """End the helpers at work: this process leaves, and some may not know it yet."""
    for helper in list(_helpers):
        if helper.poll() is None:
            end_group(helper.pid)


def die_with_parent(lifeline: IO[bytes] | None = None) -> None:
    """End this process when its parent ends: by a signal of the kernel and by end of file.

    The signal (Linux only) also reaches a stopped process; the end of `lifeline`, our
    standard input, works everywhere.
    """
    ask_for_death_signal()
    threading.Thread(target=_await_end, args=(lifeline or sys.stdin.buffer,), daemon=True).start()


def ask_for_death_signal() -> None:
    """On Linux, have the kernel end this process when the thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _await_end(lifeline: IO[bytes]) -> None:
    # Not by its buffer: its lock, held here, would abort the interpreter at its end.
    while os.read(lifeline.fileno(), 1):
        pass
    end_group(os.getpgrp())


def end_group(group: int) -> None:
    """SIGKILL a whole process group; one that is gone already is fine."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def end_strays(verb: str, *arguments: str) -> None:
    """End a verb's processes that outlived their parent, and wait until they are gone.

    One that was stopped before it could ask for the death signal hears of nothing; on Linux
    it is found by its command line, of which each of the `arguments` must be a part or, as a
    path, above a part.
    """
    strays = [pid for pid in _pids() if _is_stray(pid, verb, arguments)]
    for pid in strays:
        with contextlib.suppress(PermissionError):
            end_group(pid)
    deadline = time.monotonic() + STRAYS_S
    while any(_is_stray(pid, verb, arguments) for pid in strays) and time.monotonic() < deadline:
        time.sleep(0.01)


def _pids() -> list[int]:
    with contextlib.suppress(OSError):
        return [int(f.name) for f in Path("/proc").iterdir() if f.name.isdigit()]
    return []


def _is_stray(pid: int, verb: str, arguments: tuple[str, ...]) -> bool:
    try:
        words = os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return False
    given = words[words.index(verb) + 1 :] if verb in words and pid != os.getpid() else []
    return bool(given) and all(
        any(word == part or word.startswith(f"{part}{os.sep}") for word in given)
        for part in arguments
    )


def beat_channel() -> int:
    """Keep our standard output for heartbeats, and send what is printed to standard error."""
    channel = os.dup(1)
    os.dup2(2, 1)
    return channel


def beat(channel: int, sign: bytes) -> None:
    """Send one heartbeat. Where nobody listens any more, this process has nothing left to do."""
    try:
        os.write(channel, sign)
    except OSError:
        end_group(os.getpgrp())
