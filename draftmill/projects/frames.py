"""What a recording shows at a second, and such a picture chosen as a screenshot of its project.

A child decodes it: files are strangers'. It lies beside the project for a day, as everything that
no row names, and is made once.
"""

import json
import os
import sqlite3
import subprocess
import uuid
from pathlib import Path

from draftmill import storage
from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound, Problem
from draftmill.processes import children
from draftmill.processes.limits import Limits
from draftmill.processes.turns import NoTurn, Turns
from draftmill.projects.project import recording_path
from draftmill.projects.screenshots import Screenshot
from draftmill.settings import Settings, resources

LIMIT_S = 20.0
PATIENCE_S = 20.0
LIMITS = Limits(cpu_s=20, memory=2 * 2**30)
MOST_CHOSEN = 200  # of a project
SHOWN_S = 1.0  # so long a chosen picture is said to be on the screen

_turns = Turns(PATIENCE_S)


class NoPicture(NotFound):
    code = "no_picture"
    default_message = "The recording has no picture at that second."
    default_hint = "Choose another moment, or one of the screenshots."


class PicturesWaiting(Problem):
    code = "pictures_waiting"
    status = 429
    default_message = "Other pictures are still being taken from your recordings."
    default_hint = "Wait until they are there, then try again."


class TooManyChosen(Problem):
    code = "too_many_pictures"
    default_message = f"{MOST_CHOSEN} pictures of this recording were chosen already."
    default_hint = "Use one of them, or one of the screenshots."


def frame_at(settings: Settings, project: sqlite3.Row, second: int) -> Path:
    """The picture at a second as a JPEG file, its thumbnail beside it. It may take a second or two.

    Raises NotFound where the recording was deleted, NoPicture, PicturesWaiting.
    """
    recording_path(settings, project)
    if second > (project["duration_s"] or 0):
        raise NoPicture
    file = storage.frame(settings, project["id"], second)
    if file.is_file():
        os.utime(file)  # an orphan counts its day from now on
        return file
    try:
        with _turns.turn(project["user_id"]):
            children.run_helper(
                *("frame", project["id"], str(second)),
                cwd=resources(),
                limit_s=LIMIT_S,
                environ={"DRAFTMILL_DATA": str(settings.data.absolute())},
            )
    except NoTurn:
        raise PicturesWaiting from None
    except subprocess.TimeoutExpired:
        raise NoPicture from None
    if not file.is_file():
        raise NoPicture
    return file


def choose_frame(
    db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, second: int
) -> Screenshot:
    """Keep the picture at a second as a screenshot with a number of its own. A second time it is the same.

    No other screenshot changes its number. Raises what frame_at does, and TooManyChosen.
    """
    known = _chosen(db, project["id"], second)
    if known:
        return known
    frame = frame_at(settings, project, second)
    name = f"chosen-{uuid.uuid4()}.jpg"
    width, height = json.loads(frame.with_suffix(".json").read_text())
    for one, other in ((frame, name), (Path(storage.thumb_of(str(frame))), storage.thumb_of(name))):
        _copy(one, storage.stored(settings, project["id"], other))
    with transaction(db):
        known = _chosen(db, project["id"], second)
        if known is None:
            _insert(db, project, second, name, width, height)
    found = known or _chosen(db, project["id"], second)
    if found is None:
        raise NotFound
    return found


def _copy(frame: Path, file: Path) -> None:
    """A copy that is on disk before any row names it."""
    with file.open("xb") as copy:
        copy.write(frame.read_bytes())
        copy.flush()
        os.fsync(copy.fileno())


def _insert(
    db: sqlite3.Connection, project: sqlite3.Row, second: int, name: str, width: int, height: int
) -> None:
    project_id = project["id"]
    count = "select count(*) from chosen_frames where project_id = ?"
    if db.execute(count, (project_id,)).fetchone()[0] >= MOST_CHOSEN:
        raise TooManyChosen
    (n,) = db.execute(
        "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
        " select ?, coalesce(max(n), 0) + 1, ?, ?, ?, ?, ? from screenshots where project_id = ?"
        " returning n",
        (project_id, second, second + SHOWN_S, name, width, height, project_id),
    ).fetchone()
    db.execute(
        "insert into chosen_frames (project_id, second, n, at) values (?, ?, ?, ?)",
        (project_id, second, n, now()),
    )
    changes.record(db, "project", project_id, project["user_id"])


def _chosen(db: sqlite3.Connection, project_id: str, second: int) -> Screenshot | None:
    row = db.execute(
        "select s.n, s.time_s, s.end_s, s.file, s.width, s.height from chosen_frames c"
        " join screenshots s using (project_id, n) where c.project_id = ? and c.second = ?",
        (project_id, second),
    ).fetchone()
    return Screenshot(*row) if row else None
