"""What people changed of a transcript, as a page shows it: what it was and became, words marked."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup

from draftmill.clock import clock
from draftmill.transcripts import chapter_edits, corrections, sentence_edits, speaker_edits
from draftmill.transcripts.edits import Edit, edits_of
from draftmill.transcripts.undoing import can_undo
from draftmill.web.views.difference import marking
from draftmill.web.views.material import undo_url

PAGE = 30  # changes
MOST_TEXTS = 20  # of one change
AND_BACK = "listed"  # the query by which undoing leads to this page

Texts = Iterable[tuple[str, str]]  # as it was, as it became


@dataclass(frozen=True)
class Told:
    """One change. `undo_url` is "" where it cannot be taken back, and `why_not` says why."""

    id: int
    what: str
    texts: tuple[Markup, ...]
    at: str
    undo_url: str
    why_not: str


def changes_of(
    db: sqlite3.Connection, project: sqlite3.Row, before: int | None
) -> dict[str, object]:
    """The context of projects/changes.html: a page of them, from the one older than `before`."""
    found = edits_of(db, project["id"], PAGE + 1, before=before)
    marked = marking()
    url = f"/projects/{project['id']}"
    return {
        "project": {"title": project["title"], "url": url},
        "changes": [_told(db, project, edit, marked) for edit in found[:PAGE]],
        "following": found[PAGE - 1].id if len(found) > PAGE else None,
    }


def _told(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    edit: Edit,
    marked: Callable[[str, str], Markup],
) -> Told:
    what, texts = _TOLD[edit.kind](edit.was, edit.became) if edit.kind in _TOLD else ("Changed", ())
    possible = can_undo(db, edit)
    return Told(
        edit.id,
        what,
        tuple(marked(*pair) for pair in islice(texts, MOST_TEXTS)),
        edit.at,
        f"{undo_url(project['id'], edit.id)}?{AND_BACK}" if possible else "",
        "" if possible else _why_not(project, edit),
    )


def _why_not(project: sqlite3.Row, edit: Edit) -> str:
    if edit.undone_at is not None:
        return "Undone"
    if edit.transcript_id != project["transcript_id"]:
        return "In an earlier transcript"
    return "Changed again since"


def _sentence(was: Mapping[str, Any], became: Mapping[str, Any]) -> tuple[str, Texts]:
    return f"Sentence {was['sentence']:,}", [(was["text"], became["text"])]


def _correction(was: Mapping[str, Any], became: Mapping[str, Any]) -> tuple[str, Texts]:
    gone, come = was["corrections"], became["corrections"]
    if not come:
        return "Correction removed", [(one["meant"], one["heard"]) for one in gone]
    places = became["places"]
    told = f"Corrected in {'one place' if places == 1 else f'{places:,} places'}"
    before = {one["heard"]: one["meant"] for one in gone}
    return told, [(before.get(one["heard"], one["heard"]), one["meant"]) for one in come]


def _chapters(was: Mapping[str, Any], became: Mapping[str, Any]) -> tuple[str, Texts]:
    old, new = was["chapters"], became["chapters"]
    n = next((n for n, (one, other) in enumerate(_beside(old, new), 1) if one != other), 0)
    if not n:
        return "Chapters changed", []
    if not old:
        return "First chapter made", [("", new[0]["title"])]
    if not new:
        return "Chapter 1 removed, the last one", [(old[0]["title"], "")]
    if len(old) < len(new):
        return f"Chapter {n - 1} split", [("", new[n - 1]["title"])]
    if len(old) > len(new):
        into = f"chapter {n - 1}" if n > 1 else "the next one"
        return f"Chapter {n} removed, its text is in {into}", [(old[n - 1]["title"], "")]
    one, other = old[n - 1], new[n - 1]
    if one["title"] != other["title"]:
        return f"Chapter {n} renamed", [(one["title"], other["title"])]
    times = f"from {clock(one['start_s'])} to {clock(other['start_s'])}"
    return f"Chapter {n} moved {times}", [(other["title"], other["title"])]


def _beside(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> Iterator[tuple[object, object]]:
    """What tells chapters apart, side by side. One that is alone is beside nothing."""
    same = len(old) == len(new)

    def facts(all_: list[dict[str, Any]], n: int) -> object:
        if n >= len(all_):
            return None
        return (all_[n]["title"], all_[n]["summary"], all_[n]["start_s"] if same else None)

    return ((facts(old, n), facts(new, n)) for n in range(max(len(old), len(new))))


def _speakers(was: Mapping[str, Any], became: Mapping[str, Any]) -> tuple[str, Texts]:
    if "name" not in became:
        return "Speakers told apart by their voices", []
    number = was.get("sentences", 0)
    count = "one sentence" if number == 1 else f"{number:,} sentences"
    act = was.get("act")
    if act == "given":
        return f"Who said {count}", [("", became["name"])]
    what = "Speakers merged" if act == "merged" else "Speaker named"
    return f"{what}, {count}", [(was["name"], became["name"])]


_TOLD: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[str, Texts]]] = {
    sentence_edits.SENTENCE: _sentence,
    corrections.CORRECTION: _correction,
    chapter_edits.CHAPTERS: _chapters,
    speaker_edits.SPEAKERS: _speakers,
}
