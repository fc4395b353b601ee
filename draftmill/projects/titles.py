"""A project that nobody named is called what its talk is about, which can be taken back."""

import sqlite3

from draftmill.database import changes
from draftmill.database.connection import transaction
from draftmill.projects.details import Details

TITLE_LENGTH = 120


def name_after_talk(db: sqlite3.Connection, project: sqlite3.Row, topic: str) -> bool:
    """Call a project after its topic, in the caller's transaction; whether that was done.

    Not what a person named, not twice, and not again once it was taken back.
    """
    if not topic or len(topic) > TITLE_LENGTH:
        return False
    named = db.execute(
        "update projects set title_before = title, title = ? where id = ? and title_by = 'file'"
        " and title_before is null and title <> ?",
        (topic, project["id"], topic),
    )
    if named.rowcount:
        changes.record(db, "project", project["id"], project["user_id"])
    return bool(named.rowcount)


def take_back(db: sqlite3.Connection, project: sqlite3.Row) -> bool:
    """Call it again what it was called before its talk named it; whether that was done."""
    with transaction(db):
        back = db.execute(
            "update projects set title = title_before, title_before = '' where id = ?"
            " and title_by = 'file' and title_before <> ''",
            (project["id"],),
        )
        if back.rowcount:
            changes.record(db, "project", project["id"], project["user_id"])
    return bool(back.rowcount)


def give_back(
    db: sqlite3.Connection, project: sqlite3.Row, title: str, by: str, instead_of: str
) -> bool:
    """Call it again what it was called, and by whom, while it is called `instead_of`; whether it was."""
    details = Details(title=title).check()
    with transaction(db):
        back = db.execute(
            "update projects set title = ?, title_by = ? where id = ? and title = ?",
            (
                details.title or project["title"],
                "file" if by == "file" else "person",
                project["id"],
                instead_of,
            ),
        )
        if back.rowcount:
            changes.record(db, "project", project["id"], project["user_id"])
    return bool(back.rowcount)


def is_from_talk(project: sqlite3.Row) -> bool:
    """Whether a project has the title that its talk gave it."""
    return project["title_by"] == "file" and bool(project["title_before"])
