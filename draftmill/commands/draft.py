"""`draftmill draft`: one recording to drafts in a folder, without a server and without a trace.

The child's side of every attempt runs in this process, over a data folder that is thrown away;
the recording is read where it lies.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

from draftmill import storage
from draftmill.accounts.users import insert_user
from draftmill.choices.stored import read
from draftmill.commands.progress_bar import Bar
from draftmill.content_types import rows
from draftmill.database.connection import WORKER_PATIENCE_S, connect, prepare
from draftmill.drafts import export, versions
from draftmill.drafts.evidence import evidence_of
from draftmill.drafts.note import note_of
from draftmill.errors import Problem
from draftmill.evidence import records
from draftmill.evidence.records import Block
from draftmill.jobs import endings
from draftmill.jobs.job import INGEST_ENDED, Job, newest_job
from draftmill.jobs.policies import INGEST, QUEUES
from draftmill.jobs.queue import claim_next
from draftmill.letters import printable
from draftmill.projects import bring
from draftmill.projects.details import Details
from draftmill.projects.listing import jobs_of
from draftmill.projects.screenshots import screenshots_of
from draftmill.settings import Settings
from draftmill.transcripts import formats
from draftmill.uploads.received import link_in
from draftmill.workers import child
from draftmill.workers.supervisor import prepare_for

CHOOSES = (
    "A language model is chosen on the page Settings, Writing, of this data folder's Draftmill,"
    " or by DRAFTMILL_LLM_BASE_URL and DRAFTMILL_LLM_MODEL."
)
ANOTHER_FOLDER = "Choose another by --out."


class NoSuchFile(Problem):
    code = "no_such_file"


class CannotWrite(Problem):
    code = "cannot_write"


def run(settings: Settings, source: Path, out: Path, details: Details) -> int:
    """Write the drafts of one recording into `out`. Returns 1 if a job failed.

    Raises a Problem for what is refused: nothing is written then.
    """
    with _throwaway(settings) as (db, chosen):
        # No type at all is refused as one without a name.
        details = replace(details, types=details.types or ("",)).check()
        _check(source)
        user_id = insert_user(db, "nobody@localhost", "", "", "owner").id
        project_id = _bring(db, chosen, user_id, source, details)
        _make(out)
        with _interruptible():
            _work(db, chosen, user_id)
        failed = _complaints(db, project_id, details.types)
        warnings = _warnings(db, project_id, details.types)
        notes = _notes(db, project_id, details.types)
        found = _evidence(db, chosen, project_id, details.types)
        _write_all(db, chosen, project_id, details.types, out)
        _write_evidence(found, out)
    chooses = [CHOOSES] if notes and not chosen.has_language_model else []
    for line in (*warnings, *notes, *chooses, *_to_check(found), *failed):
        print(printable(f"draftmill: {line}"), file=sys.stderr)
    return 1 if failed else 0


@contextmanager
def _throwaway(settings: Settings) -> Iterator[tuple[sqlite3.Connection, Settings]]:
    """A data folder that is gone in the end: its database, and the settings that lead there."""
    with tempfile.TemporaryDirectory(prefix="draftmill-") as folder:
        models = str(settings.models.absolute())
        chosen = replace(read(settings), data=Path(folder), models_folder=models)
        prepare(chosen.database)
        with closing(connect(chosen.database, WORKER_PATIENCE_S)) as db:
            _take_types(settings, db)
            yield db, chosen


def _take_types(settings: Settings, db: sqlite3.Connection) -> None:
    """The kinds of draft of the data folder's owner, where there is one that can be read."""
    if os.access(settings.database, os.R_OK):
        # One of an older Draftmill has none.
        with closing(connect(settings.database)) as kept, suppress(sqlite3.Error):
            rows.copy(kept, db)
    rows.load(db)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends it, whatever became of it: while a class is made Python takes it for an error there."""
    asked = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except Exception:
        if not asked:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def _check(source: Path) -> None:
    if source.is_dir():
        raise NoSuchFile(f"{source} is a folder.", "Name one recording or transcript.")
    if not source.is_file():
        raise NoSuchFile(f"There is no file {source}.", "Check the path.")
    if not os.access(source, os.R_OK):
        raise NoSuchFile(f"{source} cannot be read.", "Check its permissions.")


def _make(out: Path) -> None:
    """Make the folder for the drafts, before an hour is spent on what cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"The folder {out} cannot be made: {error.strerror}.", ANOTHER_FOLDER
        ) from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise CannotWrite(f"Nothing can be written into {out}.", ANOTHER_FOLDER)


