"""A sentence in which another speaker begins, cut in two between their words.

Only what nobody changed is cut: of an edited or corrected sentence most of the words decide.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from draftmill.transcripts.segments import SOFT, TURN, words_in

Place = tuple[int, int]  # window and n of a sentence


@dataclass(frozen=True)
class Part:
    """A part of a sentence that one speaker said: how many of its words, and the speaker's number."""

    words: int
    speaker: int


def split(
    db: sqlite3.Connection,
    transcript_id: int,
    parts: Mapping[Place, Sequence[Part]],
    held: Callable[[sqlite3.Row], bool],
) -> tuple[dict[Place, int], int]:
    """Cut the sentences of several parts, in the caller's transaction, but those that are `held`.

    Returns who says each sentence by its place from now on, and how many cuts there were.
    """
    whose: dict[Place, int] = {}
    pieces: dict[Place, list[int]] = {}
    cuts = 0
    rows = db.execute(
        "select * from segments where transcript_id = ? order by window, n", (transcript_id,)
    ).fetchall()
    for window, inside in groupby(rows, key=lambda row: int(row["window"])):
        before = list(inside)
        after = [
            piece
            for row in before
            for piece in _pieces(row, parts.get((window, row["n"]), ()), held(row))
        ]
        whose |= {(window, n): who for n, (_, who, _) in enumerate(after) if who is not None}
        if len(after) > len(before):
            cuts += len(after) - len(before)
            for n, (_, _, was) in enumerate(after):
                pieces.setdefault((window, was), []).append(n)
            _rewrite(db, transcript_id, window, [row for row, _, _ in after])
    if pieces:
        _tell(db, transcript_id, min(window for window, _ in pieces))
        _follow(db, transcript_id, pieces)
    return whose, cuts


def _pieces(
    row: sqlite3.Row, parts: Sequence[Part], held: bool
) -> Iterator[tuple[dict[str, Any], int | None, int]]:
    """The sentences that become of one, with their speakers and the number that it had."""
    whole = dict(row)
    if not parts:
        yield whole, None, row["n"]
        return
    words = words_in(row["words"]) if len(parts) > 1 and not held and row["heard"] is None else ()
    texts = [word.text for word in words]
    glue = next((by for by in (" ", "") if by.join(texts) == row["text"]), None)
    if len(parts) < 2 or glue is None or sum(part.words for part in parts) != len(words):
        yield whole, max(parts, key=lambda part: part.words).speaker, row["n"]
        return
    first = 0
    for n, part in enumerate(parts):
        mine = words[first : first + part.words]
        first += part.words
        flags = set(row["flags"].split()) - ({TURN} if n else set())
        flags |= {SOFT} if n < len(parts) - 1 else set()
        piece = whole | {
            "start_s": mine[0].start_s if n else row["start_s"],
            "end_s": mine[-1].end_s if first < len(words) else row["end_s"],
            "text": glue.join(word.text for word in mine).strip(),
            "words": json.dumps(mine),
            "flags": " ".join(sorted(flags)),
        }
        yield piece, part.speaker, row["n"]


def _rewrite(
    db: sqlite3.Connection, transcript_id: int, window: int, rows: Sequence[dict[str, Any]]
) -> None:
    """A window's sentences, numbered anew."""
    db.execute(
        "delete from segments where transcript_id = ? and window = ?", (transcript_id, window)
    )
    names = list(rows[0])
    db.executemany(
        f"insert into segments ({', '.join(names)}) values ({', '.join('?' * len(names))})",
        [tuple((row | {"n": n}).values()) for n, row in enumerate(rows)],
    )


def _tell(db: sqlite3.Connection, transcript_id: int, first: int) -> None:
    """Who began to edit a sentence by its number is told: all from a window on have others."""
    db.execute(
        "update segments set changed_in = (select revision + 1 from transcripts where id = ?1)"
        " where transcript_id = ?1 and window >= ?2",
        (transcript_id, first),
    )


def _follow(
    db: sqlite3.Connection, transcript_id: int, pieces: Mapping[Place, Sequence[int]]
) -> None:
    """What a person changed is taken back where it stands now: of a cut sentence in each piece."""
    found = db.execute(
        "select id, was, became from transcript_changes where transcript_id = ?", (transcript_id,)
    ).fetchall()
    for row in found:
        was, became = json.loads(row["was"]), json.loads(row["became"])
        if isinstance(was.get("places"), list):
            was["places"] = [
                [window, piece, *rest]
                for window, n, *rest in was["places"]
                for piece in pieces.get((window, n), (n,))
            ]
        if "window" in became:
            n = became["n"]
            became["n"] = pieces.get((became["window"], n), (n,))[0]
        db.execute(
            "update transcript_changes set was = ?, became = ? where id = ?",
            (json.dumps(was), json.dumps(became), row["id"]),
        )
