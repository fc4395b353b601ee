"""Projects: made from a recording or a transcript, found, listed, renamed."""

import json
import sqlite3
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound, Problem
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import start_job
from draftmill.settings import Settings
from draftmill.transcripts import languages
from draftmill.transcripts.segments import ESTIMATED, Segment, add_segments

TITLE_LIMIT = 300
CONTEXT_LIMIT = 100_000


class TooLong(Problem):
    code = "text_too_long"
    default_message = "A text is longer than it may be."
    default_hint = "Shorten it."


class UnknownLanguage(Problem):
    code = "unknown_language"
    default_message = "There is no such language to choose."
    default_hint = "Choose one from the list; a program sends its code, such as en."


@dataclass(frozen=True)
class Details:
    """What a person says about a recording on the form."""

    title: str = ""
    context: str = ""
    language: str = ""
    types: tuple[str, ...] = ()

    def check(self) -> "Details":
        """Itself, tidied. Raises TooLong, UnknownLanguage."""
        if len(self.title) > TITLE_LIMIT:
            raise TooLong(f"The title is longer than {TITLE_LIMIT} characters.", "Shorten it.")
        if len(self.context) > CONTEXT_LIMIT:
            raise TooLong(
                f"The context is longer than {CONTEXT_LIMIT:,} characters.", "Shorten it."
            )
        if self.language and self.language not in languages.LANGUAGES:
            raise UnknownLanguage(f"There is no language “{self.language[:40]}” to choose.")
        return Details(_one_line(self.title), self.context.strip(), self.language, self.types)


