"""Where stored files lie. Nobody else makes such a path, so that another storage can stand here.

Names in rows (`projects.file`, `screenshots.file`) are below the project's folder.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

from draftmill.settings import Settings

ATTEMPTS = "attempts"
FRAMES = "frames"


def folder_of(settings: Settings, project_id: str) -> Path:
    """The folder with everything of a project."""
    return settings.media / project_id


def stored(settings: Settings, project_id: str, name: str) -> Path:
    """A file that a row names: the project's recording, or a picture of it."""
    return folder_of(settings, project_id) / name


def recording_name(suffix: str) -> str:
    """What a project calls its recording; `suffix` is of its kind, such as ".mp4"."""
    return f"recording{suffix}"


def thumb_of(name: str) -> str:
    """The name of a picture's thumbnail, which lies beside it."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-thumb{dot}{suffix}"


def frame(settings: Settings, project_id: str, second: int) -> Path:
    """What a recording shows at a second: made when it is asked for, nobody's after a day."""
    return folder_of(settings, project_id) / FRAMES / f"{second}.jpg"


def attempt_name(job_id: str, attempt: int) -> str:
    """The folder of an attempt, as a name below the project's."""
    return f"{ATTEMPTS}/{job_id}-{attempt}"


def attempts_of(settings: Settings, project_id: str, job_id: str) -> Iterator[tuple[int, Path]]:
    """The numbers of a job's attempts that have a folder, and the folders."""
    for folder in (folder_of(settings, project_id) / ATTEMPTS).glob(f"{job_id}-*"):
        yield int(folder.name.rpartition("-")[2]), folder


def upload_name(upload_id: str) -> str:
    """What a resumable upload is called among the uploads."""
    return f"{upload_id}.upload"


def upload(settings: Settings, upload_id: str) -> Path:
    """Where the bytes of a resumable upload lie until a project takes them."""
    return settings.uploads / upload_name(upload_id)


def uploads(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The ids of all resumable uploads that have a file, and the files."""
    for path in settings.uploads.glob(upload_name("*")):
        yield path.stem, path


def new_part(settings: Settings) -> Path:
    """A name for a file on its way into a project: nobody else has it."""
    return settings.uploads / f"{uuid.uuid4()}.part"


def parts(settings: Settings) -> Iterator[Path]:
    """The files that are on their way into a project."""
    return settings.uploads.glob("*.part")
