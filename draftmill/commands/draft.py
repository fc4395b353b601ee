"""`draftmill draft`: one recording to drafts in a folder, without a server and without a trace.

The child's side of every attempt runs in this process, over a data folder that is thrown away;
the recording is read where it lies.
"""

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from content_actions import CONTENT_TYPES
from draftmill import storage
from draftmill.clock import now
from draftmill.commands.progress_bar import Bar
from draftmill.database.connection import WORKER_PATIENCE_S, connect, prepare
from draftmill.drafts import export, versions
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST, QUEUES
from draftmill.jobs.queue import claim_next
from draftmill.projects import creation
from draftmill.projects.creation import Recording
from draftmill.projects.details import Details
from draftmill.projects.recording import accept_path
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings
from draftmill.transcripts import formats
from draftmill.uploads.names import display_name
from draftmill.workers import child

ANOTHER_FOLDER = "Choose another by --out."
TRANSCRIPTS = {".txt", ".srt", ".vtt", ".json"}
USER = 1


class NoSuchFile(Problem):
    code = "no_such_file"


class UnknownTypes(Problem):
    code = "unknown_type"


class CannotWrite(Problem):
    code = "cannot_write"


def run(
    settings: Settings,
    source: Path,
    types: list[str],
    out: Path,
    title: str = "",
    any_language: bool = False,
) -> int:
    """Write the drafts of one recording into `out`. Returns 1 if a job failed.

    Raises a Problem for what is refused: nothing is written then.
    """
    types = list(dict.fromkeys(types))
    details = Details(title=title, types=tuple(types)).check()
    _check(source, types)
    with tempfile.TemporaryDirectory(prefix="draftmill-") as folder:
        throwaway = replace(settings, data=Path(folder))
        prepare(throwaway.database)
        with closing(connect(throwaway.database, WORKER_PATIENCE_S)) as db:
            project_id = _bring(db, throwaway, source, details)
            _make(out)
            if any_language:
                db.execute(
                    "update jobs set parameters = '{\"any_language\": true}' where type = ?",
                    (INGEST,),
                )
            _work(db, throwaway)
            failed = _complaints(db)
            try:
                for name in types:
                    _write(db, throwaway, project_id, name, out)
            except OSError as error:
                raise CannotWrite(
                    f"{error.filename or out} cannot be written: {error.strerror}.", ANOTHER_FOLDER
                ) from None
    for line in failed:
        print(f"draftmill: {line}", file=sys.stderr)
    return 1 if failed else 0


def _check(source: Path, types: list[str]) -> None:
    if source.is_dir():
        raise NoSuchFile(f"{source} is a folder.", "Name one recording or transcript.")
    if not source.is_file():
        raise NoSuchFile(f"There is no file {source}.", "Check the path.")
    if not os.access(source, os.R_OK):
        raise NoSuchFile(f"{source} cannot be read.", "Check its permissions.")
    unknown = [name for name in types if name not in CONTENT_TYPES]
    if unknown or not types:
        raise UnknownTypes(
            f"There is no kind of draft called {', '.join(unknown) or 'nothing'}.",
            f"The kinds are {', '.join(CONTENT_TYPES)}.",
        )


def _make(out: Path) -> None:
    """Make the folder for the drafts, before an hour is spent on what cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"The folder {out} cannot be made: {error.strerror}.", ANOTHER_FOLDER
        ) from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise CannotWrite(f"Nothing can be written into {out}.", ANOTHER_FOLDER)


def _bring(db: sqlite3.Connection, settings: Settings, source: Path, details: Details) -> str:
    db.execute(
        "insert into users (id, email, password_hash, role, created_at)"
        " values (?, 'nobody@localhost', '', 'owner', ?)",
        (USER, now()),
    )
    if source.suffix.lower() in TRANSCRIPTS:
        return _bring_transcript(db, source, details)
    seen = accept_path(source, settings)
    project_id = creation.new_id()
    file = storage.stored(settings, project_id, storage.recording_name(seen.suffix))
    file.parent.mkdir(parents=True)
    # A link: the name of the file itself may hold what a database cannot.
    file.symlink_to(source.absolute())
    recording = Recording(
        project_id=project_id,
        file=file.name,
        file_name=display_name(os.fsencode(source.name)),
        media_type=seen.media_type,
        bytes=source.stat().st_size,
        sha256="",
        duration_s=seen.duration_s,
        width=seen.width or None,
        height=seen.height or None,
    )
    return creation.from_recording(db, USER, recording, details).project_id


def _bring_transcript(db: sqlite3.Connection, source: Path, details: Details) -> str:
    content = source.read_bytes()
    brought = formats.read(content, source.name)
    facts = {
        "file_name": display_name(os.fsencode(source.name)),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "language": brought.language,
        "timed": brought.timed,
        "duration_s": brought.duration_s,
    }
    return creation.from_transcript(db, USER, brought.segments, facts, details).project_id


def _work(db: sqlite3.Connection, settings: Settings) -> None:
    """Claim and carry out jobs until none is left, waiting for those that are tried again."""
    while True:
        job = next(filter(None, (claim_next(db, queue) for queue in QUEUES)), None)
        if job:
            _carry_out(db, settings, job)
        elif db.execute("select 1 from jobs where status = 'pending'").fetchone():
            time.sleep(0.2)
        else:
            return


def _carry_out(db: sqlite3.Connection, settings: Settings, job: Job) -> None:
    work = child.open_attempt(settings, db, job)
    with Bar(work):
        code = child.carry_out(work)
    if code:
        endings.crashed(db, job, "its process ran out of memory")


def _complaints(db: sqlite3.Connection) -> list[str]:
    rows = db.execute(
        "select type, error_message, error_hint from jobs where status in ('failed', 'cancelled')"
        " and n in (select max(n) from jobs group by type) and error_code != 'ingest_ended'"
    ).fetchall()
    return [f"{row['type']}: {row['error_message']} {row['error_hint']}".strip() for row in rows]


def _write(
    db: sqlite3.Connection, settings: Settings, project_id: str, name: str, out: Path
) -> None:
    """One draft as DIR/<type>.md, posts as .txt; pictures in DIR/images."""
    version = versions.current(db, project_id, name)
    if version is None:
        return
    shots = {shot.n: shot for shot in screenshots_of(db, project_id)}
    for file, content in export.files(version, shots, storage.folder_of(settings, project_id)):
        target = out / file
        target.parent.mkdir(exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, target)
        elif not file.endswith(".html"):
            target.write_text(content, encoding="utf-8")
            print(target)
