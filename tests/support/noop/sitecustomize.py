"""On the path of a house, this adds the task types `noop`, `noop2` and `noop3` to each of its processes.

With POOR in its environment it gives up the right of the superuser to write to any file.
A child that finds a file `arm` beside the data folder puts itself under strace, with the
options that the file holds, before it does anything else.
"""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

from content_actions import CONTENT_TYPES, ContentType
from draftmill.jobs.policies import POLICIES, Policy
from draftmill.jobs.stages import STAGES, Stage

TYPES = ("noop", "noop2", "noop3")


def _add(task_type: str) -> None:
    CONTENT_TYPES[task_type] = ContentType(
        type=task_type,
        label="Nothing",
        summary="One sentence",
        shape="article",
        layout="outline",
        prompt="blog.md",
        button="Edit",
    )
    POLICIES[task_type] = Policy(needs_transcript=False)
    stage = Stage("rest", "Resting", 100, "noop_stage:rest")
    for source in ("media", "transcript"):
        STAGES[task_type, source] = (stage,)


def _arm() -> None:
    beside = Path(os.environ["DRAFTMILL_DATA"]).parent
    try:
        taken = (beside / "arm").rename(beside / "armed")
    except FileNotFoundError:
        return
    options = taken.read_text().split("\n")
    subprocess.Popen(
        ["strace", "-p", str(os.getpid()), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text():
        time.sleep(0.001)


def _be_poor() -> None:
    command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    os.execvp(command[0], [*command, *sys.orig_argv])


if "FAKETIME_TIMESTAMP_FILE" in os.environ:
    # The library refuses the call by which Python sleeps until a moment of the true clock.
    time.sleep = lambda seconds: select.select((), (), (), seconds) and None
if os.environ.pop("POOR", None) and os.geteuid() == 0:
    _be_poor()
if "DRAFTMILL_DATA" in os.environ:
    for name in TYPES:
        _add(name)
    if "work" in sys.orig_argv:
        _arm()
