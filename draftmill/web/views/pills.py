"""What a pill shows, worked out from rows: the same for the page, the POST answer and the poll."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from content_actions import (
    CONTENT_TYPES,
    Action,
    ContentActions,
    Project,
    actions_id,
    build_content_actions,
)
from draftmill.clock import moment
from draftmill.database import changes
from draftmill.drafts import editing, versions
from draftmill.jobs import estimates, policies
from draftmill.jobs.job import INGEST_ENDED, Job, find_job, newest_job, newest_of_each_type
from draftmill.jobs.policies import FETCH, INGEST
from draftmill.jobs.stages import MADE_ALONE, stages_of
from draftmill.jobs.start import retry_helps
from draftmill.settings import Settings
from draftmill.web.views import causes
from draftmill.web.views.clocks import countdown, elapsed, place, ready, time_left
from draftmill.web.views.pill import Pill, Row, Slot, label_of
from draftmill.web.views.steps import steps_of

NOTHING_LOST = "Nothing is lost."
OFFERED = "A new version is offered beside your text."
CANCELLING = "Cancelling"
AT_WORK = ContentActions(None, ())
EARLIER = "Written from an earlier transcript. Generate it again for the present one."


@dataclass(frozen=True)
class _Look:
    """The words of one state: tone, icon, word, clock."""

    tone: str
    icon: str
    word: str
    clock: str = ""


def row(db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, task_type: str) -> Row:
    """The two slots of a task type, as its newest job and its draft say."""
    job = newest_job(db, project["id"], task_type)
    return row_of_job(db, settings, project, task_type, job)


def row_of_job(
    db: sqlite3.Connection,
    settings: Settings,
    project: sqlite3.Row,
    task_type: str,
    job: Job | None,
) -> Row:
    """The same for a job that is known, None for none."""
    built = _built(db, settings, project, task_type)
    pill = _pill(db, project, task_type, job, built)
    items = _of_models(project) if task_type == FETCH else built.items
    slot = Slot(actions_id(project["id"], task_type), pill.rev, items)
    return Row(task_type, pill.label, pill, slot)


def pill_of_job(
    db: sqlite3.Connection,
    settings: Settings,
    project: sqlite3.Row,
    task_type: str,
    job: Job | None,
) -> Pill:
    """The first slot alone. While its job is at work nothing is read of what can be done after it."""
    built = AT_WORK if job and job.active else _built(db, settings, project, task_type)
    return _pill(db, project, task_type, job, built)


def _built(
    db: sqlite3.Connection, settings: Settings, project: sqlite3.Row, task_type: str
) -> ContentActions:
    has_transcript = project["transcript_id"] is not None
    seen = Project(db, project["id"], has_transcript, settings.has_language_model)
    return build_content_actions(seen, task_type)


def _pill(
    db: sqlite3.Connection,
    project: sqlite3.Row,
    task_type: str,
    job: Job | None,
    built: ContentActions,
) -> Pill:
    draft = editing.describe(db, project["id"], task_type)
    rev = max(
        changes.rev(db, "job", job.id) if job else 0,
        changes.rev(db, "draft", f"{project['id']}/{task_type}"),
    )
    about, about_at = _about(task_type, draft)
    base = Pill(
        project_id=project["id"],
        type=task_type,
        label=label_of(task_type),
        rev=rev,
        panel=task_type == INGEST,
        about=about,
        about_at=about_at,
        start=built.start,
        instead=built.instead,
    )
    pill = _of_job(db, project, job, base) if job else base
    if draft and pill.status == "succeeded":
        beside = OFFERED if draft.offered else EARLIER if draft.earlier_transcript else None
        pill = replace(pill, hint=beside)
    return pill


def _of_models(project: sqlite3.Row) -> tuple[Action, ...]:
    """A model that has come is chosen on the page of models, where it stands from now on."""
    address = "/settings/models"
    return (Action("See the models", "GET", address, f"models-{project['id']}", primary=True),)


def _about(task_type: str, draft: "editing.Described | None") -> tuple[str, str | None]:
    content = CONTENT_TYPES.known(task_type)
    if content is None:
        return "", None
    if draft is None:
        return content.summary, None
    size = f"{draft.posts} posts" if draft.posts and draft.posts > 1 else f"{draft.words:,} words"
    return f"{size}, {'edited by you' if draft.author == 'person' else 'written'}", draft.updated_at


def _of_job(db: sqlite3.Connection, project: sqlite3.Row, job: Job, base: Pill) -> Pill:
    look = _look(db, project, job)
    done = estimates.share(job, project["source"])
    ended_badly = job.status in ("failed", "cancelled")
    problem = job.error_message if ended_badly else _why(job, look)
    hint = job.error_hint if ended_badly else NOTHING_LOST if look.tone == "waiting" else None
    above = causes.said_elsewhere(db, project, job)
    listed = base.panel and job.status != "succeeded"
    return replace(
        base,
        status=job.status,
        job_id=job.id,
        tone=look.tone,
        icon=look.icon,
        word=look.word,
        clock=look.clock,
        stage=_stage(project["source"], job),
        percent=None if done is None else int(done * 100),
        detail=_detail(db, job, project["source"], base.panel),
        problem=problem,
        hint=hint,
        above=above,
        steps=steps_of(project, job) if listed else (),
        warnings=job.warnings if not job.active else (),
        waiting=causes.drafts_that_wait(db, project["id"]) if base.panel and ended_badly else 0,
        cancellable=job.active and job.cancel_requested_at is None,
        retryable=ended_badly and retry_helps(project, job.error_code),
        way_out=causes.way_out(project, job),
        anyway=job.type == INGEST and job.error_code == "not_english",
        say=f"{base.label}: {_spoken(look, job, project['source'])}",
    )


def _look(db: sqlite3.Connection, project: sqlite3.Row, job: Job) -> _Look:
    if job.status == "pending":
        return _pending(db, job)
    if job.status == "running":
        return _running(project, job)
    made = MADE_ALONE.get(str(job.parameters.get("stage", "")))
    if job.status == "succeeded":
        ready = f"{made or 'Transcript'} ready" if job.type == INGEST else "Ready"
        return _Look("good", "check", ready)
    failed = job.status == "failed"
    if made:
        word = f"{made} {job.status}"
    elif job.type == INGEST:
        word = "The transcription failed" if failed else "The transcription was cancelled"
    elif job.error_code == INGEST_ENDED:
        first = find_job(db, job.after_job_id) if job.after_job_id else None
        reason = "was cancelled" if first and first.status == "cancelled" else "failed"
        word = f"Not written: the transcription {reason}"
    else:
        word = "Failed" if failed else "Cancelled"
    return _Look("bad", "triangle-alert", word) if failed else _Look("idle", "ban", word)


def _pending(db: sqlite3.Connection, job: Job) -> _Look:
    if job.held_at:
        return _Look("waiting", "clock", "Waiting for memory", elapsed(job.held_at))
    if job.run_after and moment(job.run_after) > datetime.now(UTC):
        return _Look("waiting", "rotate-cw", comes_back(job), countdown(job.run_after))
    first = find_job(db, job.after_job_id) if job.after_job_id else None
    if first and first.status != "succeeded":
        return _Look("idle", "clock", "Waiting for the transcript")
    if job.crashes_in_a_row:
        return _Look("waiting", "rotate-cw", "Interrupted, goes on at once")
    return _Look("idle", "clock", "Goes on in a moment" if job.attempt else "Waiting for its turn")


def comes_back(job: Job) -> str:
    """What a job says that is tried again after a while."""
    if job.retries and job.crashes_in_a_row:
        # Both happened in a row; the message beside it says which of them was last.
        return "Goes on"
    if job.retries:
        return f"Retry {job.retries} of {policies.of(job.type).retries}"
    return "Interrupted, goes on"


def _running(project: sqlite3.Row, job: Job) -> _Look:
    clock = elapsed(job.started_at or job.created_at)
    if job.cancel_requested_at:
        return _Look("busy", "loader-circle", CANCELLING, clock)
    label = stage_label(project["source"], job)
    counted = estimates.amount(job) if job.type == INGEST else ""
    return _Look("busy", "loader-circle", f"{label}, {counted}" if counted else label, clock)


def stage_label(source: str, job: Job) -> str:
    """What a running job is doing, in words."""
    stages = stages_of(job.type, source, job.parameters)
    return stages[job.step].label if job.stage and job.step < len(stages) else "Starting"


def _stage(source: str, job: Job) -> str:
    if job.status != "running":
        return ""
    return CANCELLING if job.cancel_requested_at else stage_label(source, job)


def _why(job: Job, look: _Look) -> str | None:
    """Why a job waits, or what it says of itself unless the pill's word says it already."""
    silent = job.message == look.word or (job.status == "pending" and look.tone != "waiting")
    return None if silent else job.message or None


