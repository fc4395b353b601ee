"""In which language drafts are written, as a choice in a form."""

import sqlite3

from draftmill.accounts import users
from draftmill.transcripts import languages


def draft_languages(db: sqlite3.Connection, user_id: int) -> list[tuple[str, str]]:
    """Codes and names for a project; the first one leaves it to what its owner chose for all."""
    code = users.draft_language_of(db, user_id)
    usual = languages.name_of(code) if code else "the recording's"
    return languages.of_drafts(f"As in your account: {usual}")
