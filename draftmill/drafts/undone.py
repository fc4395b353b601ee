"""Whether what was done to a draft can be undone: not once somebody went on with it."""

import sqlite3

from draftmill.drafts.versions import Version, current
from draftmill.errors import Conflict


class DraftChanged(Conflict):
    code = "draft_changed"
    default_message = "Changed since: nothing was undone."
    default_hint = "What was there before is in the draft's history."


def is_untouched(shown: Version | None, n: int | None) -> bool:
    """Whether a draft shows version `n` as it was made: a person's next words stand in the same version."""
    return shown is not None and shown.n == n and shown.updated_at == shown.created_at


def check(db: sqlite3.Connection, project_id: str, type: str, n: int | None) -> None:
    """Raises DraftChanged unless the draft shows version `n`, and nobody typed in it."""
    if not is_untouched(current(db, project_id, type), n):
        raise DraftChanged
