"""Which doubtful blocks of a draft a person has looked at."""

import sqlite3

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.drafts.evidence import read_of
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.evidence.blocks import blocks_of
from draftmill.evidence.known import standing
from draftmill.evidence.records import blocks_in


def looked_at(db: sqlite3.Connection, user_id: int, project_id: str, type: str) -> set[str]:
    """The findings of a draft that a person has looked at, whatever the version: Block.finding."""
    rows = db.execute(
        "select hash from looked_at where user_id = ? and project_id = ? and type = ?",
        (user_id, project_id, type),
    )
    return {row["hash"] for row in rows}


def look_at(db: sqlite3.Connection, user_id: int, shown: Version, hash: str) -> None:
    """A person has looked at a block; a second time changes nothing. Raises NotFound."""
    with transaction(db):
        known = standing(blocks_in(shown.evidence), blocks_of(read_of(shown)))
        if hash not in known:
            raise NotFound("This paragraph is not in the draft any more.", "Reload the page.")
        db.execute(
            "insert or ignore into looked_at (user_id, project_id, type, hash, at)"
            " values (?, ?, ?, ?, ?)",
            (user_id, shown.project_id, shown.type, known[hash].finding, now()),
        )
