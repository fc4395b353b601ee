"""The verb `frame`: a child writes what a recording shows at a second into the project's folder."""

import json
from contextlib import closing
from pathlib import Path

import av

from draftmill import storage
from draftmill.database.connection import WORKER_PATIENCE_S, connect
from draftmill.media.frames import Video
from draftmill.media.pictures import write_picture
from draftmill.processes import children
from draftmill.projects.frames import LIMITS
from draftmill.projects.project import recording_path, row_of
from draftmill.settings import Settings


def main_frame(settings: Settings, project_id: str, second: int) -> int:
    """Returns the exit code: 1 when there is no such picture."""
    children.die_with_parent()
    LIMITS.set()
    with closing(connect(settings.database, WORKER_PATIENCE_S)) as db:
        recording = recording_path(settings, row_of(db, project_id))
    try:
        with Video(recording, only_keyframes=False, pixels=settings.max_pixels) as video:
            found = [video.image(frame) for _, frame in video.at([float(second)])]
    except (ValueError, av.FFmpegError):
        return 1
    if not found:
        return 1
    file = storage.frame(settings, project_id, second)
    file.parent.mkdir(exist_ok=True)
    thumb, size = Path(storage.thumb_of(str(file))), file.with_suffix(".json")
    new = file.with_suffix(".new")
    write_picture(found[0], new, thumb)
    size.write_text(json.dumps(found[0].size))
    new.rename(file)  # last: where it is, the others are
    return 0
