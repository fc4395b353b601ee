"""A file that arrived whole, however it came: by a form, in pieces, or from this machine."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from draftmill import storage
from draftmill.settings import Settings
from draftmill.uploads.disk import BATCH, full_disk_named, sync_folder
from draftmill.uploads.names import display_name


@dataclass(frozen=True)
class Received:
    """A file that is on the disk. `file_name` is for showing, never a path.

    `sha256` is empty for a file that stays where it is: the same one is never recognised.
    """

    path: Path
    file_name: str
    bytes: int
    sha256: str


def copy_in(source: Path, settings: Settings) -> Received:
    """A durable copy of a local file, as if it had been uploaded. Raises DiskFull."""
    path = storage.new_part(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with full_disk_named(), source.open("rb") as original, path.open("xb") as copy:
            shutil.copyfileobj(original, copy, BATCH)
            copy.flush()
            os.fsync(copy.fileno())
        sync_folder(path.parent)
        with path.open("rb") as copy:
            digest = hashlib.file_digest(copy, "sha256").hexdigest()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, source.name, path.stat().st_size, digest)


@contextmanager
def written(content: bytes, settings: Settings) -> Iterator[Received]:
    """What was typed, as a file without a name for the `with` block. Raises DiskFull."""
    path = storage.new_part(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with full_disk_named():
            path.write_bytes(content)
        yield Received(path, "", len(content), hashlib.sha256(content).hexdigest())
    finally:
        path.unlink(missing_ok=True)


def link_in(source: Path, settings: Settings) -> Received:
    """A local file that stays where it is: what is moved and deleted is a link to it."""
    path = storage.new_part(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not its own name, which may hold what a database cannot.
    path.symlink_to(source.absolute())
    name = display_name(os.fsencode(source.name))
    return Received(path, name, source.stat().st_size, sha256="")
