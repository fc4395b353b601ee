"""Why a process ended: memory is blamed only when the system says so."""

from pathlib import Path

import pytest

from draftmill.processes import exits

KILLED = "its process was ended by the system (SIGKILL)"


@pytest.mark.parametrize(
    ("code", "moved", "told"),
    [
        (-9, True, f"{KILLED} for lack of memory"),
        (-9, False, KILLED),
        (-9, None, f"{KILLED}, often for lack of memory"),
        (-11, False, "its process was ended by SIGSEGV"),
        (exits.OUT_OF_MEMORY, False, "its process ran out of memory"),
        (127, None, "its process ended with code 127, most often for lack of memory"),
        (3, None, "its process ended with code 3"),
    ],
)
def test_memory_is_blamed_only_when_the_system_says_so(
    code: int, moved: bool | None, told: str
) -> None:
    assert exits.reason(code, moved) == told


V2 = ("0::/user.slice/app", "user.slice/app/memory.events", "low 0\nmax 4\noom 1\noom_kill {}\n")
V1 = (
    "9:name=systemd:/x\n4:cpu,memory:/docker/1\n0::/x",
    "memory/docker/1/memory.oom_control",
    "oom_kill_disable 0\nunder_oom 0\noom_kill {}\n",
)
INSIDE = (V1[0], "memory/memory.oom_control", V1[2])


@pytest.mark.parametrize(("own", "file", "content"), [V2, V1, INSIDE], ids=["v2", "v1", "inside"])
def test_the_counter_of_our_control_group_is_read(
    tmp_path: Path, own: str, file: str, content: str
) -> None:
    (tmp_path / "own").write_text(own)
    counter = tmp_path / "root" / file
    counter.parent.mkdir(parents=True)
    counter.write_text(content.format(4))
    kills = exits.MemoryKills.watch(tmp_path / "own", tmp_path / "root")
    assert kills.moved is False
    counter.write_text(content.format(5))
    assert kills.moved is True
    counter.unlink()
    assert kills.moved is None


def test_a_system_without_control_groups_tells_nothing(tmp_path: Path) -> None:
    assert exits.MemoryKills.watch(tmp_path / "none", tmp_path).moved is None
