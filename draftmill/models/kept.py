"""What lies in the folder of models: files of language models, whoever put them there."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from draftmill.errors import Problem
from draftmill.models.catalogue import ModelUnknown
from draftmill.models.gguf import Head, ModelFileDamaged, read_head
from draftmill.settings import Settings

SUFFIX = ".gguf"
PROJECTORS = "mmproj"  # begins the names of files with which a model would see pictures
LONGEST_CONTEXT = 16_384  # tokens: an hour of talk and a draft; more costs memory, and time to read
SHORTEST_CONTEXT = 4_096
FIXED = 300_000_000  # bytes, for what a model needs beside its file and what it has read


class ModelGone(Problem):
    code = "model_gone"
    default_message = "The chosen language model does not lie in the folder of models any more."
    default_hint = "Choose another in the settings, “Writing”, and press Retry."


@dataclass(frozen=True)
class Kept:
    """A language model that can be used: the name of its file, its size in bytes, its head."""

    file: str
    bytes: int
    head: Head

    @property
    def name(self) -> str:
        """How it signs what it wrote."""
        return self.file.removesuffix(SUFFIX)

    def memory(self, context: int) -> int:
        """The bytes of memory that it takes when it can hold so many tokens."""
        return self.bytes + self.head.cache * context + FIXED

    def contexts(self) -> list[int]:
        """The lengths in tokens that it may be run with, the longest first."""
        most = min(self.head.context, LONGEST_CONTEXT)
        return [size for size in (most, most // 2, most // 4) if size >= SHORTEST_CONTEXT] or [most]

    @property
    def least_memory(self) -> int:
        """The bytes of memory without which it is not even tried."""
        return self.memory(self.contexts()[-1])


def language_models(settings: Settings) -> list[Kept]:
    """The usable files in the folder of models, by name."""
    found = sorted(settings.models.glob(f"*{SUFFIX}"))
    return [kept for file in found if (kept := _kept(file)) is not None]


def language_model(settings: Settings, file: str) -> Kept:
    """One of them. Raises ModelGone, or ModelFileDamaged for a file that is no model."""
    path = settings.models / file
    if Path(file).name != file or not file.endswith(SUFFIX) or not path.is_file():
        raise ModelGone
    found = path.stat()
    return Kept(file, found.st_size, _head_of(path, found.st_size, found.st_mtime_ns))


def delete(settings: Settings, file: str) -> None:
    """Delete a model's file. Raises ModelUnknown when there is none of that name."""
    path = settings.models / file
    if Path(file).name != file or not file.endswith(SUFFIX) or not path.is_file():
        raise ModelUnknown
    path.unlink(missing_ok=True)


def _kept(path: Path) -> Kept | None:
    if path.name.startswith(PROJECTORS):
        return None
    try:
        found = path.stat()
        return Kept(path.name, found.st_size, _head_of(path, found.st_size, found.st_mtime_ns))
    except (ModelFileDamaged, OSError):
        return None


@lru_cache(maxsize=64)
def _head_of(path: Path, size: int, changed: int) -> Head:
    """Read once for each state of a file: a vocabulary is long."""
    return read_head(path)
