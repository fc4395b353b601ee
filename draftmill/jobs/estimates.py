"""When a job will end, as far as anybody can know: from its own pace, else from those before it."""

import math
import sqlite3
import statistics
from datetime import timedelta

from draftmill.clock import moment
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.stages import stages_of

LOOK_BACK = 500  # jobs of any type: the newest ones say how this machine does today
ENOUGH = 20  # finished jobs of the type
TRUST_AFTER_S = 5.0  # and after this share of the stage, a job's own pace says how long it takes
TRUST_AFTER_SHARE = 0.03
STEADY_SHARE = 0.25  # of the stage; before, a range is said
ALMOST_S = 10.0
MILLISECONDS = "milliseconds"


def ends_at(db: sqlite3.Connection, job: Job, project: sqlite3.Row) -> str | None:
    """The likely end of an active job as UTC ISO 8601 text, None when nothing is known.

    It stays the same until the job changes; on a busy machine it may pass.
    """
    if not job.active:
        return None
    if job.status == "running" and (left_s := remaining_s(job, project["source"])):
        return _later(job.progressed_at or job.updated_at, left_s)
    begin = _begins_at(db, job, project)
    return None if job.estimated_s is None or begin is None else _later(begin, job.estimated_s)


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
    first = find_job(db, job.after_job_id) if job.after_job_id else None
    if first is not None and first.active:
        return ends_at(db, first, project)
    return max(job.updated_at, job.run_after or "")


def _later(begin: str, seconds: float) -> str:
    end = moment(begin) + timedelta(seconds=seconds)
    return end.isoformat(timespec=MILLISECONDS).replace("+00:00", "Z")


def share(job: Job, source: str) -> float | None:
    """The share of the whole job that is done, 0 to 1; None while nobody can measure it."""
    stages = stages_of(job.type, source)
    if job.status != "running" or not job.total or job.step >= len(stages):
        return None
    weights = [stage.weight for stage in stages]
    present = weights[job.step] * min(job.done / job.total, 1.0)
    return (sum(weights[: job.step]) + present) / sum(weights)


def remaining_s(job: Job, source: str) -> float | None:
    """Seconds until the job ends, by its own pace; None while that would mislead."""
    if not (job.total and job.stage_started_at and job.progressed_at):
        return None
    elapsed = (moment(job.progressed_at) - moment(job.stage_started_at)).total_seconds()
    counted = job.done - job.stage_from
    if elapsed < TRUST_AFTER_S or counted < TRUST_AFTER_SHARE * job.total:
        return None
    pace_s = elapsed / counted
    weights = [stage.weight for stage in stages_of(job.type, source)]
    later = sum(weights[job.step + 1 :]) / weights[job.step] * job.total
    return pace_s * (max(job.total - job.done, 0.0) + later)


def remaining_text(job: Job, source: str) -> str:
    """The time left in words, rounded up: "1–3 min left", "about 20 s left", "almost done" or "".

    By the job's own pace, and until that can be trusted by what such jobs took on this machine.
    """
    seconds = remaining_s(job, source)
    if seconds is None:
        return _in_words(_by_others_s(job), steady=False)
    if seconds < ALMOST_S:
        return "almost done"
    return _in_words(seconds, steady=not job.total or job.done >= STEADY_SHARE * job.total)


def _by_others_s(job: Job) -> float:
    """What is left of the time that was expected at the start, as of the last change; 0 if none."""
    if job.estimated_s is None or job.started_at is None:
        return 0.0
    gone = moment(job.updated_at) - moment(job.started_at)
    return job.estimated_s - gone.total_seconds()


def _in_words(seconds: float, steady: bool) -> str:
    if seconds < ALMOST_S:
        return ""
    if seconds < 60:
        return f"about {math.ceil(seconds / 10) * 10} s left"
    minutes = seconds / 60
    low, high = max(1, math.floor(minutes * 0.8)), math.ceil(minutes * 1.3)
    if steady or low == high:
        return f"about {math.ceil(minutes) if steady else high} min left"
    return f"{low}–{high} min left"


def amount(job: Job) -> str:
    """What was measured in its own unit: "12 of 52 min", "412 words so far", or ""."""
    if job.unit == "s" and job.total:
        if job.total < 120:
            return f"{int(job.done)} of {math.ceil(job.total)} s"
        return f"{int(job.done / 60)} of {math.ceil(job.total / 60)} min"
    if job.unit == "words":
        return f"{int(job.done):,} words so far"
    return ""
