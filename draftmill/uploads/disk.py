"""What makes a file and its folder durable, and what a full disk is called."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from draftmill import storage
from draftmill.errors import Problem
from draftmill.settings import Settings


def discard_stale(settings: Settings) -> None:
    """Delete what uploads left behind when the server was killed. Before any upload begins."""
    for path in storage.parts(settings):
        path.unlink(missing_ok=True)


RESERVE = 500 * 10**6  # of free disk, for the database and for what the pipeline writes


class DiskFull(Problem):
    code = "disk_full"
    status = 507
    default_message = "There is not enough free disk space for this file."
    default_hint = "Delete projects or recordings that are no longer needed, then try again."


def check_disk(settings: Settings, coming: int) -> None:
    """Raise DiskFull unless `coming` bytes fit, with the reserve left over."""
    settings.uploads.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.uploads).free < coming + RESERVE:
        raise DiskFull()


@contextmanager
def full_disk_named() -> Iterator[None]:
    """Turn the system's errors about a full disk into DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull() from None
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
