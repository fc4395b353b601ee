"""Jobs in each state that a person can see, put there by the verbs that workers use."""

import sqlite3
from collections.abc import Callable

from content_actions import CONTENT_TYPES
from draftmill.clock import now
from draftmill.database.connection import transaction
from draftmill.drafts import generated
from draftmill.drafts.written import Written
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.history import Guess
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.queue import claim_next
from draftmill.jobs.stages import stages_of
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import creation
from draftmill.projects.details import Details
from draftmill.projects.project import row_of
from draftmill.projects.recording import Recording
from draftmill.transcripts.segments import Segment, add_segments

SAID = ("We measured before we touched anything.", "Nobody had looked.", "One warm cache for all.")
EXPECTED = {"transcribe": Guess(400.0, 0.3), "screenshots": Guess(20.0, 0.4), "chapters": Guess(5.0, 0.4), "write": Guess(60.0, 0.3)}  # fmt: skip


class Busy(Problem):
    code = "model_busy"
    default_message = "The model server is busy."
    default_hint = "Try again later."


class Refused(Problem):
    code = "model_key"
    default_message = "The model server refused the key."
    default_hint = "Set DRAFTMILL_LLM_API_KEY, start Draftmill again, and press Retry."


def project(db: sqlite3.Connection, title: str, *types: str) -> str:
    """A recording of 52 minutes, not heard yet; its project's id."""
    found = creation.new_id()
    recording = Recording(
        found, "recording.mp4", "talk.mp4", "video/mp4", 9, found, 3120.0, 640, 360
    )
    return creation.from_recording(db, 1, recording, Details(title=title, types=types)).project_id


def heard(db: sqlite3.Connection, title: str) -> str:
    """The same with a transcript."""
    found = project(db, title)
    job = _claimed(db, of_project(db, found, INGEST))
    with transaction(db):
        (transcript_id,) = db.execute(
            "insert into transcripts (project_id, params_hash, model, language, created_at,"
            " completed_at) values (?, '', 'small', 'en', ?, ?) returning id",
            (found, now(), now()),
        ).fetchone()
        segments = [Segment(5.0 * n, 5.0 * n + 5, text) for n, text in enumerate(SAID)]
        add_segments(db, transcript_id, 0, segments)
        db.execute("update projects set transcript_id = ? where id = ?", (transcript_id, found))
        endings.succeed(db, job)
    return found


def start(db: sqlite3.Connection, project_id: str, task_type: str) -> Job:
    """A job that waits for its turn."""
    return start_job(db, row_of(db, project_id), Wishes(task_type)).job


def of_project(db: sqlite3.Connection, project_id: str, task_type: str) -> Job:
    """A project's newest job of a type."""
    query = "select id from jobs where project_id = ? and type = ? order by n desc"
    job = find_job(db, db.execute(query, (project_id, task_type)).fetchone()[0])
    assert job
    return job


def _claimed(db: sqlite3.Connection, job: Job) -> Job:
    """This one, though others have waited longer."""
    with transaction(db):
        later = "update jobs set run_after = ?, delayed_at = ? where status = 'pending' and id != ? and run_after is null returning id"
        put_off = db.execute(later, (now(3600), now(), job.id)).fetchall()
        claimed = claim_next(db, job.queue)
        db.executemany("update jobs set run_after = null, delayed_at = null where id = ?", put_off)
    assert claimed
    assert claimed.id == job.id
    running.begin(db, claimed, "small" if job.type == INGEST else "test", 3120.0, EXPECTED)
    return claimed


def _at_work(db: sqlite3.Connection, job: Job, ago_s: float = 94.0) -> Job:
    """In its first stage since a while."""
    claimed = _claimed(db, job)
    stages = stages_of(job.type, "media")
    running.begin_stage(db, claimed, stages[0].name, 0, len(stages))
    aged = "update jobs set started_at = ?, stage_started_at = ? where id = ?"
    db.execute(aged, (now(-ago_s), now(-ago_s), job.id))
    return claimed


