"""How many cores a model gets: those that have nothing to do now, not in the last minute."""

import os
from pathlib import Path

import pytest

from draftmill.models import room


class Machine:
    """Eight processors that were idle for a share of the time since they were last looked at."""

    def __init__(self, file: Path, share: float) -> None:
        self.file, self.share, self.ticks = file, share, 0
        self.tick()

    def tick(self, _: float = 0.0) -> None:
        self.ticks += 240
        idle = int(self.ticks * self.share)
        self.file.write_text(f"cpu  {self.ticks - idle} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 2 3\n")


@pytest.mark.parametrize(("share", "free"), [(1.0, 8), (0.75, 6), (0.0, 1)])
def test_what_has_just_ended_takes_no_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, free: int
) -> None:
    machine = Machine(tmp_path / "stat", share)
    monkeypatch.setattr(room, "PROCESSORS", machine.file)
    monkeypatch.setattr(room, "cores", lambda: 8)
    monkeypatch.setattr(room.time, "sleep", machine.tick)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "getloadavg", lambda: (8.0, 8.0, 8.0))
    assert room.free_cores() == free
    monkeypatch.setattr(room, "cores", lambda: 2)  # a container's limit
    assert room.free_cores() == min(2, free)


def test_without_such_a_count_the_load_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PROCESSORS", tmp_path / "none")
    monkeypatch.setattr(room, "cores", lambda: 8)
    monkeypatch.setattr(os, "getloadavg", lambda: (3.0, 8.0, 8.0))
    assert room.free_cores() == 5
