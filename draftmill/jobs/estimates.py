"""How far a job is and when it will end: by its own pace, and by what such jobs took before it.

Both are guesses of a time whose logarithm is about normal. Where there are both, each counts as
much as it is sure, by its inverse variance.
"""

import math
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import NormalDist

from draftmill.clock import MINUTES_FROM_S, moment, nearest, written
from draftmill.jobs.history import LEAST_SPREAD, LONGEST_S, MOST_SPREAD, Guess
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.stages import stages_of

SILENT_S = 5.0  # at the beginning of a run
WIDEST = 5.0  # so many times the nearest end: a wider range helps nobody,
NARROW_S = 30.0  # but for one that is over in a moment
DEVIATIONS = 1.65  # to each side: it holds the true end at least four times of five
TAIL_S = 1.0  # may pass after the last report
PACE_AFTER_S = 2.0
PACE_SPREAD = 0.3  # of the half of a stage that is left, by the pace of the other half
# Of the time before the first measured units: what is no part of the pace, and so much of the work
# is done and not told yet. Found by recorded transcriptions (bench/estimates.py).
IN_VAIN, UNDER_WAY, BEHIND_SPREAD = 0.9, 0.5, 0.25
WEIGHTS_SPREAD = 0.7  # of a stage of which only its weight among the others is known
LITTLE = 0.9  # of the work is done: what is left is little
SHORTEST_S = 0.2
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Left:
    """When a running job ends, in seconds since 1970: from `low` to `high`, likeliest `likely`.

    `said_from` is when its run is old enough to speak of it, `little` whether most is done.
    `reliable` says that the range is narrow enough to help.
    """

    low: float
    likely: float
    high: float
    said_from: float
    little: bool
    reliable: bool


def share(job: Job, source: str) -> float | None:
    """The share of the whole job that is done, 0 to 1; None while nobody can measure it."""
    stages = stages_of(job.type, source, job.parameters)
    if job.status != "running" or not job.total or job.step >= len(stages):
        return None
    weights = [0.0 if stage.name in job.skipped else stage.weight for stage in stages]
    present = weights[job.step] * min(job.done / job.total, 1.0)
    return (sum(weights[: job.step]) + present) / (sum(weights) or 1.0)


def amount(job: Job) -> str:
    """What was measured in its own unit: "12 of 52 min", "1.2 of 2.7 GB", "412 words so far", or ""."""
    if job.unit == "s" and job.total:
        if job.total < MINUTES_FROM_S:
            return f"{int(job.done)} of {nearest(job.total)} s"
        minutes = nearest(job.total / 60)
        return f"{min(int(job.done / 60), minutes)} of {minutes} min"
    if job.unit == "bytes" and job.total:
        unit, size = ("GB", 1e9) if job.total >= 1e9 else ("MB", 1e6)
        return f"{job.done / size:.1f} of {job.total / size:.1f} {unit}"
    if job.unit == "words":
        return f"{int(job.done):,} words so far"
    return ""


def ends_at(db: sqlite3.Connection, job: Job, project: sqlite3.Row) -> str | None:
    """The likely end of an active job as UTC ISO 8601 text, None when too little is known.

    It stays the same until the job changes; on a busy machine it may pass.
    """
    if job.status == "running":
        left = time_left(job, project["source"])
        return text_of(left.likely) if left and left.reliable else None
    whole_s = usual_s(job)
    begin = _begins_at(db, job, project) if job.active and whole_s else None
    return text_of(_seconds(begin) + whole_s) if begin and whole_s else None


def usual_s(job: Job) -> float | None:
    """The seconds that a whole job like this usually takes; None when nothing is known."""
    return sum(g.seconds for name, g in job.expected.items() if name not in job.skipped) or None


def _begins_at(db: sqlite3.Connection, job: Job, project: sqlite3.Row) -> str | None:
    first = find_job(db, job.after_job_id) if job.after_job_id else None
    if first is not None and first.active:
        return ends_at(db, first, project)
    return max(job.updated_at, job.run_after or "")


def time_left(job: Job, source: str) -> Left | None:
    """When a running job ends, as of its last report; None while nobody can know."""
    at = max(filter(None, (job.progressed_at, job.stage_started_at, job.started_at)), default=None)
    if (
        job.status != "running"
        or at is None
        or job.step >= len(stages_of(job.type, source, job.parameters))
    ):
        return None
    if job.attempt > 1 and job.progressed_at is None:
        return None  # what its row says is of the attempt before
    elapsed_s = _seconds(at) - _seconds(job.stage_started_at or at)
    present = _of_stage(job, source, elapsed_s)
    parts = present and _with_later(job, source, elapsed_s, present)
    if not parts or not present:
        return None
    likely_s = sum(part.seconds for part in parts)
    off_s = math.hypot(*(part.seconds * part.spread for part in parts))
    factor = math.exp(DEVIATIONS * off_s / likely_s)
    low_s, high_s = likely_s / factor, likely_s * factor + TAIL_S
    begun = _seconds(job.started_at if job.attempt < 2 else job.stage_started_at or at)
    return Left(
        low=_seconds(at) + low_s,
        likely=_seconds(at) + likely_s,
        high=_seconds(at) + high_s,
        said_from=begun + SILENT_S,
        little=_is_little(job, source, likely_s, _seconds(at) - begun),
        reliable=high_s <= max(WIDEST * low_s, NARROW_S),
    )


