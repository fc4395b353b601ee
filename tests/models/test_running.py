"""The process of a model that is ended for lack of memory: named, and started again with less."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from draftmill.errors import Problem
from draftmill.models import running, serving
from draftmill.models.gguf import Head
from draftmill.models.kept import Kept
from draftmill.models.running import Running
from draftmill.processes import children, exits
from draftmill.settings import Settings
from tests.support.house import until
from tests.support.inside import kill
from tests.support.llama_server import model_file

CONTEXT = 16_384
MODEL = "m.gguf"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system says of how many processes it has ended for lack of memory."""
    file = tmp_path / "memory.events"
    file.write_text("oom_kill 4\n")
    monkeypatch.setattr(exits.MemoryKills, "watch", lambda: exits.MemoryKills(file, 4))
    return file


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...]]]:
    """With which words a model's process was started; one that only sleeps stands for it."""
    calls: list[tuple[str, ...]] = []
    processes: list[subprocess.Popen[bytes]] = []

    def start_child(*arguments: str, pass_fds: tuple[int], **_: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(["sleep", "60"], pass_fds=pass_fds)
        running.say(pass_fds[0], Running(1, "a key", "m", CONTEXT, process.pid))
        calls.append(arguments)
        processes.append(process)
        return process

    monkeypatch.setattr(children, "start_child", start_child)
    yield calls
    for process in processes:
        process.kill()
        process.wait()


def end(settings: Settings) -> Problem:
    """The system ends the process of the model."""
    kill(running.reach(settings, MODEL, lambda: None).pid)
    until(lambda: not running.runs(settings, MODEL))
    return running.ended(settings, MODEL)


def test_one_ended_for_lack_of_memory_is_named_and_comes_back_with_a_shorter_context(
    settings: Settings, counter: Path, started: list[tuple[str, ...]]
) -> None:
    running.start(settings, MODEL)
    counter.write_text("oom_kill 5\n")
    problem = end(settings)
    assert problem.code == "model_out_of_memory"
    assert "for lack of memory" in problem.message
    assert "choose a smaller model" in problem.hint
    running.start(settings, MODEL)
    assert [call[-1] for call in started] == ["0", str(CONTEXT)]


def test_one_that_something_else_ended_comes_back_as_it_was(
    settings: Settings, counter: Path, started: list[tuple[str, ...]]
) -> None:
    running.start(settings, MODEL)
    assert end(settings).code == "model_stopped"
    running.start(settings, MODEL)
    assert [call[-1] for call in started] == ["0", "0"]


def test_one_that_lacks_memory_while_it_is_loaded_is_tried_with_each_shorter_context(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacks_memory(*_: object) -> Running:
        raise MemoryError

    model = Kept(MODEL, 1, Head("m", "m", 4 * CONTEXT, 1, chats=True))
    monkeypatch.setattr(serving, "language_model", lambda *_: model)
    monkeypatch.setattr(serving, "_load", lacks_memory)
    tried = [0]
    with (settings.data / "run").open("w+b") as place:
        for _ in range(4):
            assert serving.begin(settings, MODEL, place.fileno(), tried[-1]) is None
            place.seek(0)
            said = json.load(place)
            assert said["failed"] == "model_out_of_memory"
            tried.append(said["context"])
    assert tried == [0, CONTEXT, CONTEXT // 2, CONTEXT // 4, 0]


def test_one_that_the_system_ends_while_it_is_loaded_is_tried_with_a_shorter_context(
    settings: Settings, counter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        pass

    def ended(*_: object) -> Running:
        raise Ended

    def start_child(*arguments: str, pass_fds: tuple[int], **_: Any) -> subprocess.Popen[bytes]:
        tried.append(arguments[-1])
        with suppress(Ended):
            serving.begin(settings, MODEL, pass_fds[0], int(arguments[-1]))
        counter.write_text("oom_kill 5\n")
        return subprocess.Popen(["sh", "-c", "kill -9 $$"], pass_fds=pass_fds)

    tried: list[str] = []
    model = Kept(MODEL, 1, Head("m", "m", 4 * CONTEXT, 1, chats=True))
    monkeypatch.setattr(serving, "language_model", lambda *_: model)
    monkeypatch.setattr(serving, "_load", ended)
    monkeypatch.setattr(children, "start_child", start_child)
    for _ in range(2):
        running.start(settings, MODEL)
        until(lambda: not running.runs(settings, MODEL))
        assert running.ended(settings, MODEL).code == "model_out_of_memory"
    assert tried == ["0", str(CONTEXT)]


@pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")
def test_with_no_shorter_context_left_it_is_refused_with_what_to_do(settings: Settings) -> None:
    settings.models.mkdir()
    (settings.models / MODEL).symlink_to(model_file())
    with (settings.data / "run").open("w+b") as place:
        number = place.fileno()
        with children.start_child(
            *("model", "run", MODEL, str(number), "4096"),
            environ={"DRAFTMILL_DATA": str(settings.data)},
            pass_fds=(number,),
        ) as process:
            assert process.wait(60) == 1
        said = place.read().decode()
    assert "model_out_of_memory" in said
    assert "shortest context" in said
    assert "choose a smaller model" in said