def _spoken(look: _Look, job: Job, source: str) -> str:
    if job.status == "running" and not job.cancel_requested_at:
        return stage_label(source, job)
    return look.word


def _detail(db: sqlite3.Connection, job: Job, source: str, panel: bool) -> str:
    if job.status == "pending":
        return _when_it_starts(db, job)
    if job.status != "running":
        return ""
    done = estimates.share(job, source)
    pieces = [_again(job, panel)] if job.attempt > 1 else []
    if done is not None:
        pieces.append(f"{int(done * 100)} %")
    if not panel and (counted := estimates.amount(job)):
        pieces.append(counted)
    return ", ".join(pieces) + _time_left(job, source, bool(pieces))


def _time_left(job: Job, source: str, further: bool) -> str:
    left = estimates.time_left(job, source)
    if left is None or not left.reliable or job.cancel_requested_at:
        return ""
    # What says nothing yet must not stand alone: the clock would be missing in its place.
    begun = further or datetime.now(UTC).timestamp() >= left.said_from
    return time_left(left, further) if begun else ""


def _again(job: Job, panel: bool) -> str:
    """That it did not get to its end in one go; in a panel with its clock, which goes on."""
    times = job.attempt - 1
    often = {1: "", 2: " twice"}.get(times, f" {times} times")
    in_all = f", {elapsed(job.started_at or job.created_at)} in all" if panel else ""
    return f"Started again{often}{in_all}"


def _when_it_starts(db: sqlite3.Connection, job: Job) -> str:
    if job.held_at or (job.run_after and moment(job.run_after) > datetime.now(UTC)):
        return ""
    first = find_job(db, job.after_job_id) if job.after_job_id else None
    if first and first.status != "succeeded":
        return ready(first.n)
    return place(job.n)


def rows(db: sqlite3.Connection, settings: Settings, project: sqlite3.Row) -> list[Row]:
    """One row for each content type that is offered, or of which there is something already."""
    used = versions.drafted(db, project["id"])
    used |= {found["type"] for found in newest_of_each_type(db, project["id"], "type")}
    return [
        row(db, settings, project, content.type)
        for content in CONTENT_TYPES.all_known()
        if content.type in CONTENT_TYPES or content.type in used
    ]
