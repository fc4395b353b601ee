"""A recording on its way into its project: looked at, and moved into its folder."""

import os
import uuid
from pathlib import Path

from draftmill import storage
from draftmill.media.probe import Probe, probe_in_child
from draftmill.settings import Settings
from draftmill.uploads.disk import make_folders, sync_folder
from draftmill.uploads.received import Received


def accept(received: Received, settings: Settings) -> Probe:
    """Find out what was received. A refusal (see media.refusals) deletes it. It blocks."""
    try:
        return probe_in_child(received.path, settings)
    except BaseException:
        received.path.unlink(missing_ok=True)
        raise


def accept_path(path: Path, settings: Settings) -> Probe:
    """The same for a file that stays where it is."""
    return probe_in_child(path, settings)


def adopt(received: Received, folder: Path, probe: Probe) -> str:
    """Move a received file into a project's folder, durably. Returns its name in there."""
    name = _free_name(folder, probe.suffix)
    for made in make_folders(folder):
        sync_folder(made.parent)
    os.utime(received.path)  # it may have been finished long ago: no orphan until its row is there
    received.path.rename(folder / name)
    sync_folder(folder)
    sync_folder(received.path.parent)
    return name


def _free_name(folder: Path, suffix: str) -> str:
    """Never that of a file which a deletion left over: somebody may be about to delete it."""
    name = storage.recording_name(suffix)
    taken = (folder / name).exists()
    return storage.recording_name(f"-{uuid.uuid4()}{suffix}") if taken else name