def _progress(db: sqlite3.Connection, job: Job) -> None:
    if job.type == INGEST:
        running.progress(db, job, 720.0, 3120.0, "s", "", 0.0)
    else:
        running.progress(db, job, 412, None, "words", "", 0)
    db.execute("update jobs set counted_at = ? where id = ?", (now(-90), job.id))


def waiting(db: sqlite3.Connection, job: Job) -> None:
    """For its turn."""


def starting(db: sqlite3.Connection, job: Job) -> None:
    _claimed(db, job)


def unmeasured(db: sqlite3.Connection, job: Job) -> None:
    _at_work(db, job)


def at_work(db: sqlite3.Connection, job: Job) -> None:
    _progress(db, _at_work(db, job))


def started_again(db: sqlite3.Connection, job: Job) -> None:
    endings.crashed(db, _at_work(db, job), "its process was ended by the system", 0.0)
    _progress(db, _at_work(db, job))


def retrying(db: sqlite3.Connection, job: Job, wait_s: float = 600.0) -> None:
    endings.retry_later(db, _at_work(db, job), Busy(retry_after_s=wait_s))


def interrupted(db: sqlite3.Connection, job: Job) -> None:
    for delay_s in (0.0, 600.0):
        endings.crashed(db, _at_work(db, job), "its process was ended by the system", delay_s)


def cancelling(db: sqlite3.Connection, job: Job) -> None:
    claimed = _at_work(db, job)
    _progress(db, claimed)
    endings.cancel(db, claimed)


def succeeded(db: sqlite3.Connection, job: Job) -> None:
    claimed = _at_work(db, job)
    with transaction(db):
        if job.type != INGEST:
            _write(db, job)
        _end(db, claimed)


def warned(db: sqlite3.Connection, job: Job) -> None:
    claimed = _at_work(db, job)
    running.warn(db, claimed, "Screenshots could not be taken. This step was left out.")
    with transaction(db):
        if job.type != INGEST:
            _write(db, job)
        _end(db, claimed)


def failed(db: sqlite3.Connection, job: Job) -> None:
    endings.fail(db, _at_work(db, job), Refused(), "3fa9c21b")


def cancelled(db: sqlite3.Connection, job: Job) -> None:
    endings.cancel(db, job)


def _end(db: sqlite3.Connection, job: Job) -> None:
    for n, stage in enumerate(stages_of(job.type, "media")):
        running.begin_stage(db, job, stage.name, n, 3)
        running.end_stage(db, job, stage, 12.0 * n)
    endings.succeed(db, job)


def _write(db: sqlite3.Connection, job: Job) -> None:
    body = '["One.", "Two."]' if job.type == "twitter" else "# A build\n\nFour minutes."
    written = Written("A build", body, "test", {}, {})
    generated.add_generated(db, job, written)


State = Callable[[sqlite3.Connection, Job], None]
STATES: tuple[State, ...] = (
    waiting, starting, unmeasured, at_work, started_again, retrying, interrupted, cancelling,
    succeeded, warned, failed, cancelled,
)  # fmt: skip


def projects_in_every_state(db: sqlite3.Connection) -> dict[str, str]:
    """Projects by name: one for each state of a transcription, and drafts in all states, four a project."""
    made = {}
    for state in STATES:
        made[f"ingest-{state.__name__}"] = found = project(
            db, f"A recording, {words_of(state)}", "blog"
        )
        state(db, of_project(db, found, INGEST))
    for n in range(0, len(STATES), len(CONTENT_TYPES)):
        made[f"drafts-{n}"] = found = heard(db, f"Drafts in states of all kinds, part {n}")
        for task_type, state in zip(CONTENT_TYPES, STATES[n:], strict=False):
            state(db, start(db, found, task_type))
    return made


def words_of(state: State) -> str:
    return state.__name__.replace("_", " ")
