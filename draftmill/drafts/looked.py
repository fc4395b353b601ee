"""Which doubtful blocks of a draft a person has looked at."""

import sqlite3

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.evidence.records import blocks_in


def looked_at(db: sqlite3.Connection, user_id: int, project_id: str, type: str) -> set[str]:
    """The hashes of the blocks of a draft that a person has looked at, whatever the version."""
    rows = db.execute(
        "select hash from looked_at where user_id = ? and project_id = ? and type = ?",
        (user_id, project_id, type),
    )
    return {row["hash"] for row in rows}


def look_at(db: sqlite3.Connection, user_id: int, shown: Version, hash: str) -> None:
    """A person has looked at a block; a second time changes nothing. Raises NotFound."""
    with transaction(db):
        if hash not in {block.hash for block in blocks_in(shown.evidence)}:
            raise NotFound("This paragraph is not in the draft any more.", "Reload the page.")
        db.execute(
            "insert or ignore into looked_at (user_id, project_id, type, hash, at)"
            " values (?, ?, ?, ?, ?)",
            (user_id, shown.project_id, shown.type, hash, now()),
        )
