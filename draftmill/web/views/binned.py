"""What the bin shows of a project: what it was, since when it lies there, and until when."""

import sqlite3

from draftmill.projects import binned
from draftmill.settings import Settings


def list_of(
    db: sqlite3.Connection, settings: Settings, user_id: int, page: int
) -> dict[str, object]:
    """The context of projects/bin.html."""
    found = binned.page_of(db, user_id, page)
    return {
        "projects": [entry_of(settings, row) for row in found.rows],
        "days": days_of(settings),
        "following": found.following,
        "paged": page > 1,
    }


def entry_of(settings: Settings, row: sqlite3.Row) -> dict[str, object]:
    """One row of the bin."""
    url = f"/bin/{row['id']}"
    return {
        "id": row["id"],
        "title": row["title"],
        "bytes": row["bytes"] if row["file"] else 0,
        "duration_s": row["duration_s"],
        "binned_at": row["binned_at"],
        "ends_at": binned.ends_at(settings, row),
        "restore_url": f"{url}/restore",
        "delete_url": f"{url}/delete",
    }


def days_of(settings: Settings) -> str:
    """How long something stays in the bin: "7 days"."""
    days = f"{settings.bin_days:g}"
    return "1 day" if days == "1" else f"{days} days"
