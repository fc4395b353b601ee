"""A sentence to edit, and what an edit of it offers."""

import sqlite3

from draftmill.errors import NotFound
from draftmill.transcripts.edits import edit_of
from draftmill.transcripts.everywhere import offers
from draftmill.transcripts.segments import NO_WORDS, is_timed, segments_of
from draftmill.transcripts.sentence_edits import Sentence
from draftmill.transcripts.suggestions import look
from draftmill.web.views.difference import marking

BEFORE, AFTER = 3, 8  # sentences around the one that is edited


def page_of(
    db: sqlite3.Connection, project: sqlite3.Row, sentence: Sentence, typed: str | None = None
) -> dict[str, object]:
    """The context of projects/sentence.html; `typed` is a text that was not saved."""
    segments = segments_of(db, project["transcript_id"], NO_WORDS)
    first = max(1, sentence.n - BEFORE)
    near = segments[first - 1 : sentence.n + AFTER]
    return {
        "project": {"title": project["title"], "url": f"/projects/{project['id']}"},
        "sentence": sentence,
        "typed": sentence.text if typed is None else typed,
        "differs": "" if typed is None else marking()(sentence.text, typed),
        "timed": is_timed(db, project["transcript_id"]),
        "near": [(n, one.start_s, one.text) for n, one in enumerate(near, first)],
    }


def facts_of(sentence: Sentence) -> dict[str, object]:
    """A sentence for the script of the page."""
    return {
        "n": sentence.n,
        "text": sentence.text,
        "heard": sentence.heard,
        "edited": sentence.edited,
        "doubtful": sentence.doubtful,
        "revision": sentence.revision,
    }


def everywhere_of(
    db: sqlite3.Connection, project: sqlite3.Row, edit_id: int | None
) -> dict[str, object] | None:
    """The context of projects/_everywhere.html, None where an edit put nothing right that is elsewhere."""
    if edit_id is None:
        return None
    try:
        found = offers(db, edit_of(db, project["id"], edit_id))
    except NotFound:
        return None
    if not found:
        return None
    timed = is_timed(db, project["transcript_id"])
    return {"url": f"/projects/{project['id']}", "offers": found, "timed": timed}


def suggested_of(db: sqlite3.Connection, project: sqlite3.Row, whole: bool) -> dict[str, object]:
    """The context of projects/suggestions.html; with the `whole` transcript looked through, or a piece more."""
    looked = look(db, project["id"], whole)
    return {
        "project": {"title": project["title"], "url": f"/projects/{project['id']}"},
        "suggestions": looked.suggestions if looked.done else (),
        "looking": not looked.done,
    }
