"""What many jobs made, as one zip: a folder a project, with its drafts, their pictures, its transcript."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from draftmill.database.connection import connect
from draftmill.drafts import versions
from draftmill.drafts.evidence import evidence_of
from draftmill.drafts.export import EVIDENCE, archived, files, listed, safe_name
from draftmill.drafts.language import language_of
from draftmill.drafts.looked import looked_at
from draftmill.errors import NotFound, Problem
from draftmill.jobs.job import job_for
from draftmill.jobs.policies import INGEST
from draftmill.letters import normalized
from draftmill.projects.project import row_of
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings
from draftmill.storage import folder_of
from draftmill.transcripts import export as transcripts

MOST = 100
TRANSCRIPTS = ("txt", "srt")
RESERVED = frozenset(  # names that Windows keeps to itself
    ("con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)))
)
File = tuple[str, str | Path]


class NoResults(Problem):
    code = "no_results"
    default_message = "None of the chosen jobs has a result to download."
    default_hint = "Choose jobs that have succeeded."


class TooManyResults(Problem):
    code = "too_many_results"
    default_message = f"More than {MOST} results were chosen."
    default_hint = f"Download them in parts of at most {MOST}."


@dataclass(frozen=True)
class Result:
    """What a job made: the transcript of a project, or its draft of a type, and where it is put."""

    project_id: str
    type: str
    folder: str


def results_of(db: sqlite3.Connection, user_id: int, job_ids: Sequence[str]) -> list[Result]:
    """What a user's own jobs made, each once. A job that did not succeed made nothing.

    Raises NotFound for a job that is not there or another's, NoResults, TooManyResults.
    """
    ids = list(dict.fromkeys(job_ids))
    if len(ids) > MOST:
        raise TooManyResults
    jobs = [job_for(db, user_id, job_id) for job_id in ids]
    made = dict.fromkeys((job.project_id, job.type) for job in jobs if job.status == "succeeded")
    folders: dict[str, str] = {}
    for project_id, _ in made:
        if project_id not in folders:
            title = row_of(db, project_id)["title"]
            folders[project_id] = _unique(title, {name.casefold() for name in folders.values()})
    found = [Result(project_id, name, folders[project_id]) for project_id, name in made]
    if not found:
        raise NoResults
    return found


def zipped(settings: Settings, found: Sequence[Result]) -> Iterator[bytes]:
    """The zip, piece by piece. What was deleted meanwhile is left out."""
    return archived(_files(settings, found))


def _unique(title: str, taken: set[str]) -> str:
    name = normalized(safe_name(title) or "Untitled", "NFC")
    if name.partition(".")[0].casefold() in RESERVED:
        name = f"{name} (project)"
    return next(
        tried
        for n in range(1, MOST + 1)
        if (tried := f"{name} ({n})" if n > 1 else name).casefold() not in taken
    )


def _files(settings: Settings, found: Sequence[Result]) -> Iterator[File]:
    names: set[str] = set()
    for result in found:
        for inner, content in _of_one(settings, result):
            name = f"{result.folder}/{inner}"
            # Two drafts of a project show the same pictures.
            if name not in names and not (isinstance(content, Path) and not content.is_file()):
                names.add(name)
                yield name, content


def _of_one(settings: Settings, result: Result) -> Iterable[File]:
    # Opened anew for each and closed before it is sent: pieces are made in different threads.
    with suppress(NotFound), closing(connect(settings.database)) as db:
        project = row_of(db, result.project_id)
        if result.type == INGEST:
            return _transcript(db, project["transcript_id"])
        draft = versions.current(db, result.project_id, result.type)
        shots = {shot.n: shot for shot in screenshots_of(db, result.project_id)}
        if draft:
            looked = looked_at(db, project["user_id"], draft.project_id, draft.type)
            found = listed(evidence_of(db, settings, draft), looked)
            folder, language = folder_of(settings, result.project_id), language_of(db, draft)
            made = files(draft, shots, folder, language)
            return [*made, (f"{draft.type}.{EVIDENCE}", found)]
    return ()


def _transcript(db: sqlite3.Connection, transcript_id: int | None) -> list[File]:
    made: list[File] = []
    for ending in TRANSCRIPTS:
        with suppress(NotFound):  # what has no times is no captions
            made.append((f"transcript.{ending}", transcripts.as_file(db, transcript_id, ending)))
    return made
