"""The list of corrections: where each has its effect, and where it could have one."""

import sqlite3
from dataclasses import dataclass

from draftmill.drafts.correcting import misheard_in
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.standing import places


@dataclass(frozen=True)
class Corrected:
    """A correction: its places in the transcript, the drafts that still have what was misheard."""

    heard: str
    meant: str
    places: int
    drafts: int
    remove_url: str
    apply_url: str


def corrected_of(db: sqlite3.Connection, project: sqlite3.Row) -> tuple[Corrected, ...]:
    """The corrections of a project that has a transcript, in the order in which they are applied."""
    known = of_project(db, project["id"])
    counts = places(db, project["transcript_id"], known)
    drafts = misheard_in(db, project["id"], known)
    url = f"/projects/{project['id']}/corrections"
    return tuple(
        Corrected(
            one.heard,
            one.meant,
            counts[one.id],
            drafts[one.id],
            f"{url}/{one.id}/remove",
            f"{url}/{one.id}/drafts",
        )
        for one in known
    )
