"""What a user's files take of the disk."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from os import scandir
from pathlib import Path
from shutil import disk_usage

from draftmill import storage
from draftmill.accounts.users import project_ids
from draftmill.projects import binned
from draftmill.settings import Settings


@dataclass(frozen=True)
class DiskUse:
    """Bytes that a user's projects take, bytes that are free for everyone; how many are in the bin."""

    used_bytes: int
    free_bytes: int
    projects: int
    binned: int


def disk_used(db: sqlite3.Connection, settings: Settings, user_id: int) -> DiskUse:
    """What all files of a user's projects take: recordings, pictures, scratch."""
    projects, in_bin = project_ids(db, user_id), binned.count(db, user_id)
    sizes = (
        size for project in projects for size in _file_sizes(storage.folder_of(settings, project))
    )
    return DiskUse(sum(sizes), disk_usage(settings.data).free, len(projects), in_bin)


def _file_sizes(folder: Path | str) -> Iterator[int]:
    try:
        entries = list(scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return  # a running job removed it while we counted
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _file_sizes(entry.path)
            continue
        try:
            yield entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
