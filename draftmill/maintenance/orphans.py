"""What nobody needs any more: one rule for the janitor, who deletes it, and for the invariants.

An orphan is a file older than a day that no row names and that is not in the folder of a living
attempt, or a row whose object is gone. Files are listed before rows are read: what an attempt
commits or an upload moves while we look is never taken for an orphan.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from draftmill import storage
from draftmill.jobs.policies import INGEST
from draftmill.settings import Settings

ORPHANS_AFTER_S = 24 * 3600.0

# The object of a row of `changes`, by its kind.
OBJECTS = {
    "job": "select 1 from jobs where id = object_id",
    "project": "select 1 from projects where id = object_id",
    "user": "select 1 from users where id = cast(object_id as integer)",
    "token": "select 1 from api_tokens where id = cast(object_id as integer)",
    "session": "select 1 from sessions where id_hash = object_id",
    "draft": "select 1 from draft_versions"
    " where project_id = substr(object_id, 1, instr(object_id, '/') - 1)"
    " and type = substr(object_id, instr(object_id, '/') + 1)",
}

_CASES = " ".join(f"when '{kind}' then not exists ({query})" for kind, query in OBJECTS.items())
GONE = f"select kind, object_id, user_id, version from changes where not deleted and case kind {_CASES} end"


@dataclass(frozen=True)
class Found:
    """A file or a folder as it was when it was listed. `at` is Unix seconds."""

    path: Path
    inode: int
    at: float
    folder: bool


def files(
    db: sqlite3.Connection, settings: Settings, moment: float, after_s: float = ORPHANS_AFTER_S
) -> Iterator[Found]:
    """The orphan files, and after them the folders that hold nothing but orphans.

    `moment` is the present in Unix seconds. Costs one project's file names in memory.
    """
    for home in [settings.uploads, *_folders(settings.media)]:
        inside = list(_listed(str(home)))
        needed = _Needed(db, settings, home)
        kept: set[str] = set()
        for name, seen, folder in inside:
            if name in kept or needed.has(name, folder) or moment - seen.st_mtime < after_s:
                _keep(name, kept)
            else:
                yield Found(home / name, seen.st_ino, seen.st_mtime, folder)


def _keep(name: str, kept: set[str]) -> None:
    """With what is kept stay the folders that it is in."""
    while name not in kept:
        kept.add(name)
        name = name.rpartition("/")[0]


def _listed(home: str, name: str = "") -> Iterator[tuple[str, os.stat_result, bool]]:
    """Every file and folder from `home` down, each folder after what is in it.

    Gives the name below `home`, how it was seen, and whether it is a folder.
    """
    folder = f"{home}/{name}" if name else home
    try:
        at = os.stat(folder)  # noqa: PTH116 (a Path for each of a million files costs minutes)
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError:
        return  # gone while we looked, or not ours to read
    for entry in inside:
        below = f"{name}/{entry.name}" if name else entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _listed(home, below)
            else:
                yield below, entry.stat(follow_symlinks=False), False
        except FileNotFoundError:
            continue
    yield name, at, True


def _folders(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as entries:
            return [Path(e.path) for e in entries if e.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


class _Needed:
    """What rows name in a folder, asked after its files were listed."""

    def __init__(self, db: sqlite3.Connection, settings: Settings, home: Path) -> None:
        self.names: set[str] = set()
        self.folders: set[str] = set()
        self.living: set[str] = set()
        if home == settings.uploads:
            self.folders = {""}
            self.names = {
                storage.upload_name(row[0])
                for row in db.execute("select id from uploads").fetchall()
            }
        else:
            self._ask_of_project(db, home.name)

    def _ask_of_project(self, db: sqlite3.Connection, project_id: str) -> None:
        # First who is at work: what an attempt leaves behind when it ends is named by then.
        self.living = {
            storage.attempt_name(job["id"], job["attempt"])
            for job in db.execute(
                "select id, attempt from jobs where project_id = ? and status = 'running'",
                (project_id,),
            ).fetchall()
        }
        row = db.execute("select file from projects where id = ?", (project_id,)).fetchone()
        self.folders = {"", storage.ATTEMPTS} if row else set()
        self.names = {row["file"]} if row and row["file"] else set()
        for (file,) in db.execute(
            "select file from screenshots where project_id = ?", (project_id,)
        ).fetchall():
            self.names |= {file, storage.thumb_of(file)}

    def has(self, name: str, folder: bool) -> bool:
        if name in (self.folders if folder else self.names):
            return True
        return any(name == living or name.startswith(f"{living}/") for living in self.living)


def remove(found: Found) -> int | None:
    """Delete what was found, if it is still the same. Returns its bytes, or None.

    Nothing is ever put in the place of a file (names are new, or those of nothing), and what is
    taken up late is touched before: one look right before the end is enough.
    """
    try:
        if found.folder:
            found.path.rmdir()
            return 0
        seen = found.path.lstat()
        if (seen.st_ino, seen.st_mtime) != (found.inode, found.at):
            return None
        found.path.unlink()
    except OSError:
        return None  # it is gone, or a folder that is empty no more
    return seen.st_size


def missing(db: sqlite3.Connection, settings: Settings) -> Iterator[str]:
    """What rows name and nobody can find: the paths, below the data folder."""
    for query, name in NAMED:
        for row in db.execute(query).fetchall():
            file = name(row)
            # Asked again, alone: what was deleted meanwhile went after its row.
            if not os.path.isfile(f"{settings.data}/{file}"):  # noqa: PTH113 (as above)
                again = db.execute(f"select 1 from ({query}) where named = ?", (row["named"],))
                if again.fetchone():
                    yield file


# Rows that name files: what to ask, and the file below the data folder.
NAMED: tuple[tuple[str, Callable[[sqlite3.Row], str]], ...] = (
    (
        "select id || '/' || file as named from projects where file is not null",
        lambda row: f"media/{row['named']}",
    ),
    (
        "select project_id || '/' || file as named from screenshots",
        lambda row: f"media/{row['named']}",
    ),
    (
        "select project_id || '/' || file as named from screenshots",
        lambda row: f"media/{storage.thumb_of(row['named'])}",
    ),
    (
        "select id as named from uploads where project_id is null",
        lambda row: f"uploads/{storage.upload_name(row['named'])}",
    ),
)


def checkpoints(db: sqlite3.Connection, before: str) -> list[sqlite3.Row]:
    """The origins whose jobs are all gone, with checkpoints older than `before` (UTC text)."""
    return db.execute(
        "select distinct origin_id from checkpoints"
        " where created_at < ? and origin_id not in (select origin_id from jobs)",
        (before,),
    ).fetchall()


def changes(db: sqlite3.Connection, until: str) -> list[sqlite3.Row]:
    """Changes up to a time (UTC text) of objects which are gone, that do not say so."""
    return db.execute(f"{GONE} and at <= ? order by version", (until,)).fetchall()


def is_gone(db: sqlite3.Connection, change: sqlite3.Row) -> bool:
    """Whether a row of `changes` tells of an object that is still gone."""
    row = db.execute(f"{GONE} and version = ?", (change["version"],)).fetchone()
    return row is not None


def transcripts(db: sqlite3.Connection, before: str, only: int | None = None) -> list[int]:
    """Transcripts older than `before` that no project shows and no job goes on with.

    A retry of the project's newest ingest would go on with what that one had finished. `only`
    asks about one of them.
    """
    rows = db.execute(UNUSED, {"before": before, "ingest": INGEST, "only": only}).fetchall()
    return [row["id"] for row in rows]


UNUSED = """
select t.id from transcripts t join projects p on p.id = t.project_id
where (:only is null or t.id = :only) and t.id is not p.transcript_id
and coalesce(t.completed_at, t.created_at) < :before
and not exists (select 1 from jobs where project_id = p.id and type = :ingest
                and status in ('pending', 'running'))
and not exists (
  select 1 from jobs last join checkpoints c on c.origin_id = last.origin_id
  where last.n = (select max(n) from jobs where project_id = p.id and type = :ingest)
  and last.status in ('failed', 'cancelled')
  and c.stage = 'transcribe' and json_extract(c.state, '$.transcript_id') = t.id)
"""
