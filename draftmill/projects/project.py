"""Projects: made from a recording or a transcript, found, listed, renamed."""

import sqlite3
import unicodedata
from pathlib import Path, PurePath

from draftmill import storage
from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.errors import NotFound
from draftmill.jobs.wishes import check_language
from draftmill.projects.details import TITLE_LIMIT, Details
from draftmill.settings import Settings


class InBin(NotFound):
    code = "in_bin"
    default_message = "This project is in the bin."
    default_hint = "Restore it there to go on with it."


class Gone(NotFound):
    """A user's own project that was deleted lately."""

    default_message = "This project is deleted already."
    default_hint = "Nothing of it is left to be had back."


def row_of(db: sqlite3.Connection, project_id: str) -> sqlite3.Row:
    """A project's row, whoever owns it. Raises NotFound."""
    row: sqlite3.Row | None = db.execute(
        "select * from projects where id = ?", (project_id,)
    ).fetchone()
    if row is None:
        raise NotFound
    return row


def project_for(db: sqlite3.Connection, user_id: int, project_id: str) -> sqlite3.Row:
    """A user's own project. Raises NotFound, also for other people's, and InBin."""
    row = own_project(db, user_id, project_id)
    if row["binned_at"] is not None:
        raise InBin
    return row


def binned_for(db: sqlite3.Connection, user_id: int, project_id: str) -> sqlite3.Row:
    """A user's own project that is in the bin. Raises NotFound, and Gone."""
    row = own_project(db, user_id, project_id)
    if row["binned_at"] is None:
        raise NotFound
    return row


def own_project(db: sqlite3.Connection, user_id: int, project_id: str) -> sqlite3.Row:
    """A user's own project, in the bin or not. Raises NotFound, Gone of one that was deleted lately."""
    row: sqlite3.Row | None = db.execute(
        "select * from projects where id = ? and user_id = ?", (project_id, user_id)
    ).fetchone()
    if row is None:
        raise Gone if changes.was_deleted(db, "project", project_id, user_id) else NotFound
    return row


def edit(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    title: str = "",
    context: str | None = None,
    draft_language: str | None = None,
) -> None:
    """Rename a project, change its context and the language of its drafts.

    An empty title, no context and no language keep the old ones.
    """
    language = project["draft_language"] if draft_language is None else draft_language
    check_language(language)
    kept = project["context"] if context is None else context
    details = Details(title=title, context=kept).check()
    with transaction(db):
        renamed = details.title and details.title != project["title"]
        db.execute(
            "update projects set title = ?, title_by = ?, context = ?, draft_language = ? where id = ?",
            (
                details.title or project["title"],
                "person" if renamed else project["title_by"],
                details.context,
                language,
                project["id"],
            ),
        )
        changes.record(db, "project", project["id"], project["user_id"])


def recording_path(settings: Settings, project: sqlite3.Row) -> Path:
    """Where the recording lies. Raises NotFound when it was deleted."""
    if not project["file"]:
        raise NotFound("The recording of this project was deleted.")
    return storage.stored(settings, project["id"], project["file"])


def title_from(file_name: str) -> str:
    """A readable title from a file's name."""
    stem = PurePath(file_name.replace("\\", "/")).stem if file_name else ""
    letters = "".join(" " if unicodedata.category(c)[0] in "CZ" or c == "_" else c for c in stem)
    words = letters.replace("-", " ") if " " not in letters.strip() else letters
    title = " ".join(words.split())[:TITLE_LIMIT]
    return (title[:1].upper() + title[1:]) or "Untitled recording"
