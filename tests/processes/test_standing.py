"""A child that stays: asked again and again, ended when idle, replaced when it died or took too long."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from draftmill.processes.standing import NoAnswer, Standing
from tests.support.house import until

ECHO = """
import os, sys, time
for line in sys.stdin:
    if line == "sleep\\n":
        time.sleep(60)
    if line == "die\\n":
        os._exit(1)
    print(os.getpid(), line[:-1] * (100_000 if line == "much\\n" else 1), flush=True)
"""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", ECHO]
    monkeypatch.setattr("draftmill.processes.children.child_command", lambda *_: command)


@pytest.fixture
def standing(made: None) -> Iterator[Standing]:
    with closing(Standing(environ={}, idle_s=60, limit_s=20, most_bytes=1000)) as standing:
        yield standing


def pid_of(standing: Standing, question: str = "who") -> int:
    number, said = standing.ask(question).split()
    assert said == question.encode()
    return int(number)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_child_answers_again_and_again(standing: Standing) -> None:
    pid = pid_of(standing)
    standing.prepare("ready")
    assert [pid_of(standing, f"{n}") for n in range(5)] == [pid] * 5


def test_one_that_was_killed_is_replaced(standing: Standing) -> None:
    pid = pid_of(standing)
    os.kill(pid, signal.SIGKILL)
    until(lambda: standing._child and standing._child.poll() is not None)
    assert pid_of(standing) != pid


@pytest.mark.parametrize("question", ["die", "much"])
def test_what_it_cannot_answer_is_refused_and_the_next_one_answers(
    standing: Standing, question: str
) -> None:
    pid = pid_of(standing)
    with pytest.raises(NoAnswer):
        standing.ask(question)
    assert pid_of(standing) != pid
    assert is_gone(pid)


def test_one_that_takes_too_long_is_killed(made: None) -> None:
    with closing(Standing(environ={}, idle_s=60, limit_s=0.5, most_bytes=1000)) as standing:
        with pytest.raises(NoAnswer):
            standing.ask("sleep")
        assert standing._child is None


def test_one_that_nobody_asks_ends(made: None) -> None:
    with closing(Standing(environ={}, idle_s=0.05, limit_s=20, most_bytes=1000)) as standing:
        pid = pid_of(standing)
        until(lambda: is_gone(pid))
        assert pid_of(standing) != pid


def test_closing_ends_it_whatever_it_is_asked(standing: Standing) -> None:
    pid = pid_of(standing)
    standing.prepare("sleep")
    began = time.monotonic()
    standing.close()
    assert time.monotonic() - began < 15
    assert is_gone(pid)
    with pytest.raises(NoAnswer):
        standing.ask("who")
