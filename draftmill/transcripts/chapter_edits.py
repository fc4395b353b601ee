"""Chapters as a person wants them: renamed, moved, merged, split and deleted.

Each change is kept with the whole list before and after it, and can be undone while no later one
stands. From the first one on the chapters are the person's: nothing finds others in their place.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from itertools import pairwise

from draftmill.database.connection import transaction
from draftmill.errors import NotFound, Problem
from draftmill.transcripts.chapters import Chapter, chapters_of, tag_of
from draftmill.transcripts.corrected_text import Correction, corrected
from draftmill.transcripts.correction_plans import of_project
from draftmill.transcripts.edits import (
    Changed,
    ChangedSince,
    Edit,
    Stale,
    is_last,
    newest_of,
    record,
    taking_back,
)
from draftmill.transcripts.sentences import clean

CHAPTERS = "chapters"
LONGEST = 200  # characters of a title
MOST = 500  # chapters of a transcript
CUT = "Sentences of the transcript were changed elsewhere since you opened this."

Act = Callable[[list[Chapter]], list[Chapter]]


class BadChapter(Problem):
    code = "bad_chapter"
    default_message = "A chapter needs a title."
    default_hint = f"Write up to {LONGEST} characters."


class NoPlace(Problem):
    code = "no_place_for_chapter"
    default_message = "A chapter cannot start at this sentence."
    default_hint = "Choose one between the chapters before and after it."


class StaleChapters(Stale):
    code = "stale_chapters"
    default_message = "The chapters were changed elsewhere since you opened this."


Made = Changed[Chapter]


def begin(db: sqlite3.Connection, project_id: str, title: str, based_on: str | None = None) -> Made:
    """Make a first chapter, of the whole transcript. Raises BadChapter, NoPlace, StaleChapters.

    `based_on` is the tag of the chapters that the person saw, here and below; None for whatever
    is there.
    """
    checked = _title(title)

    def act(present: list[Chapter]) -> list[Chapter]:
        if present:
            raise NoPlace("There are chapters already.", "Split one of them.")
        said = _said(db, project_id)
        if not said:
            raise NoPlace("Nothing is said in this transcript.", "Bring or transcribe another one.")
        return [Chapter(1, said[0]["start_s"], said[-1]["end_s"], checked)]

    return _change(db, project_id, based_on, act)


def rename(
    db: sqlite3.Connection, project_id: str, n: int, title: str, based_on: str | None = None
) -> Made:
    """Give a chapter another title. Raises NotFound, BadChapter, StaleChapters."""
    checked = _title(title)
    return _change(
        db, project_id, based_on, lambda all_: _with(all_, n, title=checked, uncorrected=None)
    )


def move(
    db: sqlite3.Connection,
    project_id: str,
    n: int,
    sentence: int,
    based_on: str | None = None,
    of: int | None = None,
) -> Made:
    """Let a chapter start with another sentence, numbered from 1, between its neighbours' starts.

    `of` is how many sentences there were when the number was read, here and below: some may have
    been cut since. None for as many as there are. Raises NotFound, NoPlace, StaleChapters.
    """

    def act(present: list[Chapter]) -> list[Chapter]:
        start_s = _start_of(db, project_id, sentence, of)
        moved = _with(present, n, start_s=start_s)
        if n == 1 or any(one.start_s >= other.start_s for one, other in pairwise(moved)):
            raise NoPlace
        return moved

    return _change(db, project_id, based_on, act)


def merge(db: sqlite3.Connection, project_id: str, n: int, based_on: str | None = None) -> Made:
    """Let a chapter go on to the end of the next, under its own title. Raises NotFound, StaleChapters."""

    def act(present: list[Chapter]) -> list[Chapter]:
        if not 1 <= n < len(present):
            raise NotFound("There is no chapter after this one.", "Reload the page.")
        return present[:n] + present[n + 1 :]

    return _change(db, project_id, based_on, act)


def split(
    db: sqlite3.Connection,
    project_id: str,
    n: int,
    sentence: int,
    title: str,
    based_on: str | None = None,
    of: int | None = None,
) -> Made:
    """Let a new chapter start with a sentence within another.

    Raises NotFound, BadChapter, NoPlace, StaleChapters.
    """
    checked = _title(title)

    def act(present: list[Chapter]) -> list[Chapter]:
        start_s = _start_of(db, project_id, sentence, of)
        chapter = _with(present, n)[n - 1]
        if not chapter.start_s < start_s < chapter.end_s:
            raise NoPlace(
                "A new chapter starts inside of the one that is split.",
                "Choose one of its sentences but the first.",
            )
        if len(present) >= MOST:
            raise NoPlace("This transcript has as many chapters as it can hold.", "")
        new = Chapter(n + 1, start_s, chapter.end_s, checked)
        return [*present[:n], new, *present[n:]]

    return _change(db, project_id, based_on, act)


def delete(db: sqlite3.Connection, project_id: str, n: int, based_on: str | None = None) -> Made:
    """Remove a chapter: its text goes to the one before, that of the first to the next.

    Raises NotFound, StaleChapters.
    """

    def act(present: list[Chapter]) -> list[Chapter]:
        _with(present, n)
        left = present[: n - 1] + present[n:]
        return _with(left, 1, start_s=present[0].start_s) if left else []

    return _change(db, project_id, based_on, act)


def take_back(db: sqlite3.Connection, edit: Edit) -> None:
    """Undo a change of chapters: the list as it was before, with the corrections of today.

    Raises ChangedSince.
    """
    with taking_back(db, edit):
        if not is_last(db, edit):
            raise ChangedSince
        known = of_project(db, edit.project_id)
        before = [_corrected(one, edit.at, known) for one in _stored(edit.was)]
        _write(db, edit.transcript_id, before, str(edit.was["by"]))


def _corrected(chapter: Chapter, since: str, known: Sequence[Correction]) -> Chapter:
    """A chapter as it was at a time, with what was corrected since, and without what is no more."""
    if chapter.uncorrected is None:
        known = [one for one in known if one.made_at > since]
    heard = (
        json.loads(chapter.uncorrected) if chapter.uncorrected else [chapter.title, chapter.summary]
    )
    title, summary = (corrected(text, known)[0] for text in heard)
    same = [title, summary] == heard
    return replace(
        chapter, title=title, summary=summary, uncorrected=None if same else json.dumps(heard)
    )


def write_a_persons(
    db: sqlite3.Connection, transcript_id: int, chapters: Sequence[Chapter]
) -> None:
    """Give a transcript chapters that stay as they are, in the caller's transaction."""
    _write(db, transcript_id, chapters, "person")


