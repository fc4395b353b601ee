"""Texts of a person's own, by which a model hears how they write. Never what they write about."""

import sqlite3
from collections.abc import Sequence

from draftmill.clock import now
from draftmill.content_types.wanted import lines_of
from draftmill.database.connection import transaction
from draftmill.errors import Problem

MOST = 5
CHARACTERS = 4_000  # of each


class BadExamples(Problem):
    code = "bad_examples"
    default_message = f"There are more than {MOST} texts."
    default_hint = f"Choose the {MOST} that sound most like you."


def examples_of(db: sqlite3.Connection, user_id: int, type: str) -> list[str]:
    """A user's texts for a content type, in their order."""
    rows = db.execute(
        "select text from style_examples where user_id = ? and type = ? order by n", (user_id, type)
    )
    return [row["text"] for row in rows]


def counts_of(db: sqlite3.Connection, user_id: int) -> dict[str, int]:
    """How many texts a user has for each content type that has any."""
    rows = db.execute(
        "select type, count(*) from style_examples where user_id = ? group by type", (user_id,)
    )
    return dict(rows.fetchall())


def keep(db: sqlite3.Connection, user_id: int, type: str, texts: Sequence[str]) -> list[str]:
    """Have these texts in place of those before; empty ones are none. Raises BadExamples."""
    kept = [tidy for text in texts if (tidy := lines_of(text))]
    if len(kept) > MOST:
        raise BadExamples
    long = next((text for text in kept if len(text) > CHARACTERS), None)
    if long is not None:
        raise BadExamples(
            f"A text has {len(long):,} characters; it may have {CHARACTERS:,}.",
            "A few paragraphs are enough to hear how you write.",
        )
    with transaction(db):
        db.execute("delete from style_examples where user_id = ? and type = ?", (user_id, type))
        db.executemany(
            "insert into style_examples (user_id, type, n, text, updated_at) values (?, ?, ?, ?, ?)",
            [(user_id, type, n, text, now()) for n, text in enumerate(kept, 1)],
        )
    return kept
