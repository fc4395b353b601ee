"""One chapter to be changed: its title, the sentences it may start with, those it may be split at."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from draftmill.clock import clock
from draftmill.errors import NotFound
from draftmill.transcripts.chapters import Chapter, chapters_of, tag_of
from draftmill.transcripts.segments import NO_WORDS, Segment, is_timed, segments_of

NEAR = 60  # sentences to choose from on either side of where a chapter starts
MOST = 600
SHOWN = 70  # characters by which a person knows a sentence


@dataclass(frozen=True)
class Choice:
    """A sentence by its number from 1: when it was said ("" where nobody knows), and how it begins."""

    n: int
    at: str
    words: str
    chosen: bool


def panel_of(db: sqlite3.Connection, project: sqlite3.Row, n: int) -> dict[str, object]:
    """The context of projects/_chapter.html. Raises NotFound."""
    if project["transcript_id"] is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    chapters = chapters_of(db, project["transcript_id"])
    if not 1 <= n <= len(chapters):
        raise NotFound("There is no such chapter any more.", "Reload the page of the project.")
    said = segments_of(db, project["transcript_id"], NO_WORDS)
    timed = is_timed(db, project["transcript_id"])
    return {
        "project": project,
        "chapter": chapters[n - 1],
        "url": f"/projects/{project['id']}/chapters/{n}",
        "last": n == len(chapters),
        "tag": tag_of(chapters),
        "count": len(said),
        "starts": _choices(_near(said, chapters, n), timed, chapters[n - 1].start_s),
        "splits": _choices(_inside(said, chapters[n - 1]), timed, -1),
    }


def _near(
    said: Sequence[Segment], chapters: Sequence[Chapter], n: int
) -> list[tuple[int, Segment]]:
    """The sentences with which the chapter may start, none for the first one."""
    if n == 1:
        return []
    chapter, after_s = chapters[n - 1], chapters[n - 2].start_s
    within = [
        (place, one)
        for place, one in enumerate(said, 1)
        if after_s < one.start_s < chapter.end_s or one.start_s == chapter.start_s
    ]
    here = next((i for i, (_, one) in enumerate(within) if one.start_s >= chapter.start_s), 0)
    return within[max(0, here - NEAR) : here + NEAR]


def _inside(said: Sequence[Segment], chapter: Chapter) -> list[tuple[int, Segment]]:
    return [
        (place, one)
        for place, one in enumerate(said, 1)
        if chapter.start_s < one.start_s < chapter.end_s
    ][:MOST]


def _choices(said: Iterable[tuple[int, Segment]], timed: bool, chosen_s: float) -> list[Choice]:
    return [
        Choice(
            n, clock(one.start_s) if timed else "", _beginning(one.text), one.start_s == chosen_s
        )
        for n, one in said
    ]


def _beginning(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rpartition(" ")[0] + "…"
