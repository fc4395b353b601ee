"""A desk without workers: a project with pictures and a draft as rows, served in this process."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from draftmill.clock import now
from draftmill.database.connection import connect
from draftmill.drafts import versions
from draftmill.settings import Settings
from draftmill.storage import folder_of, thumb_of
from tests.support import media_files
from tests.support.draft_rows import P, T, generate
from tests.support.still_house import StillHouse, still_house

PICTURES = {1: 5.0, 2: 12.0, 3: 20.0}  # the second at which each was on the screen


@dataclass(frozen=True)
class StillDesk:
    """The house, and its rows."""

    house: StillHouse
    db: sqlite3.Connection
    url: str = f"/projects/{P}/drafts/{T}"

    def bodies(self, type: str = T) -> list[str]:
        return [one.body for one in versions.versions(self.db, P, type)]

    def shown(self, type: str = T) -> versions.Version:
        found = versions.current(self.db, P, type)
        assert found
        return found

    def written(self, body: str, type: str = T) -> None:
        """The project starts anew with this draft, as a writer left it."""
        self.db.execute("delete from drafts where project_id = ? and type = ?", (P, type))
        self.db.execute("delete from draft_versions where project_id = ? and type = ?", (P, type))
        self.db.execute("delete from jobs where type = ?", (type,))
        generate(self.db, f"written-{type}", body, type)


@contextmanager
def still_desk(folder: Path, model: str = "test") -> Iterator[StillDesk]:
    """Served until the end of the block."""
    with still_house(folder, model) as house, closing(connect(house.settings.database)) as db:
        db.execute(
            "insert into projects (id, user_id, title, source, sha256, screenshots_at, created_at)"
            " values (?, 1, 'The build', 'media', '', ?, ?)",
            (P, now(), now()),
        )
        for n, time_s in PICTURES.items():
            _picture(db, house.settings, n, time_s)
        yield StillDesk(house, db)


def _picture(db: sqlite3.Connection, settings: Settings, n: int, time_s: float) -> None:
    file = f"{n:03d}.jpg"
    for name, size in ((file, (320, 180)), (thumb_of(file), (160, 90))):
        path = folder_of(settings, P) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (20 * n, 80, 120)).save(path)
    db.execute(
        "insert into screenshots (project_id, n, time_s, end_s, file, width, height)"
        " values (?, ?, ?, ?, ?, 320, 180)",
        (P, n, time_s, time_s + 5, file),
    )


def record(desk: StillDesk) -> None:
    """Give the project a recording of six seconds."""
    shutil.copy(media_files.video(), folder_of(desk.house.settings, P) / "recording.mp4")
    desk.db.execute(
        "update projects set file = 'recording.mp4', media_type = 'video/mp4', width = 320,"
        " height = 180, duration_s = 6 where id = ?",
        (P,),
    )
