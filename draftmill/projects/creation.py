"""A project, its ingest and its drafts-to-be in one commit. Details were checked before."""

import json
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from draftmill.accounts.users import check_there
from draftmill.clock import now
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import binned
from draftmill.projects.details import Details
from draftmill.projects.project import row_of, title_from
from draftmill.projects.recording import Recording
from draftmill.transcripts import correction_plans, vocabulary
from draftmill.transcripts.segments import ESTIMATED, Segment, add_segments


@dataclass(frozen=True)
class Created:
    """The project of an upload. `existed` says that the same file was here before.

    `restored` says that it was in the bin, from which it came back.
    """

    project_id: str
    existed: bool
    restored: bool = False


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
    with transaction(db):
        known = _with_content(db, user_id, recording.sha256)
        if known:
            if known["file"] is None and known["id"] == recording.project_id:
                _attach(db, known, recording)
            return _known(db, known, details)
        columns = asdict(recording)
        _insert(db, user_id, details, id=columns.pop("project_id"), source="media", **columns)
        _start(db, recording.project_id, details)
    return Created(recording.project_id, existed=False)


def came_again(db: sqlite3.Connection, project: sqlite3.Row, details: Details) -> Created:
    """A project's own recording was sent once more: fill what is empty, start what is missing."""
    with transaction(db):
        return _known(db, row_of(db, project["id"]), details)


def _known(db: sqlite3.Connection, known: sqlite3.Row, details: Details) -> Created:
    """What came again, out of the bin if it was there."""
    restored = known["binned_at"] is not None
    if restored:
        binned.restore(db, known)
    _fill_gaps(db, known, details)
    return Created(known["id"], existed=True, restored=restored)


def from_transcript(
    db: sqlite3.Connection,
    user_id: int,
    segments: Sequence[Segment],
    facts: Mapping[str, Any],
    details: Details,
) -> Created:
    """A project from a brought transcript.

    `facts` has file_name, bytes, sha256, language, duration_s, timed: False when the times
    were only estimated, and warnings: what could not be read.
    """
    with transaction(db):
        known = _with_content(db, user_id, facts["sha256"])
        if known:
            return _known(db, known, details)
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
        _insert_transcript(db, project_id, segments, facts)
        _start(db, project_id, details)
    return Created(project_id, existed=False)


def _with_content(db: sqlite3.Connection, user_id: int, sha256: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "select * from projects where user_id = ? and sha256 = ?", (user_id, sha256)
    ).fetchone()
    return row


def _insert(db: sqlite3.Connection, user_id: int, details: Details, **columns: object) -> None:
    check_there(db, user_id)
    columns |= {
        "user_id": user_id,
        "title": details.title or title_from(str(columns["file_name"])),
        "title_by": "person" if details.title else "file",
        "context": details.context,
        "language": details.language,
        "voices": details.speakers,
        "draft_language": details.draft_language,
        "created_at": now(),
    }
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    db.execute(f"insert into projects ({names}) values ({marks})", columns)
    changes.record(db, "project", str(columns["id"]), user_id)


def _insert_transcript(
    db: sqlite3.Connection,
    project_id: str,
    segments: Sequence[Segment],
    facts: Mapping[str, Any],
) -> None:
    warnings = [*([] if facts["timed"] else [ESTIMATED]), *facts["warnings"]]
    (transcript_id,) = db.execute(
        "insert into transcripts (project_id, params_hash, model, language, warnings, created_at,"
        " completed_at) values (?, 'brought', '', ?, ?, ?, ?) returning id",
        (project_id, facts["language"], json.dumps(warnings), now(), now()),
    ).fetchone()
    add_segments(db, transcript_id, 0, segments)
    db.execute("update projects set transcript_id = ? where id = ?", (transcript_id, project_id))
    vocabulary.spell(db, project_id, [segment.text for segment in segments])
    correction_plans.plan(db, project_id, transcript_id).write(db)


def _attach(db: sqlite3.Connection, known: sqlite3.Row, recording: Recording) -> None:
    db.execute("update projects set file = ? where id = ?", (recording.file, known["id"]))


def _fill_gaps(db: sqlite3.Connection, known: sqlite3.Row, details: Details) -> None:
    """The same file came again: fill only what is empty, start only what is missing."""
    named = known["title_by"] == "person" or not details.title
    db.execute(
        "update projects set title = ?, title_by = ?, context = ?, language = ?, voices = ?,"
        " draft_language = ? where id = ?",
        (
            known["title"] if named else details.title,
            known["title_by"] if named else "person",
            known["context"] or details.context,
            known["language"] or details.language,
            known["voices"] or details.speakers,
            known["draft_language"] or details.draft_language,
            known["id"],
        ),
    )
    changes.record(db, "project", known["id"], known["user_id"])
    drafted = {
        row[0] for row in db.execute("select type from drafts where project_id = ?", (known["id"],))
    }
    lacking = tuple(name for name in details.types if name not in drafted)
    _start(db, known["id"], replace(details, types=lacking))


def _start(db: sqlite3.Connection, project_id: str, details: Details) -> None:
    project = row_of(db, project_id)
    ready = project["transcript_id"] is not None and (
        project["source"] == "media" or newest_job(db, project_id, INGEST) is not None
    )
    if not ready and (project["file"] or project["source"] == "transcript"):
        wishes = Wishes(
            INGEST, language=details.language or None, any_language=details.any_language
        )
        start_job(db, project, wishes)
    for name in details.types:
        start_job(db, row_of(db, project_id), Wishes(name))
