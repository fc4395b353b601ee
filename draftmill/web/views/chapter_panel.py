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


def panel_at(db: sqlite3.Connection, project: sqlite3.Row, sentence: int) -> dict[str, object]:
    """The context for a new chapter at a sentence, or for the first one. Raises NotFound."""
    chapters = _chapters(db, project)
    if not chapters:
        url = f"/projects/{project['id']}/chapters"
        return {"project": project, "chapter": None, "url": url, "tag": tag_of(chapters)}
    said = segments_of(db, project["transcript_id"], NO_WORDS)
    if not 1 <= sentence <= len(said):
        raise NotFound("There is no such sentence in the transcript.", "Reload the page.")
    start_s = said[sentence - 1].start_s
    n = max((one.n for one in chapters if one.start_s <= start_s), default=1)
    return panel_of(db, project, n, start_s)


def panel_of(
    db: sqlite3.Connection, project: sqlite3.Row, n: int, at_s: float = -1
) -> dict[str, object]:
    """The context of projects/_chapter.html; `at_s` is where a new one may begin. Raises NotFound."""
    chapters = _chapters(db, project)
    if not 1 <= n <= len(chapters):
        raise NotFound("There is no such chapter any more.", "Reload the page of the project.")
    said = segments_of(db, project["transcript_id"], NO_WORDS)
    timed = is_timed(db, project["transcript_id"])
    splits = _choices(_inside(said, chapters[n - 1], at_s), timed, at_s)
    return {
        "project": project,
        "chapter": chapters[n - 1],
        "url": f"/projects/{project['id']}/chapters/{n}",
        "last": n == len(chapters),
        "tag": tag_of(chapters),
        "count": len(said),
        "starts": _choices(_near(said, chapters, n), timed, chapters[n - 1].start_s),
        "splits": splits,
        "here": any(one.chosen for one in splits),
    }


def _chapters(db: sqlite3.Connection, project: sqlite3.Row) -> list[Chapter]:
    if project["transcript_id"] is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    return chapters_of(db, project["transcript_id"])


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


def _inside(said: Sequence[Segment], chapter: Chapter, at_s: float) -> list[tuple[int, Segment]]:
    """The sentences with which a new chapter may start; of very many those around a time."""
    within = [
        (place, one)
        for place, one in enumerate(said, 1)
        if chapter.start_s < one.start_s < chapter.end_s
    ]
    before = sum(one.start_s < at_s for _, one in within)
    first = max(0, min(before - MOST // 2, len(within) - MOST))
    return within[first : first + MOST]


def _choices(said: Iterable[tuple[int, Segment]], timed: bool, chosen_s: float) -> list[Choice]:
    return [
        Choice(
            n, clock(one.start_s) if timed else "", _beginning(one.text), one.start_s == chosen_s
        )
        for n, one in said
    ]


def _beginning(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rpartition(" ")[0] + "…"
