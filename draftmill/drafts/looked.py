"""What a draft rests on, block by block, and which doubtful blocks a person has looked at."""

import json
import sqlite3

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.drafts.versions import Version
from draftmill.errors import NotFound
from draftmill.evidence.records import Block, blocks_in

# The evidence of a text, or of the nearest of those that it was made from.
NEAREST = """
with recursive line (id) as (select ? union
    select based_on from draft_versions join line using (id) where based_on is not null)
select v.evidence from draft_versions v join line using (id)
where json_type(v.evidence, '$.blocks') = 'array' order by v.n desc limit 1
"""


def known_blocks(db: sqlite3.Connection, shown: Version) -> dict[str, Block]:
    """The blocks that are known, by their hash; none where nothing was ever checked.

    A text that was not checked itself keeps what is known of the text that it was made from:
    what was not changed still rests on the same sentences.
    """
    row = db.execute(NEAREST, (shown.id,)).fetchone()
    return {block.hash: block for block in blocks_in(json.loads(row["evidence"]))} if row else {}


def is_checked(shown: Version) -> bool:
    """Whether a text was checked itself."""
    return "blocks" in shown.evidence


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
        if hash not in known_blocks(db, shown):
            raise NotFound("This paragraph is not in the draft any more.", "Reload the page.")
        db.execute(
            "insert or ignore into looked_at (user_id, project_id, type, hash, at)"
            " values (?, ?, ?, ?, ?)",
            (user_id, shown.project_id, shown.type, hash, now()),
        )
