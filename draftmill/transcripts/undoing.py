"""A person's change of a transcript, taken back. How it is done depends on its kind."""

import sqlite3
from collections.abc import Callable, Mapping

from draftmill.errors import NotFound
from draftmill.transcripts import chapter_edits, corrections, sentence_edits, speaker_edits
from draftmill.transcripts.edits import Edit, edit_of, is_last

# Each takes it back within `edits.taking_back`, and raises ChangedSince where what it became
# stands there no more.
TAKEN_BACK: Mapping[str, Callable[[sqlite3.Connection, Edit], None]] = {
    sentence_edits.SENTENCE: sentence_edits.take_back,
    corrections.CORRECTION: corrections.take_back,
    chapter_edits.CHAPTERS: chapter_edits.take_back,
    speaker_edits.SPEAKERS: speaker_edits.take_back,
}
# Whether it would raise that.
CAN_BE: Mapping[str, Callable[[sqlite3.Connection, Edit], bool]] = {
    sentence_edits.SENTENCE: sentence_edits.can_take_back,
    corrections.CORRECTION: corrections.can_take_back,
    chapter_edits.CHAPTERS: is_last,
    speaker_edits.SPEAKERS: is_last,
}


def can_undo(db: sqlite3.Connection, edit: Edit) -> bool:
    """Whether a change stands there as it was made, so that it can be taken back."""
    return edit.undone_at is None and edit.kind in CAN_BE and CAN_BE[edit.kind](db, edit)


def undo(db: sqlite3.Connection, project_id: str, edit_id: int) -> Edit:
    """Take a change back; one that was taken back before stays as it is.

    Raises NotFound, ChangedSince. Call it outside of any transaction.
    """
    edit = edit_of(db, project_id, edit_id)
    if edit.undone_at is not None:
        return edit
    if edit.kind not in TAKEN_BACK:
        raise NotFound("This change is of a kind that cannot be undone here.", "Reload the page.")
    TAKEN_BACK[edit.kind](db, edit)
    return edit_of(db, project_id, edit_id)
