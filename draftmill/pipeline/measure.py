"""How far a job is, and how long it may still take, from what its stages measured."""

import math

from draftmill.clock import moment
from draftmill.jobs import Job
from draftmill.pipeline.stages import stages_of

TRUST_AFTER_S = 5.0
TRUST_AFTER_SHARE = 0.03
STEADY_SHARE = 0.25


def share(job: Job, source: str) -> float | None:
    """The share of the whole job that is done, 0 to 1; None while nobody can measure it."""
    stages = stages_of(job.type, source)
    if job.status != "running" or not job.total or job.step >= len(stages):
        return None
    weights = [stage.weight for stage in stages]
    present = weights[job.step] * min(job.done / job.total, 1.0)
    return (sum(weights[: job.step]) + present) / sum(weights)


def remaining_s(job: Job, source: str) -> float | None:
    """Seconds until the job ends, by linear extrapolation; None while that would mislead."""
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
    """The same in words, rounded up: "1–3 min left", "about 20 s left", "almost done" or ""."""
    seconds = remaining_s(job, source)
    if seconds is None:
        return ""
    if seconds < 10:
        return "almost done"
    if seconds < 60:
        return f"about {math.ceil(seconds / 10) * 10} s left"
    minutes = seconds / 60
    if job.total and job.done < STEADY_SHARE * job.total:
        low, high = max(1, math.floor(minutes * 0.8)), math.ceil(minutes * 1.3)
        return f"{low}–{high} min left" if low < high else f"about {high} min left"
    return f"about {math.ceil(minutes)} min left"


def amount(job: Job) -> str:
    """What was measured in its own unit: "12 of 52 min", "412 words so far", or ""."""
    if job.unit == "s" and job.total:
        if job.total < 120:
            return f"{int(job.done)} of {math.ceil(job.total)} s"
        return f"{int(job.done / 60)} of {math.ceil(job.total / 60)} min"
    if job.unit == "words":
        return f"{int(job.done):,} words so far"
    return ""
