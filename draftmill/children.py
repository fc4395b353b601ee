"""Starting our own program again as a child that never outlives its parent."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from typing import IO

PR_SET_PDEATHSIG = 1


def child_command(*arguments: str) -> list[str]:
    """The command line of one of our verbs, also inside a frozen binary."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "draftmill", *arguments]


def start_child(
    *arguments: str, environ: dict[str, str], pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start a verb in a session of its own, its standard input and output piped to us.

    The death signal fires when the *thread* that started a child ends: start it from the
    thread that looks after it.
    """
    return subprocess.Popen(
        child_command(*arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | environ,
        start_new_session=True,
        pass_fds=pass_fds,
        bufsize=0,
    )


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


def beat_channel() -> int:
    """Keep our standard output for heartbeats, and send what is printed to standard error."""
    channel = os.dup(1)
    os.dup2(2, 1)
    return channel