def _bring(
    db: sqlite3.Connection, settings: Settings, user_id: int, source: Path, details: Details
) -> str:
    received = link_in(source, settings)
    if source.suffix.lower() in formats.SUFFIXES:
        return bring.transcript(db, user_id, received, details).project_id
    (created,) = bring.files(db, settings, user_id, [received], details)
    return created.project_id


def _work(db: sqlite3.Connection, settings: Settings, user_id: int) -> None:
    """Claim and carry out jobs until none is left, waiting for those that are tried again."""
    while True:
        job = next(filter(None, (claim_next(db, queue) for queue in QUEUES)), None)
        if job:
            _carry_out(db, settings, job)
        elif jobs_of(db, user_id, {"status": "pending"})[0]:
            time.sleep(0.2)
        else:
            return


def _carry_out(db: sqlite3.Connection, settings: Settings, job: Job) -> None:
    prepare_for(settings, job)
    work = child.open_attempt(settings, db, job)
    with Bar(work):
        code = child.carry_out(work)
    if code:
        endings.crashed(db, job, "its process ran out of memory", kind=endings.OutOfMemory)


def _complaints(db: sqlite3.Connection, project_id: str, types: Sequence[str]) -> list[str]:
    """A line for each type whose last job came to nothing, unless the ingest already says so."""
    last = (newest_job(db, project_id, name) for name in (INGEST, *types))
    return [
        f"{job.type}: {job.error_message} {job.error_hint}".strip()
        for job in last
        if job and job.status in ("failed", "cancelled") and job.error_code != INGEST_ENDED
    ]


def _warnings(db: sqlite3.Connection, project_id: str, types: Sequence[str]) -> list[str]:
    """What went less well, each sentence once."""
    last = (newest_job(db, project_id, name) for name in (INGEST, *types))
    return list(dict.fromkeys(warning for job in last if job for warning in job.warnings))


def _notes(db: sqlite3.Connection, project_id: str, types: Sequence[str]) -> list[str]:
    """What the page says above each draft, the same of several drafts in one line."""
    named: dict[str, list[str]] = {}
    for name in types:
        version = versions.current(db, project_id, name)
        note = note_of(version) if version else ""
        if note:
            named.setdefault(note, []).append(name)
    return [f"{', '.join(names)}: {note}" for note, names in named.items()]


def _evidence(
    db: sqlite3.Connection, settings: Settings, project_id: str, types: Sequence[str]
) -> dict[str, list[Block]]:
    """What each draft that was made rests on, by its type."""
    made = {name: versions.current(db, project_id, name) for name in types}
    return {name: evidence_of(db, settings, one) for name, one in made.items() if one}


def _to_check(found: dict[str, list[Block]]) -> Iterator[str]:
    """A line for each sentence that nothing bears out, with what is wrong with it."""
    for name, blocks in found.items():
        for claim in (claim for block in blocks for claim in block.claims):
            if claim.status == "weak":
                wrong = "; ".join(
                    f"{flaw.kind}: {flaw.text}" for flaw in claim.problems if flaw.kind != "support"
                )
                yield f"{name}: check this: {claim.text}{f' ({wrong})' if wrong else ''}"


def _write_evidence(found: dict[str, list[Block]], out: Path) -> None:
    """DIR/evidence.json: the evidence of each draft by its type."""
    content = {name: records.shown(blocks) for name, blocks in found.items()}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    if found:
        (out / export.EVIDENCE).write_text(text, encoding="utf-8")


def _write_all(
    db: sqlite3.Connection, settings: Settings, project_id: str, types: Sequence[str], out: Path
) -> None:
    try:
        for name in types:
            _write(db, settings, project_id, name, out)
    except OSError as error:
        raise CannotWrite(
            f"{error.filename or out} cannot be written: {error.strerror}.", ANOTHER_FOLDER
        ) from None


def _write(
    db: sqlite3.Connection, settings: Settings, project_id: str, name: str, out: Path
) -> None:
    """One draft as DIR/<type>.md, posts as .txt; pictures in DIR/images."""
    version = versions.current(db, project_id, name)
    if version is None:
        return
    shots = {shot.n: shot for shot in screenshots_of(db, project_id)}
    for file, content in export.files(version, shots, storage.folder_of(settings, project_id)):
        target = out / file
        target.parent.mkdir(exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, target)
        elif not file.endswith(".html"):
            target.write_text(content, encoding="utf-8")
            print(printable(str(target)))
