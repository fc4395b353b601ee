"""What each paragraph of a draft rests on, as the desk and the page of its evidence show it."""

import sqlite3
from dataclasses import dataclass
from functools import cached_property

from content_actions import ContentType
from draftmill.evidence.records import Claim, Flaw, Source
from draftmill.projects.screenshots import Screenshot, screenshots_of
from draftmill.settings import Settings
from draftmill.transcripts.segments import NO_WORDS, Segment, is_timed, segments_of
from draftmill.web.views.draft_view import current_of, frame, url_of
from draftmill.web.views.marks import STATUSES, Mark, checked, marks_of

SAME_S = 0.05  # a sentence that begins elsewhere is not the one that was meant
# What is wrong, by the kind of flaw.
WRONG = {
    "quotation": "These words were not said like this",
    "number": "This number was not said here",
    "name": "This name was not said here",
    "speaker": "Somebody else said this",
    "time": "This was said at another time",
    "support": "Nothing in the recording bears this out",
    "negation": "The recording seems to say the opposite",
    "repeated": "This stands in the draft twice",
    "copied": "This is the transcript as it is, not quoted",
    "task": "This is about the task, not about the recording",
    "unfinished": "The model's answer was cut off here",
}
QUOTED = frozenset(("support", "negation"))  # what can be taken instead is what was said


@dataclass(frozen=True)
class Said:
    """A sentence that a claim rests on, "" where the transcript has changed; `url` plays it.

    A remark of the owner's has no time.
    """

    text: str
    speaker: str
    start_s: float | None
    url: str
    remark: bool


@dataclass(frozen=True)
class Doubt:
    """What is wrong with the words `text`; `take` can stand there instead, "" if nothing can."""

    kind: str
    wrong: str
    text: str
    suggestion: str
    take: str


@dataclass(frozen=True)
class Shown:
    """A sentence of the draft, and what it rests on."""

    text: str
    status: str
    word: str
    icon: str
    said: tuple[Said, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Ground:
    """A block of the draft with its sentences, and the picture that was on screen."""

    mark: Mark
    look_url: str
    sentences: tuple[Shown, ...]
    picture: Screenshot | None


@dataclass(frozen=True)
class Recording:
    """What sentences are looked up in, and played from."""

    url: str
    file_url: str
    is_video: bool
    timed: bool
    segments: dict[tuple[int, int], Segment]
    shots: dict[int, Screenshot]

    @cached_property
    def _begins(self) -> dict[float, Segment]:
        """The sentences by when they begin: where one was cut, those behind it have other numbers."""
        return {round(one.start_s, 2): one for one in reversed(self.segments.values())}

    def said(self, source: Source) -> Said:
        if source.segment is None:
            return Said(source.remark, "", None, "", remark=True)
        segment = self._segment(source.segment, source.start or 0.0)
        start = source.start if self.timed else None
        url = f"{self.url}?t={start:g}#player" if self.file_url and start is not None else ""
        return Said(segment.text if segment else "", source.speaker, start, url, False)

    def _segment(self, place: tuple[int, int], start_s: float) -> Segment | None:
        found = self.segments.get(place)
        same = found and abs(found.start_s - start_s) < SAME_S
        return found if same else self._begins.get(round(start_s, 2))


def page_of(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    found: sqlite3.Row,
    content: ContentType,
) -> dict[str, object]:
    """The context of drafts/evidence.html. Raises NotFound before there is a draft."""
    grounds, recording = _Grounds(db, settings, user_id, found, content), _recording(db, found)
    shown = [grounds.of(mark, recording) for mark in grounds.marks]
    return frame(found, content) | {"recording": recording, "grounds": shown}


def ground_of(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    found: sqlite3.Row,
    content: ContentType,
    hash: str,
) -> dict[str, object] | None:
    """The context of drafts/_ground.html: the first block with a hash, None without one."""
    grounds = _Grounds(db, settings, user_id, found, content)
    mark = next((mark for mark in grounds.marks if mark.hash == hash), None)
    if mark is None:
        return None
    recording = _recording(db, found)
    return frame(found, content) | {
        "recording": recording,
        "ground": grounds.of(mark, recording),
    }


def _recording(db: sqlite3.Connection, found: sqlite3.Row) -> Recording:
    url, transcript_id = f"/projects/{found['id']}", found["transcript_id"]
    segments = segments_of(db, transcript_id, NO_WORDS)
    return Recording(
        url,
        f"{url}/recording" if found["file"] else "",
        found["media_type"].startswith("video/"),
        transcript_id is not None and is_timed(db, transcript_id),
        {(segment.window, segment.n): segment for segment in segments},
        {shot.n: shot for shot in screenshots_of(db, found["id"])},
    )


class _Grounds:
    """The marks of the current text with the blocks that they stand for, checked by now."""

    def __init__(
        self,
        db: sqlite3.Connection,
        settings: Settings,
        user_id: int,
        found: sqlite3.Row,
        content: ContentType,
    ) -> None:
        current, self._url = current_of(db, found, content), url_of(found, content)
        known = checked(db, settings, current)
        marks = marks_of(db, user_id, current, known, self._url)
        self.marks = tuple(marks.by_place.values()) if marks else ()
        self._blocks = {block.hash: block for block in known}

    def of(self, mark: Mark, recording: Recording) -> Ground:
        block = self._blocks[mark.hash]
        shown = tuple(_shown(claim, recording) for claim in block.claims)
        look = f"{self._url}/evidence/{mark.hash}/look"
        return Ground(mark, look, shown, recording.shots.get(block.frame or 0))


def _shown(claim: Claim, recording: Recording) -> Shown:
    said = tuple(dict.fromkeys(map(recording.said, claim.sources)))
    return Shown(claim.text, claim.status, *STATUSES[claim.status], said, _doubts(claim))


def _doubts(claim: Claim) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(
            flaw.kind,
            WRONG.get(flaw.kind, "The recording does not bear this out"),
            flaw.text,
            flaw.suggestion,
            _take(flaw),
        )
        for flaw in claim.problems
    )


def _take(flaw: Flaw) -> str:
    """What is put in the place of the words in question."""
    if " / " in flaw.suggestion:  # one of several, and nobody knows which
        return ""
    quoted = flaw.kind in QUOTED and flaw.suggestion
    return f"“{flaw.suggestion}”" if quoted else flaw.suggestion
