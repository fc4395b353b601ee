"""A doorbell is heard for its own file, whoever rings; without a bell nobody waits for long."""

import errno
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from draftmill.processes.doorbell import Doorbell, ring

LONG_S = 60.0
BLIND_S = 0.01
needs_inotify = pytest.mark.skipif(sys.platform != "linux", reason="only Linux rings")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "house").mkdir()
    return tmp_path / "house" / "queue.db"


@pytest.fixture
def bell(file: Path) -> Iterator[Doorbell]:
    bell = Doorbell(file, BLIND_S)
    assert not bell.wait(LONG_S)  # it begins to listen
    yield bell
    bell.close()


def heard(bell: Doorbell) -> bool:
    """Whether it rings now, and no more after that."""
    rang = bell.wait(LONG_S)
    while bell.wait(0):
        pass
    return rang


@needs_inotify
def test_it_is_heard_and_its_file_is_made_and_never_written(bell: Doorbell, file: Path) -> None:
    ring(file)
    assert heard(bell)
    file.write_bytes(b"")
    assert heard(bell)
    file.unlink()
    ring(file)
    assert heard(bell)
    assert file.stat().st_size == 0


@needs_inotify
def test_other_files_of_the_folder_do_not_ring(bell: Doorbell, file: Path) -> None:
    ring(file.with_name("another"))
    assert not bell.wait(0.05)


def test_ringing_where_there_is_no_folder_fails_for_nobody(tmp_path: Path) -> None:
    ring(tmp_path / "no folder" / "bell")
    assert not list(tmp_path.iterdir())


@needs_inotify
def test_it_hears_the_folder_that_comes_in_place_of_one_that_went(
    bell: Doorbell, file: Path
) -> None:
    file.parent.rmdir()
    assert heard(bell)
    file.parent.mkdir()
    assert not bell.wait(LONG_S)
    ring(file)
    assert heard(bell)


def test_a_wait_ends_when_it_is_told_to_and_none_sleeps_after_that(bell: Doorbell) -> None:
    began = time.monotonic()
    waiting = threading.Thread(target=bell.wait, args=(LONG_S,))
    waiting.start()
    bell.end()
    waiting.join(LONG_S)
    assert not bell.wait(LONG_S)
    assert time.monotonic() - began < LONG_S / 2


@needs_inotify
def test_without_a_watch_waits_are_short_until_there_is_one(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused() -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as used_up:
        used_up.setattr("inotify_simple.INotify", refused)
        bell = Doorbell(file, BLIND_S)
        began = time.monotonic()
        for _ in range(3):
            assert not bell.wait(LONG_S)
        assert time.monotonic() - began < LONG_S / 2
    assert [record.message for record in caplog.records] == [
        f"no word of changes of {file} (Too many open files): it is looked at every 0.01 s"
    ]
    assert not bell.wait(LONG_S)
    ring(file)
    assert heard(bell)
    bell.close()


@needs_inotify
def test_where_changes_are_never_told_waits_are_short(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("inotify_simple.INotify.read", lambda ear, timeout: [])
    bell = Doorbell(file, BLIND_S)
    began = time.monotonic()
    for _ in range(3):
        assert not bell.wait(LONG_S)
    bell.close()
    assert time.monotonic() - began < LONG_S / 2
    assert [record.message for record in caplog.records] == [
        f"no word of changes of {file} (its file system tells of none): it is looked at every 0.01 s"
    ]
