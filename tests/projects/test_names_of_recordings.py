"""A recording never takes the place of a file: whoever is about to delete that one may."""

from pathlib import Path

from draftmill.media.probe import Probe
from draftmill.projects.recording import adopt
from draftmill.uploads.received import Received

SEEN = Probe("mp4", "video/mp4", ".mp4", 1.0, 0.0, True, 64, 36, 0)


def brought(folder: Path, content: bytes) -> Received:
    path = folder / "x.part"
    path.write_bytes(content)
    return Received(path, "talk.mp4", len(content), "")


def test_what_a_deletion_left_over_keeps_its_name(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = adopt(brought(tmp_path, b"left over"), home, SEEN)
    second = adopt(brought(tmp_path, b"brought again"), home, SEEN)
    assert first == "recording.mp4"
    assert second != first
    assert second.endswith(".mp4")
    (home / first).unlink()  # the deletion goes on
    assert (home / second).read_bytes() == b"brought again"
