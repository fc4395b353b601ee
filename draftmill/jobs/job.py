"""A job: its row, and the ways to find it. Its states: pending -> running -> succeeded | failed | cancelled.

Every change of state is one guarded UPDATE in one transaction. The number `attempt`, which a
claimed job carries, fences what a worker writes: after a new claim, everything the old attempt
still tries changes no row. start.py makes jobs, queue.py claims them, running.py is what they
write at work, endings.py every way out.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from draftmill.database import changes
from draftmill.errors import NotFound
from draftmill.jobs.history import Guess, of_text

ACTIVE = ("pending", "running")
ENDED = ("succeeded", "failed", "cancelled")
INGEST_ENDED = "ingest_ended"


@dataclass(frozen=True)
class Job:
    """One row of `jobs`. Times are UTC ISO 8601 text, durations in seconds.

    `model` did the work, "" before it began; `size` is the amount of it (seconds of sound, or
    characters), `expected` what each stage of such a job usually takes. `counted_at`
    is when the present stage had done its first measured units, `held_at` since when a pending one
    waits for memory.
    """

    n: int
    id: str
    project_id: str
    user_id: int
    type: str
    queue: str
    status: str
    stage: str
    done: float
    total: float | None
    unit: str
    message: str
    step: int
    steps: int
    attempt: int
    retries: int
    crashes: int
    crashes_in_a_row: int
    run_after: str | None
    delayed_at: str | None
    held_at: str | None
    after_job_id: str | None
    origin_id: str
    retry_of: str | None
    parameters: dict[str, Any]
    result_ref: str | None
    warnings: tuple[str, ...]
    cancel_requested_at: str | None
    error_code: str | None
    error_message: str | None
    error_hint: str | None
    error_id: str | None
    model: str
    size: float | None
    expected: Mapping[str, Guess]
    ran_s: float
    created_at: str
    updated_at: str
    started_at: str | None
    progressed_at: str | None
    stage_started_at: str | None
    counted_at: str | None
    stage_from: float
    stage_times: dict[str, float]
    skipped: tuple[str, ...]
    completed_at: str | None

    @property
    def without_model(self) -> bool:
        """Whether it is to write an outline, whatever model is set."""
        return bool(self.parameters.get("without_model"))

    @property
    def active(self) -> bool:
        return self.status in ACTIVE


NAMES = tuple(field.name for field in fields(Job))
COLUMNS = ", ".join(NAMES)


def job_of(row: sqlite3.Row) -> Job:
    """The Job of a full row."""
    values = {name: row[name] for name in NAMES}
    for name in ("parameters", "stage_times"):
        values[name] = json.loads(values[name])
    for name in ("warnings", "skipped"):
        values[name] = tuple(json.loads(values[name]))
    values["expected"] = of_text(values["expected"])
    return Job(**values)


def find_job(db: sqlite3.Connection, job_id: str) -> Job | None:
    """A job by its id, whoever owns it: for workers. Pages use `job_for`."""
    row = db.execute(f"select {COLUMNS} from jobs where id = ?", (job_id,)).fetchone()
    return job_of(row) if row else None


def job_for(db: sqlite3.Connection, user_id: int, job_id: str) -> Job:
    """A user's own job. Raises NotFound, also for other people's and while its project is in the bin."""
    row = db.execute(
        f"select {COLUMNS} from jobs where id = ? and user_id = ? and not exists"
        " (select 1 from projects where id = project_id and binned_at is not null)",
        (job_id, user_id),
    ).fetchone()
    if row is None:
        raise NotFound
    return job_of(row)


def newest_job(db: sqlite3.Connection, project_id: str, task_type: str) -> Job | None:
    """The newest job of a type in a project."""
    row = db.execute(
        f"select {COLUMNS} from jobs where project_id = ? and type = ? order by n desc limit 1",
        (project_id, task_type),
    ).fetchone()
    return job_of(row) if row else None


def newest_of_each_type(
    db: sqlite3.Connection, project_id: str, columns: str = COLUMNS
) -> list[sqlite3.Row]:
    """The newest job of each type in a project, in the order they were made, with these columns."""
    query = f"select {columns} from jobs where n in (select n from newest) order by n"
    return db.execute(f"{_NEWEST} {query}", {"project": project_id}).fetchall()


# From one type to the next by an index: what is older is not walked through.
_NEWEST = """
with recursive newest (type, n) as (
  select * from (select type, n from jobs where project_id = :project
                 order by type desc, n desc limit 1)
  union all
  select jobs.type, jobs.n from newest join jobs on jobs.n =
    (select n from jobs where project_id = :project and type < newest.type
     order by type desc, n desc limit 1))
"""


def changed(db: sqlite3.Connection, job: Job) -> None:
    """Note that a job changed, in the transaction that changed it."""
    changes.record(db, "job", job.id, job.user_id)
