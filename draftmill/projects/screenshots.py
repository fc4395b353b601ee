"""The pictures of a recording and when they were on the screen."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from draftmill import storage
from draftmill.errors import NotFound
from draftmill.settings import Settings


@dataclass(frozen=True)
class Screenshot:
    """A picture that was on the screen from `time_s` until `end_s`; `n` counts from 1."""

    n: int
    time_s: float
    end_s: float
    file: str
    width: int
    height: int


def screenshots_of(db: sqlite3.Connection, project_id: str) -> list[Screenshot]:
    """The pictures of a project in the order of time."""
    rows = db.execute(
        "select n, time_s, end_s, file, width, height from screenshots"
        " where project_id = ? order by time_s, n",
        (project_id,),
    )
    return [Screenshot(*row) for row in rows]


def picture_path(
    db: sqlite3.Connection, settings: Settings, project_id: str, n: int, small: bool = False
) -> Path:
    """Where a picture lies, or the small one of it. Raises NotFound."""
    row = db.execute(
        "select file from screenshots where project_id = ? and n = ?", (project_id, n)
    ).fetchone()
    if row is None:
        raise NotFound
    file = storage.thumb_of(row["file"]) if small else row["file"]
    return storage.stored(settings, project_id, file)
