"""A child that takes more than its share is ended, or fails."""

import signal
import subprocess
import sys

import pytest

SET = "from draftmill.processes.limits import Limits; Limits(cpu_s=1, memory=2**28).set();"


def ended(what: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", f"{SET} {what}"], capture_output=True, text=True, timeout=60
    )


def test_who_never_comes_to_an_end_is_ended() -> None:
    assert ended("any(iter(int, 1))").returncode == -signal.SIGXCPU


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("bytearray(2**29)", "MemoryError"),
        ("import tempfile; tempfile.TemporaryFile().write(bytes(2**20))", "File too large"),
    ],
)
def test_who_takes_too_much_fails(what: str, why: str) -> None:
    child = ended(what)
    assert child.returncode
    assert why in child.stderr
