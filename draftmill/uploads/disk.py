"""What makes a file and its folder durable, and what a full disk is called."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from draftmill import storage
from draftmill.errors import FULL, DiskFull
from draftmill.settings import Settings

BATCH = 1 << 21  # bytes per write
RESERVE = 500 * 10**6  # of free disk, for the database and for what the pipeline writes


def discard_stale(settings: Settings) -> None:
    """Delete what uploads left behind when the server was killed. Before any upload begins."""
    for path in storage.parts(settings):
        path.unlink(missing_ok=True)


def no_room() -> DiskFull:
    """The refusal of a file that the disk cannot hold."""
    return DiskFull(
        "There is not enough free disk space for this file.",
        "Delete projects or recordings that are no longer needed, then try again.",
    )


def check_disk(settings: Settings, coming: int) -> None:
    """Raise DiskFull unless `coming` bytes fit, with the reserve left over."""
    settings.uploads.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.uploads).free < coming + RESERVE:
        raise no_room()


@contextmanager
def full_disk_named() -> Iterator[None]:
    """Turn the system's errors about a full disk into DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise no_room() from None
        raise


def sync_folder(folder: Path) -> None:
    """Make durable which files a folder has."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and its parents; returns those that were made, outermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