def _one_line(text: str) -> str:
    printable = (" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join("".join(printable).split())


@dataclass(frozen=True)
class Recording:
    """A durable file in its project's folder, and what a look at it told."""

    project_id: str
    file: str
    file_name: str
    media_type: str
    bytes: int
    sha256: str
    duration_s: float
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Created:
    """The project of an upload. `existed` says that the same file was here before."""

    project_id: str
    existed: bool


def new_id() -> str:
    return str(uuid.uuid4())


def home_of(db: sqlite3.Connection, user_id: int, sha256: str) -> str:
    """Where a recording belongs: the id of the user's project that lost it, else a new one."""
    known = _with_content(db, user_id, sha256)
    lost = known is not None and known["file"] is None and known["source"] == "media"
    return str(known["id"]) if known and lost else new_id()


def from_recording(
    db: sqlite3.Connection, user_id: int, recording: Recording, details: Details
) -> Created:
    """A project, its ingest and its drafts-to-be in one commit; or the one that has this file.

    The file lies in the folder that `home_of` chose. A project that lost it has it back;
    when the answer names another project than the recording does, the caller removes the copy.
    """
    details = details.check()
    with transaction(db):
        known = _with_content(db, user_id, recording.sha256)
        if known:
            if known["file"] is None and known["id"] == recording.project_id:
                _attach(db, known, recording)
            _fill_gaps(db, known, details)
            return Created(known["id"], existed=True)
        _insert(
            db,
            user_id,
            details,
            id=recording.project_id,
            source="media",
            file_name=recording.file_name,
            file=recording.file,
            media_type=recording.media_type,
            bytes=recording.bytes,
            sha256=recording.sha256,
            duration_s=recording.duration_s,
            width=recording.width,
            height=recording.height,
        )
        _start(db, recording.project_id, details)
    return Created(recording.project_id, existed=False)


def came_again(db: sqlite3.Connection, project: sqlite3.Row, details: Details) -> Created:
    """A project's own recording was sent once more: fill what is empty, start what is missing."""
    details = details.check()
    with transaction(db):
        _fill_gaps(db, row_of(db, project["id"]), details)
    return Created(project["id"], existed=True)


def from_transcript(
    db: sqlite3.Connection,
    user_id: int,
    segments: Sequence[Segment],
    facts: Mapping[str, Any],
    details: Details,
) -> Created:
    """A project from a brought transcript.

    `facts` has file_name, bytes, sha256, language, duration_s, and timed: False when the
    times were only estimated.
    """
    details = details.check()
    with transaction(db):
        known = _with_content(db, user_id, facts["sha256"])
        if known:
            _fill_gaps(db, known, details)
            return Created(known["id"], existed=True)
        project_id = new_id()
        _insert(
            db,
            user_id,
            details,
            id=project_id,
            source="transcript",
            file_name=facts["file_name"],
            media_type="text/plain",
            bytes=facts["bytes"],
            sha256=facts["sha256"],
            duration_s=facts["duration_s"] if facts["timed"] else None,
        )
        transcript = db.execute(
            "insert into transcripts (project_id, params_hash, model, language, warnings, created_at,"
            " completed_at) values (?, 'brought', '', ?, ?, ?, ?) returning id",
            (
                project_id,
                facts["language"],
                json.dumps([] if facts["timed"] else [ESTIMATED]),
                now(),
                now(),
            ),
        ).fetchone()
        add_segments(db, transcript["id"], 0, segments)
        db.execute(
            "update projects set transcript_id = ? where id = ?", (transcript["id"], project_id)
        )
        _start(db, project_id, details)
    return Created(project_id, existed=False)


def _with_content(db: sqlite3.Connection, user_id: int, sha256: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "select * from projects where user_id = ? and sha256 = ?", (user_id, sha256)
    ).fetchone()
    return row


def _insert(db: sqlite3.Connection, user_id: int, details: Details, **columns: object) -> None:
    columns |= {
        "user_id": user_id,
        "title": details.title or title_from(str(columns["file_name"])),
        "title_by": "person" if details.title else "file",
        "context": details.context,
        "language": details.language,
        "created_at": now(),
    }
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    db.execute(f"insert into projects ({names}) values ({marks})", columns)
    changes.record(db, "project", str(columns["id"]), user_id)


def _attach(db: sqlite3.Connection, known: sqlite3.Row, recording: Recording) -> None:
    db.execute("update projects set file = ? where id = ?", (recording.file, known["id"]))


def _fill_gaps(db: sqlite3.Connection, known: sqlite3.Row, details: Details) -> None:
    """The same file came again: fill only what is empty, start only what is missing."""
    named = known["title_by"] == "person" or not details.title
    db.execute(
        "update projects set title = ?, title_by = ?, context = ?, language = ? where id = ?",
        (
            known["title"] if named else details.title,
            known["title_by"] if named else "person",
            known["context"] or details.context,
            known["language"] or details.language,
            known["id"],
        ),
    )
    changes.record(db, "project", known["id"], known["user_id"])
    drafted = {
        row[0] for row in db.execute("select type from drafts where project_id = ?", (known["id"],))
    }
    lacking = tuple(name for name in details.types if name not in drafted)
    _start(db, known["id"], Details(language=details.language, types=lacking))


def _start(db: sqlite3.Connection, project_id: str, details: Details) -> None:
    project = row_of(db, project_id)
    ready = project["transcript_id"] is not None and (
        project["source"] == "media" or newest_job(db, project_id, INGEST) is not None
    )
    if not ready and (project["file"] or project["source"] == "transcript"):
        wishes = {"language": details.language} if details.language else {}
        start_job(db, project, INGEST, wishes)
    for name in details.types:
        start_job(db, row_of(db, project_id), name)


def row_of(db: sqlite3.Connection, project_id: str) -> sqlite3.Row:
    """A project's row, whoever owns it. Raises NotFound."""
    row: sqlite3.Row | None = db.execute(
        "select * from projects where id = ?", (project_id,)
    ).fetchone()
    if row is None:
        raise NotFound
    return row


def project_for(db: sqlite3.Connection, user_id: int, project_id: str) -> sqlite3.Row:
    """A user's own project. Raises NotFound, also for other people's."""
    row: sqlite3.Row | None = db.execute(
        "select * from projects where id = ? and user_id = ?", (project_id, user_id)
    ).fetchone()
    if row is None:
        raise NotFound
    return row


def edit(db: sqlite3.Connection, project: sqlite3.Row, title: str, context: str) -> None:
    """Rename a project and change its context; an empty title keeps the old one."""
    details = Details(title=title, context=context).check()
    with transaction(db):
        renamed = details.title and details.title != project["title"]
        db.execute(
            "update projects set title = ?, title_by = ?, context = ? where id = ?",
            (
                details.title or project["title"],
                "person" if renamed else project["title_by"],
                details.context,
                project["id"],
            ),
        )
        changes.record(db, "project", project["id"], project["user_id"])


def recording_path(settings: Settings, project: sqlite3.Row) -> Path:
    """Where the recording lies. Raises NotFound when it was deleted."""
    if not project["file"]:
        raise NotFound("The recording of this project was deleted.")
    return settings.folder_of(project["id"]) / str(project["file"])


def title_from(file_name: str) -> str:
    """A readable title from a file's name."""
    stem = PurePath(file_name.replace("\\", "/")).stem if file_name else ""
    letters = "".join(" " if unicodedata.category(c)[0] in "CZ" or c == "_" else c for c in stem)
    words = letters.replace("-", " ") if " " not in letters.strip() else letters
    title = " ".join(words.split())[:TITLE_LIMIT]
    return (title[:1].upper() + title[1:]) or "Untitled recording"
