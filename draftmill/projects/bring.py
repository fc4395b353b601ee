"""Bringing what was said: a form, files, an upload or a text in, a project with its jobs out.

The page, the API and `draftmill draft` all come through here.
"""

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from draftmill import storage
from draftmill.errors import NotFound, Problem
from draftmill.media.probe import Probe
from draftmill.media.refusals import ProbeFailed, RefusedRecording
from draftmill.projects import creation
from draftmill.projects.creation import Created
from draftmill.projects.details import TITLE_LIMIT, Details
from draftmill.projects.project import own_project
from draftmill.projects.recording import accept, adopt, recording_of
from draftmill.settings import Settings
from draftmill.transcripts import reader
from draftmill.uploads import resumable
from draftmill.uploads.form import RECORDING, Form
from draftmill.uploads.received import Received, written
from draftmill.uploads.receiving import Arrivals


class NothingBrought(Problem):
    code = "nothing_brought"
    default_message = "There is no recording and no transcript in the form."
    default_hint = "Choose a file, or paste a transcript."


class TwoSources(Problem):
    code = "two_sources"
    default_message = "There is more than one of a recording, a transcript's file and its text."
    default_hint = "A project is made of one of them: leave out the others."


def form(
    db: sqlite3.Connection, settings: Settings, user_id: int, sent: Form, arrivals: Arrivals
) -> list[Created]:
    """A project for each recording of a form, or one for its upload or its transcript.

    Raises TwoSources where the form has more than one kind of these.
    """
    transcripts, pasted = sent.files.get("transcript"), sent.first("transcript_text")
    upload_id, recordings = sent.first("upload"), sent.files.get(RECORDING)
    if sum(map(bool, (upload_id, recordings, transcripts, pasted.strip()))) > 1:
        raise TwoSources
    details = Details(
        title=sent.first("title"),
        context=sent.first("context"),
        language=sent.first("language"),
        speakers=sent.first("speakers"),
        types=tuple(sent.fields.get("types", ())),
        draft_language=sent.first("draft_language"),
    )
    if upload_id:
        return [upload(db, settings, user_id, upload_id, sent.first("sha256"), details, arrivals)]
    if recordings:
        return files(db, settings, user_id, recordings, details)
    if transcripts:
        return [transcript(db, user_id, transcripts[0], details)]
    return [text(db, settings, user_id, pasted, details)]


def files(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    received: Sequence[Received],
    details: Details,
) -> list[Created]:
    """A project for each recording, of several each with its number behind their title.

    It takes the files: none is left where it lies. All are looked at before the first is taken: a
    refusal leaves nothing behind. Raises what `Details.check` does, and a RefusedRecording. It blocks.
    """
    try:
        details = details.check()
        probes = [_look(settings, file, one_of_many=len(received) > 1) for file in received]
        return [
            _take(db, settings, user_id, file, seen, _numbered(details, n, len(received)))
            for n, (file, seen) in enumerate(zip(received, probes, strict=True), 1)
        ]
    finally:
        for file in received:
            file.path.unlink(missing_ok=True)


def _numbered(details: Details, n: int, of: int) -> Details:
    if of == 1 or not details.title:
        return details
    return replace(details, title=f"{details.title[: TITLE_LIMIT - 10]} ({n})")


def _look(settings: Settings, received: Received, one_of_many: bool) -> Probe:
    try:
        return accept(received, settings)
    except RefusedRecording as refusal:
        if not one_of_many:
            raise
        message = f"“{received.file_name}”: {refusal.message}"
        raise type(refusal)(message, f"{refusal.hint} None of the files was taken.") from None


def _take(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    received: Received,
    seen: Probe,
    details: Details,
) -> Created:
    """Move the file to its project's folder, then write the rows."""
    project_id = creation.home_of(db, user_id, received.sha256)
    folder = storage.folder_of(settings, project_id)
    made, kept = not folder.exists(), False
    try:
        file = adopt(received, folder, seen)
        recording = recording_of(project_id, file, received, seen)
        created = creation.from_recording(db, user_id, recording, details)
        kept = created.project_id == project_id
    finally:
        if made and not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return created


def upload(
    db: sqlite3.Connection,
    settings: Settings,
    user_id: int,
    upload_id: str,
    sha256: str,
    details: Details,
    arrivals: Arrivals,
) -> Created:
    """A project for a recording that came before, by a resumable upload.

    `sha256` is what the sender says that the file has, if anything. Asked again, it leads to the
    project that was made. Only a refused file is discarded. Raises NotFound, Locked, Incomplete,
    OtherFile and what `files` does.
    """
    details = details.check()
    found = resumable.upload_for(db, settings, user_id, upload_id)
    arrivals.check_free(found.id)
    try:
        lent = resumable.lend(db, settings, found, sha256) if found.project_id is None else None
    except NotFound:  # taken in this very moment, by another window with the same file
        lent, found = None, resumable.upload_for(db, settings, user_id, upload_id)
    if lent is None:
        return creation.came_again(db, own_project(db, user_id, str(found.project_id)), details)
    try:
        (created,) = files(db, settings, user_id, [lent], details)
    except RefusedRecording as refusal:
        if not isinstance(refusal, ProbeFailed):
            resumable.discard(db, settings, found.id)
        raise
    resumable.taken(db, settings, found, created.project_id)
    return created


def text(
    db: sqlite3.Connection, settings: Settings, user_id: int, pasted: str, details: Details
) -> Created:
    """A project for a transcript that was pasted. Raises NothingBrought and what `transcript` does."""
    details = details.check()
    if not pasted.strip():
        raise NothingBrought
    with written(pasted.encode(errors="replace"), settings) as received:
        return transcript(db, user_id, received, details)


def transcript(
    db: sqlite3.Connection, user_id: int, received: Received, details: Details
) -> Created:
    """A project for the file of a transcript, which stays where it is.

    Raises what `Details.check` does, and what `reader.read` does. It blocks.
    """
    details = details.check()
    brought = reader.read(received.path, received.file_name, user_id)
    facts = {
        "file_name": received.file_name,
        "bytes": received.bytes,
        "sha256": received.sha256,
        "language": details.language or brought.language,
        "timed": brought.timed,
        "warnings": brought.warnings,
        "duration_s": brought.duration_s,
    }
    return creation.from_transcript(db, user_id, brought.segments, facts, details)