def _is_little(job: Job, source: str, likely_s: float, gone_s: float) -> bool:
    done = share(job, source)
    return (gone_s / (gone_s + likely_s) if done is None else done) >= LITTLE


def _of_stage(job: Job, source: str, elapsed_s: float) -> Guess | None:
    """What is left of the present stage."""
    stages = stages_of(job.type, source, job.parameters)
    usual = job.expected.get(stages[job.step].name)
    known = [_by_pace(job, elapsed_s)]
    if usual:
        # What earlier attempts did need not be done again.
        lacking = max(1 - job.stage_from / job.total, 0.05) if job.total else 1.0
        known.append(_after(Guess(usual.seconds * lacking, usual.spread), elapsed_s))
    guesses = [guess for guess in known if guess]
    return _together(guesses) if guesses else None


def _by_pace(job: Job, elapsed_s: float) -> Guess | None:
    """The same by the job's own pace, from its first measured units on.

    What came before them is no pace: a model was loaded, and the first units were under way, as
    others are when the last ones are told. So they are behind by a part of that, all the time.
    """
    done = (job.done - job.stage_from) / job.total if job.total else 0.0
    if not job.total or done <= 0 or elapsed_s < PACE_AFTER_S:
        return None
    behind_s = _seconds(job.counted_at) - _seconds(job.stage_started_at) if job.counted_at else 0.0
    behind_s = min(max(behind_s, 0.0), elapsed_s)
    left = max(1 - job.done / job.total, 0.0)
    pace_s = (elapsed_s - IN_VAIN * behind_s) / done
    seconds = min(max(pace_s * left - UNDER_WAY * behind_s, SHORTEST_S), LONGEST_S)
    spread = math.hypot(PACE_SPREAD * math.sqrt(left / done), BEHIND_SPREAD * behind_s / seconds)
    return Guess(seconds, min(max(spread, LEAST_SPREAD), MOST_SPREAD))


def _together(guesses: list[Guess]) -> Guess:
    """Guesses of one time made one, each by its inverse variance."""
    weights = [guess.spread**-2 for guess in guesses]
    logs = [math.log(guess.seconds) for guess in guesses]
    mean = sum(w * log for w, log in zip(weights, logs, strict=True)) / sum(weights)
    return Guess(math.exp(mean), sum(weights) ** -0.5)


def _after(usual: Guess, elapsed_s: float) -> Guess | None:
    """What is left of a time of which so much has gone; None when it takes unusually long."""
    if elapsed_s <= 0:
        return usual
    middle, spread = math.log(usual.seconds), usual.spread
    gone = _NORMAL.cdf((math.log(elapsed_s) - middle) / spread)
    if gone > 0.98:
        return None

    def left(part: float) -> float:
        whole = math.exp(middle + spread * _NORMAL.inv_cdf(gone + (1 - gone) * part))
        return max(whole - elapsed_s, SHORTEST_S / 10)

    # The ends that the range is to have, put as those of a guess.
    low, high = left(_NORMAL.cdf(-DEVIATIONS)), left(_NORMAL.cdf(DEVIATIONS))
    return Guess(math.sqrt(low * high), max(math.log(high / low) / 2 / DEVIATIONS, LEAST_SPREAD))


def _with_later(job: Job, source: str, elapsed_s: float, present: Guess) -> list[Guess]:
    """What is left of the present stage, and each stage to come."""
    stages = stages_of(job.type, source, job.parameters)
    whole_s = elapsed_s + present.seconds
    parts = [present]
    for stage in stages[job.step + 1 :]:
        if stage.name in job.skipped:
            continue
        by_weight = whole_s * stage.weight / stages[job.step].weight
        parts.append(job.expected.get(stage.name) or Guess(by_weight, WEIGHTS_SPREAD))
    return [part for part in parts if part.seconds > 0]


def _seconds(text: str | None) -> float:
    return moment(text).timestamp() if text else 0.0


def text_of(seconds: float) -> str:
    """Seconds since 1970 as UTC ISO 8601 text."""
    return written(datetime.fromtimestamp(seconds, UTC))
