"""What a person set in one transcript, found again by its time in the next one of the recording."""

import bisect
import sqlite3
from dataclasses import replace

from draftmill.transcripts.chapter_edits import write_a_persons
from draftmill.transcripts.chapters import Chapter, are_a_persons, chapters_of
from draftmill.transcripts.speakers import rows_of, write_rows

COVERED = 0.5  # of a new sentence, by one that a person gave to somebody


def carry_over(db: sqlite3.Connection, before: int | None, transcript_id: int) -> None:
    """Give a new transcript what a person set in the one before, in the caller's transaction."""
    if before is None or before == transcript_id:
        return
    if are_a_persons(db, before):
        _carry_chapters(db, before, transcript_id)
    if rows := rows_of(db, before):
        write_rows(db, transcript_id, rows)
        called = {row.label: row.name for row in rows if row.source != "person"}
        _carry_names(db, transcript_id, called)
        _carry_given(db, before, transcript_id, called)


def _carry_chapters(db: sqlite3.Connection, before: int, transcript_id: int) -> None:
    rows = db.execute(
        "select start_s, end_s from segments where transcript_id = ? order by start_s",
        (transcript_id,),
    ).fetchall()
    starts = [row["start_s"] for row in rows]
    chapters = chapters_of(db, before)
    kept = matched(chapters, starts, max((row["end_s"] for row in rows), default=0))
    if kept or not chapters:
        write_a_persons(db, transcript_id, kept)


def matched(chapters: list[Chapter], starts: list[float], end_s: float) -> list[Chapter]:
    """The chapters, each at the sentence that starts nearest to where it did.

    `starts` are the sentences' in the order of time. Of two that come to start with the same
    sentence the later one stays; the first starts with the first.
    """
    if not starts or not chapters:
        return []
    placed: dict[float, Chapter] = {}
    for chapter in chapters:
        first = chapter is chapters[0]
        placed[starts[0] if first else _nearest(starts, chapter.start_s)] = chapter
    places = sorted(placed)
    ends = [*places[1:], max(end_s, chapters[-1].end_s)]
    return [
        replace(placed[start_s], n=n, start_s=start_s, end_s=end)
        for n, (start_s, end) in enumerate(zip(places, ends, strict=True), 1)
    ]


def _nearest(starts: list[float], at: float) -> float:
    place = bisect.bisect_left(starts, at)
    near = starts[max(0, place - 1) : place + 1]
    return min(near, key=lambda start_s: abs(start_s - at))


def _carry_names(db: sqlite3.Connection, transcript_id: int, called: dict[str, str]) -> None:
    """Who is heard under a label has the name that a person gave to it."""
    db.executemany(
        "update segments set voice = speaker, speaker = ? where transcript_id = ?"
        " and speaker = ? and voice is null",
        [(name, transcript_id, label) for label, name in called.items() if name != label],
    )


def _carry_given(
    db: sqlite3.Connection, before: int, transcript_id: int, called: dict[str, str]
) -> None:
    """Who said what a person told of single sentences said what is heard there now."""
    given = [
        (row["start_s"], row["end_s"], row["speaker"])
        for row in db.execute(
            "select start_s, end_s, speaker, voice from segments where transcript_id = ?"
            " and voice is not null order by start_s",
            (before,),
        )
        if row["speaker"] != called.get(row["voice"], row["voice"])
    ]
    if not given:
        return
    present = db.execute(
        "select window, n, start_s, end_s from segments where transcript_id = ?", (transcript_id,)
    ).fetchall()
    db.executemany(
        "update segments set voice = coalesce(voice, speaker), speaker = ?"
        " where transcript_id = ? and window = ? and n = ?",
        [
            (speaker, transcript_id, row["window"], row["n"])
            for row in present
            if (speaker := _giver(given, row["start_s"], row["end_s"])) is not None
        ],
    )


def _giver(given: list[tuple[float, float, str]], start_s: float, end_s: float) -> str | None:
    """To whom a person gave most of what is said between two times, if there is anybody."""
    place = bisect.bisect_left(given, start_s, key=lambda one: one[1])  # those that end after it
    shares: dict[str, float] = {}
    for begins_s, ends_s, speaker in given[place:]:
        if begins_s >= end_s:
            break
        shares[speaker] = shares.get(speaker, 0.0) + min(ends_s, end_s) - max(begins_s, start_s)
    most = max(shares, key=lambda one: shares[one], default=None)
    enough = most is not None and shares[most] >= COVERED * (end_s - start_s)
    return most if enough else None
