"""A draft of which some is said, some borne out, and some is to be checked: as a version holds it."""

import json
import sqlite3

from draftmill.drafts.versions import posts_of
from draftmill.evidence.blocks import Text, blocks_of
from draftmill.evidence.records import Block, Claim, Flaw, Source, stored
from draftmill.transcripts.segments import NO_WORDS, Segment, segments_of

QUOTED = "Two thirds of the time was spent waiting for a cache that was never warm."
INVENTED = "Everyone cheered when the build turned green."
NEAREST = "We drew the graph on paper, every arrow, and asked of each one who needs it."
WRONG = "The team drew **nineteen graphs** on paper."
ARTICLE = f"""They measured before they touched anything.

## What helped

> {QUOTED} [0:05](time:5)

{WRONG}

- one warm cache
- {INVENTED}
"""
POSTS = ["They measured before they touched anything.", "The team drew nineteen graphs.", QUOTED]


def _claim(block: Text, said: list[Segment]) -> Claim:
    """What a check could say; `said` are the sentences of the recording."""
    if "nineteen" in block.text:
        flaw = Flaw("number", "nineteen graphs", "one graph")
        return Claim(block.text, "weak", 0.6, (Source.of(said[3]), Source.of(said[2])), (flaw,))
    if INVENTED in block.text:
        return Claim(block.text, "weak", 0.1, (), (Flaw("support", INVENTED, NEAREST),))
    if QUOTED in block.text:
        return Claim.said(block.text, (said[1],))
    return Claim(block.text, "supported", 0.8, (Source.of(said[0]),))


def doubt(db: sqlite3.Connection, project: str, type: str) -> None:
    """Give the draft that is shown such a text, with its evidence."""
    (transcript_id,) = db.execute(
        "select transcript_id from projects where id = ?", (project,)
    ).fetchone()
    said = segments_of(db, transcript_id, NO_WORDS)
    body = ARTICLE if type == "blog" else json.dumps(POSTS)
    blocks = [
        Block(block.hash, block.kind, (_claim(block, said),), 1)
        for block in blocks_of(posts_of(type, body) or body)
    ]
    db.execute(
        "update draft_versions set body = ?, evidence = ?, author = 'writer' where id = (select version_id"
        " from drafts where project_id = ? and type = ?)",
        (body, json.dumps(stored(blocks)), project, type),
    )
    db.commit()
