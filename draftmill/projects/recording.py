"""A recording on its way into its project: looked at, and moved into its folder."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from draftmill import storage
from draftmill.media.probe import Probe, probe_in_child
from draftmill.settings import Settings
from draftmill.uploads.disk import make_folders, sync_folder
from draftmill.uploads.received import Received


@dataclass(frozen=True)
class Recording:
    """A durable file in its project's folder, and what a look at it told."""

    project_id: str
    file: str
    file_name: str
    media_type: str
    bytes: int
    sha256: str
    duration_s: float
    width: int | None
    height: int | None


def recording_of(project_id: str, file: str, received: Received, seen: Probe) -> Recording:
    """What was received as the recording of a project, where it is called `file`."""
    return Recording(
        project_id=project_id,
        file=file,
        file_name=received.file_name,
        media_type=seen.media_type,
        bytes=received.bytes,
        sha256=received.sha256,
        duration_s=seen.duration_s,
        width=seen.width or None,
        height=seen.height or None,
    )


def accept(received: Received, settings: Settings) -> Probe:
    """Find out what was received. A refusal (see media.refusals) deletes it. It blocks."""
    try:
        return probe_in_child(received.path, settings)
    except BaseException:
        received.path.unlink(missing_ok=True)
        raise


def adopt(received: Received, folder: Path, probe: Probe) -> str:
    """Move a received file into a project's folder, durably. Returns its name in there."""
    name = _free_name(folder, probe.suffix)
    for made in make_folders(folder):
        sync_folder(made.parent)
    # It may have been finished long ago: no orphan until its row is there. What a link leads to
    # is nobody's business here.
    os.utime(received.path, follow_symlinks=False)
    received.path.rename(folder / name)
    sync_folder(folder)
    sync_folder(received.path.parent)
    return name


def _free_name(folder: Path, suffix: str) -> str:
    """Never that of a file which a deletion left over: somebody may be about to delete it."""
    name = storage.recording_name(suffix)
    taken = (folder / name).exists()
    return storage.recording_name(f"-{uuid.uuid4()}{suffix}") if taken else name