def _change(db: sqlite3.Connection, project_id: str, based_on: str | None, act: Act) -> Made:
    with transaction(db):
        transcript = _transcript(db, project_id)
        present = chapters_of(db, transcript["id"])
        if based_on not in (None, tag_of(present)):
            return _done_before(db, transcript["id"], based_on, present, act)
        became = _numbered(act(present), present)
        if became == present:
            return Changed(tuple(present), None)
        _write(db, transcript["id"], became, "person")
        was = {"by": transcript["chapters_by"], "chapters": [asdict(one) for one in present]}
        now = {"by": "person", "chapters": [asdict(one) for one in became]}
        edit_id = record(db, project_id, transcript["id"], CHAPTERS, was, now)
        return Changed(tuple(became), edit_id)


def _done_before(
    db: sqlite3.Connection,
    transcript_id: int,
    based_on: str | None,
    present: list[Chapter],
    act: Act,
) -> Made:
    """A second press of the same button finds what the first one did. Raises StaleChapters."""
    newest = newest_of(db, transcript_id, CHAPTERS)
    if newest and newest.undone_at is None:
        before = _stored(newest.was)
        if tag_of(before) == based_on and _numbered(act(before), before) == present:
            return Changed(tuple(present), newest.id)
    raise StaleChapters


def _stored(side: dict[str, object]) -> list[Chapter]:
    chapters = side["chapters"]
    assert isinstance(chapters, list)
    return [Chapter(**one) for one in chapters]


def _write(
    db: sqlite3.Connection, transcript_id: int, chapters: Sequence[Chapter], by: str
) -> None:
    db.execute("delete from chapters where transcript_id = ?", (transcript_id,))
    db.executemany(
        "insert into chapters (transcript_id, n, start_s, end_s, title, summary, heard)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            (transcript_id, c.n, c.start_s, c.end_s, c.title, c.summary, c.uncorrected)
            for c in chapters
        ],
    )
    db.execute("update transcripts set chapters_by = ? where id = ?", (by, transcript_id))


def _numbered(chapters: list[Chapter], before: list[Chapter]) -> list[Chapter]:
    """Numbered anew, each ending where the next one starts."""
    if not chapters:
        return []
    last = (before or chapters)[-1]
    ends = [after.start_s for after in chapters[1:]] + [last.end_s]
    return [
        replace(chapter, n=n, end_s=end_s)
        for n, (chapter, end_s) in enumerate(zip(chapters, ends, strict=True), 1)
    ]


def _with(chapters: list[Chapter], n: int, **changes: object) -> list[Chapter]:
    """The chapters with the n-th one changed. Raises NotFound."""
    if not 1 <= n <= len(chapters):
        raise NotFound("There is no such chapter any more.", "Reload the page.")
    changed = replace(chapters[n - 1], **changes)  # type: ignore[arg-type]
    return [*chapters[: n - 1], changed, *chapters[n:]]


def _title(text: str) -> str:
    title = clean(text[: 4 * LONGEST])
    if not any(character.isalnum() for character in title):
        raise BadChapter
    if len(title) > LONGEST:
        raise BadChapter("This title is too long.")
    return title


def _transcript(db: sqlite3.Connection, project_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "select t.* from projects p join transcripts t on t.id = p.transcript_id where p.id = ?",
        (project_id,),
    ).fetchone()
    if row is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    return row


def _start_of(db: sqlite3.Connection, project_id: str, sentence: int, of: int | None) -> float:
    said = _said(db, project_id)
    if of not in (None, len(said)):
        raise StaleChapters(CUT)
    if not 1 <= sentence <= len(said):
        raise NotFound("There is no such sentence in the transcript.", "Reload the page.")
    return float(said[sentence - 1]["start_s"])


def _said(db: sqlite3.Connection, project_id: str) -> list[sqlite3.Row]:
    return db.execute(
        "select s.start_s, s.end_s from projects p"
        " join segments s on s.transcript_id = p.transcript_id"
        " where p.id = ? order by s.window, s.n",
        (project_id,),
    ).fetchall()
