"""A corrected name in the drafts that have it as it was misheard: a new version of each, and back."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from draftmill.database.connection import transaction
from draftmill.drafts import editing, undone, wording
from draftmill.drafts.versions import Text, Version, current, drafted
from draftmill.drafts.wording import BESIDE, mapped, parts_of
from draftmill.errors import NotFound
from draftmill.transcripts.corrected_text import Correction, Sought, corrected
from draftmill.transcripts.correction_plans import of_project


@dataclass(frozen=True)
class Applied:
    """A draft in which a name was corrected: the numbers of its versions before and after."""

    type: str
    before: int
    after: int


def misheard_in(
    db: sqlite3.Connection, project_id: str, corrections: Sequence[Correction]
) -> dict[int, int]:
    """In how many drafts of a project each correction would change something, by its id."""
    counts = dict.fromkeys((one.id for one in corrections), 0)
    sought = Sought(corrections)
    for shown in _shown(db, project_id) if corrections else ():
        for one in wording.misheard_in(shown, sought):
            counts[one] += 1
    return counts


def apply_to_drafts(
    db: sqlite3.Connection, project_id: str, user_id: int, correction_id: int
) -> list[Applied]:
    """Correct a name in every draft that has it as it was misheard: whole words, nothing else.

    Each becomes a new version by the person, the one before it stays. Raises NotFound.
    """
    one = next((c for c in of_project(db, project_id) if c.id == correction_id), None)
    if one is None:
        raise NotFound("This correction was removed.", "Reload the page.")
    made = []
    with transaction(db):
        for shown in _shown(db, project_id):
            text = _corrected(shown, one)
            if text is not None:
                body = (shown.posts and json.loads(text.body)) or text.body
                where = (project_id, shown.type, user_id)
                saved = editing.save(db, *where, text.title, body, text.fields, None)
                made.append(Applied(shown.type, shown.n, saved.version.n))
    return made


def take_back(
    db: sqlite3.Connection, project_id: str, user_id: int, applied: Iterable[Applied]
) -> int:
    """Show the versions from before again, of drafts that nobody changed since; returns how many."""
    count = 0
    with transaction(db):
        for one in applied:
            shown = current(db, project_id, one.type)
            if one.before < one.after and undone.is_untouched(shown, one.after):
                editing.restore(db, project_id, one.type, one.before, user_id)
                count += 1
    return count


def _shown(db: sqlite3.Connection, project_id: str) -> list[Version]:
    found = (current(db, project_id, type) for type in sorted(drafted(db, project_id)))
    return [version for version in found if version is not None]


def _corrected(shown: Version, one: Correction) -> Text | None:
    """The text of a draft with the name corrected; None where nothing changes."""
    count = 0

    def put(text: str) -> str:
        nonlocal count
        parts = parts_of(text)
        for at in range(0, len(parts), 2):
            parts[at], changed = corrected(parts[at], [one])
            count += changed
        return "".join(parts)

    body = json.dumps([put(post) for post in shown.posts]) if shown.posts else put(shown.body)
    fields: dict[str, Any] = {
        name: mapped(put, value) if name in BESIDE else value
        for name, value in shown.fields.items()
    }
    text = Text(put(shown.title), body, fields)
    return text if count else None
