"""How many people speak in a project, as a form asks for it."""

import sqlite3

from content_actions import slot_id
from draftmill.jobs.job import Job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import can_be_done_alone
from draftmill.transcripts import how_many
from draftmill.transcripts.by_voice import told_elsewhere


def voices_of(
    db: sqlite3.Connection, project: sqlite3.Row, ingest: Job | None
) -> dict[str, object] | None:
    """The context of projects/_how_many.html; None where voices are not told apart just now."""
    if not can_be_done_alone(project, "voices") or (ingest and ingest.active):
        return None
    if told_elsewhere(db, project["transcript_id"]):
        return None
    told = str(project["voices"])
    return {
        "url": f"/projects/{project['id']}/jobs",
        "after_last": ingest.id if ingest else "",
        "slot_id": slot_id(project["id"], INGEST),
        "choices": choices(told),
        "chosen": told,
    }


def choices(told: str = "") -> list[tuple[str, str]]:
    """What can be chosen, with a larger number that a program told before."""
    known = list(how_many.CHOICES)
    return known if told in dict(known) else [*known, (told, told)]
