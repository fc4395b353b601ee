"""What a writer writes from: one project's transcript, chapters and pictures."""

import sqlite3
from dataclasses import dataclass

from draftmill.accounts.users import draft_language_of
from draftmill.evidence.recording import Recording, remarks_of
from draftmill.projects.screenshots import Screenshot, screenshots_of
from draftmill.transcripts.chapters import Chapter, chapters_of
from draftmill.transcripts.languages import name_of
from draftmill.transcripts.segments import DOUBTFUL, Segment, is_timed, segments_of


@dataclass(frozen=True)
class Material:
    """The input of every writer. `title` is empty unless a person chose it.

    `draft_language` is the code that was chosen to write in, "" for the recording's own.
    Without `timed` the times only keep the order: no draft may show them.
    """

    title: str
    context: str
    language: str
    source: str
    file_name: str
    duration_s: float
    segments: tuple[Segment, ...]
    chapters: tuple[Chapter, ...]
    screenshots: tuple[Screenshot, ...]
    timed: bool = True
    draft_language: str = ""

    @property
    def translates_to(self) -> str:
        """The name of the language to write in, "" where it is the recording's."""
        return name_of(self.draft_language) if self.draft_language != self.language else ""

    @property
    def trusted(self) -> tuple[Segment, ...]:
        """The sentences that may appear in a draft."""
        return tuple(s for s in self.segments if DOUBTFUL not in s.flags)


def recording_of(material: Material, instructions: str = "") -> Recording:
    """What a draft of the material is held to. `instructions` are its owner's wishes."""
    return Recording(
        segments=material.trusted,
        remarks=remarks_of(material.title, material.context, instructions),
        chapters=material.chapters,
        language=material.language,
        timed=material.timed,
        duration_s=material.duration_s,
    )


def load(db: sqlite3.Connection, project_id: str) -> Material:
    """Read a project's material with its present transcript."""
    project = db.execute("select * from projects where id = ?", (project_id,)).fetchone()
    transcript_id = project["transcript_id"]
    return Material(
        title=project["title"] if project["title_by"] == "person" else "",
        context=project["context"],
        language=_language(db, project),
        source=project["source"],
        file_name=project["file_name"],
        duration_s=project["duration_s"] or 0.0,
        segments=tuple(segments_of(db, transcript_id)),
        chapters=tuple(chapters_of(db, transcript_id)),
        screenshots=tuple(screenshots_of(db, project_id)),
        timed=is_timed(db, transcript_id),
        draft_language=project["draft_language"] or draft_language_of(db, project["user_id"]),
    )


def _language(db: sqlite3.Connection, project: sqlite3.Row) -> str:
    row = db.execute(
        "select language from transcripts where id = ?", (project["transcript_id"],)
    ).fetchone()
    return str((row and row["language"]) or project["language"])
