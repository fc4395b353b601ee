"""One speaker to be named, merged, or parted from sentences that somebody else said."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from draftmill.errors import NotFound
from draftmill.jobs.job import newest_job
from draftmill.jobs.policies import INGEST
from draftmill.transcripts.chapters import chapters_of
from draftmill.transcripts.segments import NO_WORDS, Segment, is_timed, segments_of
from draftmill.transcripts.speakers import NOBODY, Speaker, speakers_of
from draftmill.web.views.material import parts
from draftmill.web.views.voices import voices_of


@dataclass(frozen=True)
class Said:
    """A sentence by its number from 1."""

    n: int
    text: str


def panel_of(
    db: sqlite3.Connection, project: sqlite3.Row, n: int, at_s: float | None, sentence: int = 0
) -> dict[str, object]:
    """The context of projects/_speaker_panel.html. Raises NotFound.

    The paragraph is that of a `sentence`, or the one that begins `at_s`.
    """
    transcript_id = project["transcript_id"]
    if transcript_id is None:
        raise NotFound("There is no transcript yet.", "Wait until it is transcribed.")
    speakers = speakers_of(db, transcript_id)
    speaker = next((one for one in speakers if one.n == n), None)
    if speaker is None:
        raise NotFound("There is no such speaker any more.", "Reload the page of the project.")
    segments = segments_of(db, transcript_id, NO_WORDS)
    begins_s = speaker.first_s if at_s is None else at_s
    if 1 <= sentence <= len(segments):
        begins_s = segments[sentence - 1].start_s
    return {
        "project": project,
        "transcript_id": transcript_id,
        "count": len(segments),
        "speaker": speaker,
        "url": f"/projects/{project['id']}/speakers/{n}",
        "at_s": begins_s if is_timed(db, transcript_id) and project["file"] else None,
        "others": _others(speakers, speaker),
        "voices": voices_of(db, project, newest_job(db, project["id"], INGEST)),
        "said": _paragraph(db, transcript_id, segments, begins_s, sentence),
        "chosen": sentence,
    }


def _others(speakers: Sequence[Speaker], speaker: Speaker) -> list[Speaker]:
    return [one for one in speakers if one.n not in (NOBODY, speaker.n)]


def _paragraph(
    db: sqlite3.Connection,
    transcript_id: int,
    segments: Sequence[Segment],
    at_s: float,
    sentence: int,
) -> list[Said]:
    """The sentences of the paragraph that has a sentence, or that begins at a time."""
    n = 1
    for part in parts(segments, chapters_of(db, transcript_id)):
        for paragraph in part.paragraphs:
            said = [Said(n + place, one.text) for place, one in enumerate(paragraph.sentences)]
            if paragraph.start_s == at_s or n <= sentence < n + len(said):
                return said
            n += len(said)
    return []
