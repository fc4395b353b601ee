"""One search over what a user has: titles, what was said, and what was written."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from draftmill.database.search_schema import TRANSCRIPT_BITS, USER_BITS, WINDOW_BITS
from draftmill.search.words import Piece, Words, excerpt, marked, without_marks, words_of

TITLES, TALKS, DRAFTS = 6, 8, 8  # shown of each
SENTENCES = 3  # shown of a talk
AT_ONCE, ROUNDS = 120, 3  # sentences that are read, and how often for more talks
EXCERPT = 160  # characters
LONG_SENTENCE = 300  # characters


@dataclass(frozen=True)
class Title:
    """A project whose title, context or file's name has the words."""

    project_id: str
    title: tuple[Piece, ...]
    created_at: str
    duration_s: float | None


@dataclass(frozen=True)
class Said:
    """A sentence that has the words. `n` counts the transcript's from 1, as the page's do."""

    n: int
    start_s: float
    speaker: str
    text: tuple[Piece, ...]


@dataclass(frozen=True)
class Talk:
    """The sentences of a project; `more` says that there are others beside those."""

    project_id: str
    title: str
    sentences: tuple[Said, ...]
    more: bool


@dataclass(frozen=True)
class Draft:
    """A draft that has the words."""

    project_id: str
    type: str
    project: str
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True)
class Found:
    """What has all words of a query, of each kind the newest first."""

    words: Words
    titles: tuple[Title, ...] = ()
    talks: tuple[Talk, ...] = ()
    drafts: tuple[Draft, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.titles or self.talks or self.drafts)


def search(db: sqlite3.Connection, user_id: int, query: str) -> Found:
    """What a user has that has all words of a query, the last one a beginning. Never fails on one."""
    words = words_of(query)
    if not words.words:
        return Found(words)
    return Found(
        words,
        tuple(_titles(db, user_id, words)),
        tuple(_talks(db, user_id, words)),
        tuple(_drafts(db, user_id, words)),
    )


def _titles(db: sqlite3.Connection, user_id: int, words: Words) -> list[Title]:
    rows = db.execute(
        "select p.* from projects_fts f cross join projects p on p.n = f.rowid"
        " where f.projects_fts match ? and p.user_id = ? and p.holds = '' and p.binned_at is null"
        " order by f.rowid desc limit ?",
        (words.match, user_id, TITLES),
    )
    return [
        Title(row["id"], tuple(marked(row["title"], words)), row["created_at"], row["duration_s"])
        for row in rows
    ]


def _talks(db: sqlite3.Connection, user_id: int, words: Words) -> list[Talk]:
    """Newest transcripts first. Of one with many hits the others are asked for behind it."""
    found: list[Talk] = []
    below = user_id + 1 << USER_BITS
    for _ in range(ROUNDS):
        numbers = _numbers(db, user_id, words, below)
        found += _talks_of(db, user_id, words, numbers)
        if len(numbers) < AT_ONCE or len(found) >= TALKS:
            break
        below = numbers[-1] >> TRANSCRIPT_BITS << TRANSCRIPT_BITS
    return found[:TALKS]


def _numbers(db: sqlite3.Connection, user_id: int, words: Words, below: int) -> list[int]:
    rows = db.execute(
        "select rowid from sentences_fts where sentences_fts match ? and rowid >= ? and rowid < ?"
        " order by rowid desc limit ?",
        (words.match, user_id << USER_BITS, below, AT_ONCE),
    )
    return [row[0] for row in rows]


def _talks_of(
    db: sqlite3.Connection, user_id: int, words: Words, numbers: Sequence[int]
) -> list[Talk]:
    shown = _shown(db, user_id, {_transcript_of(number) for number in numbers})
    found: list[Talk] = []
    for transcript_id, group in groupby(numbers, _transcript_of):
        if transcript_id in shown and len(found) < TALKS:
            inside = sorted(group)
            sentences = [_said(db, transcript_id, n, words) for n in inside[:SENTENCES]]
            row = shown[transcript_id]
            found.append(
                Talk(row["id"], row["title"], tuple(sentences), more=len(inside) > SENTENCES)
            )
    return found


def _transcript_of(number: int) -> int:
    return (number >> TRANSCRIPT_BITS) & ((1 << USER_BITS - TRANSCRIPT_BITS) - 1)


def _shown(
    db: sqlite3.Connection, user_id: int, transcripts: set[int]
) -> Mapping[int, sqlite3.Row]:
    """The projects that show these transcripts, by them; an older one is shown by none."""
    marks = ", ".join("?" * len(transcripts))
    rows = db.execute(
        f"select transcript_id, id, title from projects where transcript_id in ({marks})"
        " and +user_id = ? and binned_at is null",
        (*transcripts, user_id),
    )
    return {row["transcript_id"]: row for row in rows}


def _said(db: sqlite3.Connection, transcript_id: int, number: int, words: Words) -> Said:
    place = number & ((1 << TRANSCRIPT_BITS) - 1)
    window = place >> WINDOW_BITS
    key = {"transcript": transcript_id, "window": window, "n": place - (window << WINDOW_BITS)}
    row = db.execute(
        "select text, start_s, speaker, (select count(*) from segments"
        "  where transcript_id = :transcript and (window, n) <= (s.window, s.n)) as place"
        f" from segments s where transcript_id = :transcript and {_KEY}",
        key,
    ).fetchone()
    text = row["text"] if len(row["text"]) < LONG_SENTENCE else excerpt(row["text"], words, EXCERPT)
    return Said(row["place"], row["start_s"], row["speaker"], tuple(marked(text, words)))


# A brought transcript has all of its sentences in one window, and more than a place has numbers for.
_KEY = f"(window = :window and n = :n or window = 0 and n = (:window << {WINDOW_BITS}) + :n)"


def _drafts(db: sqlite3.Connection, user_id: int, words: Words) -> list[Draft]:
    rows = db.execute(
        "select t.project_id, t.type, t.title, t.body, p.title as project from drafts_fts f"
        " cross join draft_texts t on t.id = f.rowid cross join projects p on p.id = t.project_id"
        " where f.drafts_fts match ? and f.rowid >= ? and f.rowid < ? and p.binned_at is null"
        " order by f.rowid desc limit ?",
        (words.match, user_id << USER_BITS, user_id + 1 << USER_BITS, DRAFTS),
    )
    return [
        Draft(
            row["project_id"],
            row["type"],
            row["project"],
            tuple(marked(row["title"], words)),
            tuple(marked(excerpt(without_marks(row["body"]), words, EXCERPT), words)),
        )
        for row in rows
    ]
