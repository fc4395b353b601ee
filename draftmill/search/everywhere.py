"""One search over what a user has: titles, what was said, and what was written."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from draftmill.database.search_schema import (
    TITLED,
    TRANSCRIPT_BITS,
    USER_BITS,
    WINDOW_BITS,
    numbers_of,
)
from draftmill.search.words import Piece, Words, excerpt, marked, words_of
from draftmill.transcripts.segments import is_timed

TITLES, TALKS, DRAFTS = "titles", "talks", "drafts"
FIRST = {TITLES: 6, TALKS: 8, DRAFTS: 8}  # shown of each
PAGE = 20  # of one kind alone
SENTENCES = 3  # shown of a talk
AT_ONCE, ROUNDS = 120, 32  # sentences that are read, and how often for more talks
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
    """A sentence that has the words. `n` counts the transcript's from 1, as the page's do.

    `start_s` is None where the times of the transcript are only guessed.
    """

    n: int
    start_s: float | None
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
    """What has all words of a query, of each kind the newest first.

    `following` says of a kind that has more where its next page begins. That of talks may be there
    without a talk: so far down none was found.
    """

    words: Words
    titles: tuple[Title, ...] = ()
    talks: tuple[Talk, ...] = ()
    drafts: tuple[Draft, ...] = ()
    following: Mapping[str, int] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return bool(self.titles or self.talks or self.drafts)


def search(
    db: sqlite3.Connection, user_id: int, query: str, kind: str = "", before: int | None = None
) -> Found:
    """What a user has that has all words of a query, the last one a beginning. Never fails on one.

    A page of one `kind`, `before` what an earlier page said, or the first few of all.
    """
    words = words_of(query)
    if not words.words:
        return Found(words)
    found: dict[str, Any] = {}
    following: dict[str, int] = {}
    for one in (kind,) if kind in _KINDS else _KINDS:
        most = PAGE if kind else FIRST[one]
        rows, after = _KINDS[one](db, user_id, words, before if kind else None, most)
        found[one] = tuple(rows)
        following |= {one: after} if after is not None else {}
    return Found(words, **found, following=following)


def _titles(
    db: sqlite3.Connection, user_id: int, words: Words, before: int | None, most: int
) -> tuple[list[Title], int | None]:
    first, last = numbers_of(user_id)
    if before is not None:
        last = min(last, first + before - 1)
    rows = db.execute(
        f"select p.* from {TITLED} and p.user_id = :user and p.holds = '' and p.binned_at is null"
        " order by f.rowid desc limit :most",
        {"match": words.match, "first": first, "last": last, "user": user_id, "most": most + 1},
    ).fetchall()
    return [
        Title(row["id"], tuple(marked(row["title"], words)), row["created_at"], row["duration_s"])
        for row in rows[:most]
    ], rows[most - 1]["n"] if len(rows) > most else None


def _talks(
    db: sqlite3.Connection, user_id: int, words: Words, before: int | None, most: int
) -> tuple[list[Talk], int | None]:
    """Newest transcripts first. Of one with many hits the others are asked for behind it."""
    found: list[Talk] = []
    last = 0
    below = _first_of(user_id + 1, 0) if before is None else _first_of(user_id, before)
    for _ in range(ROUNDS):
        numbers = _numbers(db, user_id, words, below)
        shown = _shown(db, user_id, {_transcript_of(number) for number in numbers})
        for transcript_id, group in groupby(numbers, _transcript_of):
            if transcript_id not in shown:
                continue
            if len(found) == most:
                return found, last
            last, inside = transcript_id, sorted(group)
            if inside[0] == numbers[-1]:  # there may be more before it
                inside = _inside(db, user_id, words, transcript_id)
            found.append(_talk(db, shown[transcript_id], inside, words))
        if len(numbers) < AT_ONCE:
            return found, None
        below = numbers[-1] >> TRANSCRIPT_BITS << TRANSCRIPT_BITS
    return found, _transcript_of(below)


def _first_of(user_id: int, transcript_id: int) -> int:
    most = (1 << USER_BITS - TRANSCRIPT_BITS) - 1
    return (user_id << USER_BITS) + (min(transcript_id, most) << TRANSCRIPT_BITS)


def _numbers(db: sqlite3.Connection, user_id: int, words: Words, below: int) -> list[int]:
    rows = db.execute(
        "select rowid from sentences_fts where sentences_fts match ? and rowid >= ? and rowid < ?"
        " order by rowid desc limit ?",
        (words.match, user_id << USER_BITS, below, AT_ONCE),
    )
    return [row[0] for row in rows]


def _inside(db: sqlite3.Connection, user_id: int, words: Words, transcript_id: int) -> list[int]:
    """The first hits of a transcript, one more than are shown."""
    first = _first_of(user_id, transcript_id)
    rows = db.execute(
        "select rowid from sentences_fts where sentences_fts match ? and rowid >= ? and rowid < ?"
        " order by rowid limit ?",
        (words.match, first, first + (1 << TRANSCRIPT_BITS), SENTENCES + 1),
    )
    return [row[0] for row in rows]


def _talk(db: sqlite3.Connection, row: sqlite3.Row, inside: Sequence[int], words: Words) -> Talk:
    transcript_id = row["transcript_id"]
    timed = is_timed(db, transcript_id)
    said = tuple(_said(db, transcript_id, n, words, timed) for n in inside[:SENTENCES])
    return Talk(row["id"], row["title"], said, more=len(inside) > SENTENCES)


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


def _said(
    db: sqlite3.Connection, transcript_id: int, number: int, words: Words, timed: bool
) -> Said:
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
    start_s = row["start_s"] if timed else None
    return Said(row["place"], start_s, row["speaker"], tuple(marked(text, words)))


# A brought transcript has all of its sentences in one window, and more than a place has numbers for.
_KEY = f"(window = :window and n = :n or window = 0 and n = (:window << {WINDOW_BITS}) + :n)"


def _drafts(
    db: sqlite3.Connection, user_id: int, words: Words, before: int | None, most: int
) -> tuple[list[Draft], int | None]:
    first, last = numbers_of(user_id)
    if before is not None:
        last = min(last, first + before - 1)
    rows = db.execute(
        "select t.id, t.project_id, t.type, t.title, t.body, p.title as project from drafts_fts f"
        " cross join draft_texts t on t.id = f.rowid cross join projects p on p.id = t.project_id"
        " where f.drafts_fts match ? and f.rowid between ? and ? and p.binned_at is null"
        " order by f.rowid desc limit ?",
        (words.match, first, last, most + 1),
    ).fetchall()
    return [
        Draft(
            row["project_id"],
            row["type"],
            row["project"],
            tuple(marked(row["title"], words)),
            tuple(marked(excerpt(row["body"], words, EXCERPT), words)),
        )
        for row in rows[:most]
    ], rows[most - 1]["id"] - first if len(rows) > most else None


_KINDS: Mapping[str, Callable[..., tuple[Sequence[object], int | None]]] = {
    TITLES: _titles,
    TALKS: _talks,
    DRAFTS: _drafts,
}
