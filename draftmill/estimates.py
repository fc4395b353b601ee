"""When a job will end, as far as anybody can know: from its own pace, else from those before it."""

import sqlite3
import statistics
from datetime import timedelta

from draftmill import jobs
from draftmill.clock import moment
from draftmill.jobs import Job
from draftmill.pipeline import measure
from draftmill.policies import INGEST

LOOK_BACK = 500  # jobs of any type: the newest ones say how this machine does today
ENOUGH = 20  # finished jobs of the type
MILLISECONDS = "milliseconds"


def ends_at(db: sqlite3.Connection, job: Job, project: sqlite3.Row) -> str | None:
    """The likely end of an active job as UTC ISO 8601 text, None when nothing is known.

    It stays the same until the job changes; on a busy machine it may pass.
    """
    if job.status == "running" and (left_s := measure.remaining_s(job, project["source"])):
        return _later(job.progressed_at or job.updated_at, left_s)
    if not job.active:
        return None
    usual = usual_s(db, job.type, project)
    begin = _begins_at(db, job, project)
    return None if usual is None or begin is None else _later(begin, usual)


def usual_s(db: sqlite3.Connection, task_type: str, project: sqlite3.Row) -> float | None:
    """What a job of this type usually takes in seconds: the median of this machine's last ones.

    A recording's ingest is measured by the length of what is heard.
    """
    rows = db.execute(
        "select j.ran_s, p.duration_s from jobs j join projects p on p.id = j.project_id"
        " where j.n > (select max(n) from jobs) - ? and j.type = ? and p.source = ?"
        " and j.status = 'succeeded' and j.ran_s > 0 order by j.n desc limit ?",
        (LOOK_BACK, task_type, project["source"], ENOUGH),
    ).fetchall()
    if task_type != INGEST or project["source"] != "media":
        return statistics.median([row["ran_s"] for row in rows]) if rows else None
    paces = [row["ran_s"] / row["duration_s"] for row in rows if row["duration_s"]]
    length_s = project["duration_s"]
    return statistics.median(paces) * length_s if paces and length_s else None


def _begins_at(db: sqlite3.Connection, job: Job, project: sqlite3.Row) -> str | None:
    if job.status == "running":
        return job.started_at or job.updated_at
    first = jobs.find(db, job.after_job_id) if job.after_job_id else None
    if first is not None and first.active:
        return ends_at(db, first, project)
    return max(job.updated_at, job.run_after or "")


def _later(begin: str, seconds: float) -> str:
    end = moment(begin) + timedelta(seconds=seconds)
    return end.isoformat(timespec=MILLISECONDS).replace("+00:00", "Z")
