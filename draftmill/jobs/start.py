"""What a person asks for: start a job, or retry one. And what has to come first."""

import json
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.errors import Conflict, NotFound, Problem
from draftmill.jobs import history, policies
from draftmill.jobs.job import (
    INGEST_ENDED,
    Job,
    changed,
    find_job,
    job_of,
    newest_job,
    newest_of_each_type,
)
from draftmill.jobs.log import log_line
from draftmill.jobs.policies import INGEST
from draftmill.jobs.stages import stages_of
from draftmill.jobs.wishes import Wishes


class NoRecording(Problem):
    code = "no_recording"
    default_message = "The recording was deleted, so it cannot be transcribed again."
    default_hint = "Upload the same file once more: it is attached to this project."


class NothingToDoAgain(Conflict):
    code = "nothing_to_do_again"
    default_message = "This step cannot be done alone."
    default_hint = "Chapters need a transcript, screenshots and voices a recording of this project."


class NotRetryable(Conflict):
    code = "not_retryable"
    default_message = "Only a job that failed or was cancelled can be retried."
    default_hint = "Use Generate again for a new draft."


@dataclass(frozen=True)
class Started:
    """The answer to start and retry: the job, and each further job that came into being.

    `created` is False when the job existed. `unused` says that the wishes of this request
    were not taken, because a job with other wishes is at work.
    """

    job: Job
    created: bool
    others: tuple[Job, ...] = ()
    unused: bool = False


@dataclass(frozen=True)
class _Planned:
    """A job that is to be made; `retry_of` is the one that it tries again."""

    type: str
    parameters: Mapping[str, Any]
    retry_of: Job | None = None


def start_job(
    db: sqlite3.Connection, project: sqlite3.Row, wishes: Wishes, after_last: str | None = None
) -> Started:
    """Start a job, unless one of its type is at work or the form has seen an older state.

    `after_last` is the id of the newest job that the form knew, empty for none; None (a
    program's request) starts a new one whenever none is active. Raises NoRecording, NothingToDoAgain.
    """
    wished = wishes.parameters()
    if wishes.stage and not can_be_done_alone(project, wishes.stage):
        raise NothingToDoAgain
    with transaction(db):
        last = newest_job(db, project["id"], wishes.type)
        if last and (last.active or (after_last is not None and after_last != last.id)):
            return Started(last, created=False, unused=last.active and _differs(wished, last))
        if wishes.speakers is not None and project["source"] == "media":
            project = _with_speakers(db, project, wishes.speakers)
        started = _carry_out(db, project, _Planned(wishes.type, wished))
        unused = _differs(wished, started.job)
        return Started(started.job, created=True, others=started.others, unused=unused)


def _with_speakers(db: sqlite3.Connection, project: sqlite3.Row, told: str) -> sqlite3.Row:
    """The project with how many people speak in it: it counts for later transcriptions too."""
    db.execute("update projects set voices = ? where id = ?", (told, project["id"]))
    row: sqlite3.Row = db.execute(
        "select * from projects where id = ?", (project["id"],)
    ).fetchone()
    return row


def _differs(wished: Mapping[str, Any], job: Job) -> bool:
    """Whether somebody wishes something that a job will not do; no wish at all is none."""
    asked = {name: value for name, value in job.parameters.items() if name != "speakers"}
    told = "speakers" in wished and wished["speakers"] != job.parameters.get("speakers", "")
    return bool(wished) and (told or asked != {k: v for k, v in wished.items() if k != "speakers"})


def retry_job(db: sqlite3.Connection, job: Job) -> Started:
    """Try a failed or cancelled job again, as a new job that keeps its finished stages.

    Raises NotRetryable, NoRecording.
    """
    with transaction(db):
        row = db.execute("select id from jobs where retry_of = ?", (job.id,)).fetchone()
        existing = find_job(db, row["id"]) if row else None
        if existing:
            return Started(existing, created=False)
        last = newest_job(db, job.project_id, job.type)
        if last and last.active:
            return Started(last, created=False)
        job = find_job(db, job.id) or job
        if job.status not in ("failed", "cancelled"):
            raise NotRetryable
        project = db.execute("select * from projects where id = ?", (job.project_id,)).fetchone()
        return _carry_out(db, project, _again(job))


def can_be_done_alone(project: sqlite3.Row, stage: str) -> bool:
    """Whether one stage of an ingest can be done again, with all else as it is."""
    if project["transcript_id"] is None:
        return False
    return stage == "chapters" or (project["source"] == "media" and bool(project["file"]))


def retry_helps(project: sqlite3.Row, error_code: str | None) -> bool:
    """Whether a failed or cancelled job may come to another end if it is tried again.

    What ended with its transcription starts by itself when there is a transcript.
    """
    if error_code == INGEST_ENDED:
        return project["transcript_id"] is not None
    return error_code not in policies.OF_THE_RECORDING


