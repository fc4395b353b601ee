"""What `_material.html` shows: player, chapters, screenshots, transcript as paragraphs."""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from draftmill.database import changes
from draftmill.projects.screenshots import Screenshot, screenshots_of
from draftmill.transcripts import left_edits
from draftmill.transcripts.chapters import Chapter, chapters_of
from draftmill.transcripts.correction_plans import revision_of
from draftmill.transcripts.segments import DOUBTFUL, NO_WORDS, Segment, is_timed, segments_of
from draftmill.transcripts.speakers import numbers_of
from draftmill.transcripts.suggestions import wanted
from draftmill.web.views.corrections import Corrected, corrected_of

PAUSE_S = 1.5
PARAGRAPH_CHARACTERS = 480
A_LINE = 64  # letters of it on a wide screen
TALLEST = 15


@dataclass(frozen=True)
class Sentence:
    """`n` counts all of the transcript's from 1; `heard` is None unless a person edited it."""

    n: int
    start_s: float
    end_s: float
    text: str
    doubtful: bool
    heard: str | None = None


@dataclass(frozen=True)
class Paragraph:
    start_s: float
    speaker: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Part:
    """A chapter with its text."""

    title: str
    start_s: float
    paragraphs: tuple[Paragraph, ...]

    @property
    def tall(self) -> int:
        """How long it will be: a step of the style sheet, each half as much again, from ten lines."""
        lines = 2 + sum(
            1 + sum(len(sentence.text) + 1 for sentence in paragraph.sentences) / A_LINE
            for paragraph in self.paragraphs
        )
        return min(max(0, round(log(lines / 10, 1.5))), TALLEST)


@dataclass(frozen=True)
class Picture:
    n: int
    time_s: float
    url: str
    thumb_url: str
    width: int
    height: int


@dataclass(frozen=True)
class View:
    """The context of `_material.html`."""

    project_url: str
    rev: int
    revision: int
    recording_url: str | None
    is_video: bool
    title: str
    poster_url: str | None
    width: int | None
    height: int | None
    timed: bool
    chapters: tuple[Part, ...]
    screenshots: tuple[Picture, ...]
    corrections: tuple[Corrected, ...]
    suggests: bool
    left: int
    downloads: tuple[tuple[str, str], ...]
    speakers: Mapping[str, int]


def material_of(db: sqlite3.Connection, project: sqlite3.Row) -> View | None:
    """The material of a project, None before it has a transcript."""
    project = db.execute("select * from projects where id = ?", (project["id"],)).fetchone()
    if project["transcript_id"] is None:
        return None
    url = f"/projects/{project['id']}"
    pictures = tuple(_picture(url, shot) for shot in screenshots_of(db, project["id"]))
    segments = segments_of(db, project["transcript_id"], NO_WORDS)
    timed = is_timed(db, project["transcript_id"])
    subtitles = (("Subtitles (srt)", "srt"), ("Subtitles (vtt)", "vtt")) * timed
    endings = (("Text", "txt"), *subtitles, ("JSON", "json"))
    return View(
        project_url=url,
        rev=changes.rev(db, "project", project["id"]),
        revision=revision_of(db, project["transcript_id"]),
        recording_url=f"{url}/recording" if project["file"] else None,
        is_video=project["media_type"].startswith("video/"),
        title=project["title"],
        poster_url=pictures[0].thumb_url if pictures else None,
        width=project["width"],
        height=project["height"],
        timed=timed,
        chapters=tuple(parts(segments, chapters_of(db, project["transcript_id"]))),
        screenshots=pictures,
        corrections=corrected_of(db, project),
        suggests=wanted(db, project),
        left=left_edits.count(db, project["id"]),
        downloads=tuple((label, f"{url}/transcript.{ending}") for label, ending in endings),
        speakers=numbers_of(db, project["transcript_id"]),
    )


def undo_url(project_id: str, edit_id: int) -> str:
    """Where a person's change of the transcript is taken back."""
    return f"/projects/{project_id}/transcript/changes/{edit_id}/undo"


def _picture(url: str, shot: Screenshot) -> Picture:
    address = f"{url}/screenshots/{shot.n}"
    return Picture(shot.n, shot.time_s, address, f"{address}?size=thumb", shot.width, shot.height)


def parts(segments: Sequence[Segment], chapters: Sequence[Chapter]) -> Iterable[Part]:
    """The sentences of each chapter, as paragraphs. Text without chapters is one part."""
    chapters = list(chapters) or [Chapter(1, 0.0, 0.0, "")]
    ends = [after.start_s for _, after in pairwise(chapters)] + [float("inf")]
    first = 0
    for chapter, end_s in zip(chapters, ends, strict=True):
        last = bisect_left(segments, end_s, first, key=lambda segment: segment.start_s)
        inside = segments[first:last]
        yield Part(chapter.title, chapter.start_s, tuple(_paragraphs(inside, first + 1)))
        first = last


def _paragraphs(segments: Sequence[Segment], n: int) -> Iterable[Paragraph]:
    """Paragraphs; `n` is the number of the first sentence."""
    group: list[Segment] = []
    for segment in segments:
        if group and _breaks(group, segment):
            yield _paragraph(group, n)
            n, group = n + len(group), []
        group.append(segment)
    if group:
        yield _paragraph(group, n)


def _breaks(group: Sequence[Segment], segment: Segment) -> bool:
    pause_s = segment.start_s - group[-1].end_s
    length = sum(len(s.text) for s in group)
    return (
        segment.speaker != group[-1].speaker
        or length > PARAGRAPH_CHARACTERS
        or (pause_s > PAUSE_S and length > PARAGRAPH_CHARACTERS / 4)
    )


def _paragraph(group: Sequence[Segment], first: int) -> Paragraph:
    return Paragraph(
        group[0].start_s,
        group[0].speaker,
        tuple(
            Sentence(n, s.start_s, s.end_s, s.text, DOUBTFUL in s.flags, s.heard)
            for n, s in enumerate(group, first)
        ),
    )