def _again(job: Job) -> _Planned:
    return _Planned(job.type, job.parameters, retry_of=job)


def _carry_out(db: sqlite3.Connection, project: sqlite3.Row, wanted: _Planned) -> Started:
    binned = "select 1 from projects where id = ? and binned_at is not null"
    if db.execute(binned, (project["id"],)).fetchone():
        raise NotFound  # put there in this very moment
    made = _insert_all(db, project, _plan(db, project, wanted))
    job = next(job for job in made if job.type == wanted.type)
    return Started(job, created=True, others=tuple(other for other in made if other != job))


def _plan(db: sqlite3.Connection, project: sqlite3.Row, wanted: _Planned) -> list[_Planned]:
    """The jobs to make, in their order: an ingest comes first, and takes up what ended with one.

    What is wanted may be among those: then it is taken up with the wishes that it had.
    """
    ingest = wanted if wanted.type == INGEST else _lacking_ingest(db, project, wanted.type)
    if ingest is None:
        return [wanted]
    if project["source"] == "media" and not project["file"] and _alone(wanted) != "chapters":
        raise NoRecording
    plan = [ingest, *(_again(job) for job in _ended_with_ingest(db, project))]
    return plan if any(one.type == wanted.type for one in plan) else [*plan, wanted]


def _lacking_ingest(
    db: sqlite3.Connection, project: sqlite3.Row, task_type: str
) -> _Planned | None:
    """The ingest without which a job of this type would wait for ever."""
    if not policies.of(task_type).needs_transcript or project["transcript_id"] is not None:
        return None
    last = newest_job(db, project["id"], INGEST)
    if last and last.active:
        return None
    ended = last and last.status in ("failed", "cancelled")
    return _again(last) if last and ended else _Planned(INGEST, {})


def _ended_with_ingest(db: sqlite3.Connection, project: sqlite3.Row) -> list[Job]:
    """The newest job of each type that only ended because the ingest did."""
    newest = map(job_of, newest_of_each_type(db, project["id"]))
    return [job for job in newest if (job.status, job.error_code) == ("cancelled", INGEST_ENDED)]


def _insert_all(
    db: sqlite3.Connection, project: sqlite3.Row, plan: Sequence[_Planned]
) -> list[Job]:
    """Make the planned jobs; what needs a transcript waits for the ingest that is at work."""
    ingest = newest_job(db, project["id"], INGEST)
    first = ingest.id if ingest and ingest.active else None
    made = []
    for planned in plan:
        waits_for = first if policies.of(planned.type).needs_transcript else None
        job = _insert(db, project, planned, waits_for)
        first = job.id if job.type == INGEST else first
        made.append(job)
    return made


def _insert(
    db: sqlite3.Connection, project: sqlite3.Row, planned: _Planned, waits_for: str | None
) -> Job:
    job_id, retry_of = str(uuid.uuid4()), planned.retry_of
    columns = {
        "id": job_id,
        "project_id": project["id"],
        "user_id": project["user_id"],
        "type": planned.type,
        "queue": policies.queue_of(planned.type, project["source"]),
        "after_job_id": waits_for,
        "waits": waits_for is not None,
        "origin_id": retry_of.origin_id if retry_of else job_id,
        "retry_of": retry_of.id if retry_of else None,
        "parameters": json.dumps(_asked(project, planned)),
        "skipped": json.dumps(_left_out(project, planned)),
        "expected": _expected(db, project, planned.type),
        "created_at": now(),
        "updated_at": now(),
    }
    marks = ", ".join(f":{name}" for name in columns)
    db.execute(f"insert into jobs ({', '.join(columns)}) values ({marks})", columns)
    job = find_job(db, job_id)
    assert job is not None
    log_line(db, job, "Retried with today's model and server" if retry_of else "Started")
    changed(db, job)
    return job


def _asked(project: sqlite3.Row, planned: _Planned) -> dict[str, Any]:
    """What the job is asked: a whole ingest also how many people speak, if anybody said so."""
    whole = planned.type == INGEST and project["source"] == "media" and not _alone(planned)
    told = {"speakers": project["voices"]} if whole and project["voices"] else {}
    return told | dict(planned.parameters)


def _alone(planned: _Planned) -> str:
    """The stage that is done alone, "" for all."""
    return str(planned.parameters.get("stage", ""))


def _left_out(project: sqlite3.Row, planned: _Planned) -> list[str]:
    """The stages that a job of one stage does not come to."""
    alone = _alone(planned)
    stages = stages_of(planned.type, project["source"], planned.parameters) if alone else ()
    return [stage.name for stage in stages if stage.name != alone]


def _expected(db: sqlite3.Connection, project: sqlite3.Row, task_type: str) -> str:
    """What its stages will take, as far as one knows before it begins."""
    source = project["source"]
    model = history.model_lately(db, task_type, source)
    size = history.size_of(db, project, task_type)
    return history.as_text(history.expected(db, task_type, source, model, size))
