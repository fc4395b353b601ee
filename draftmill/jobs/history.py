"""What the stages of a job usually take: a line through the newest jobs of its type and model.

How the time grows with the amount of work is the median of the slopes between all pairs (Sen,
"Estimates of the regression coefficient based on Kendall's tau", 1968): a few jobs that met with
something do not move it.
"""

import json
import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from draftmill.jobs.policies import INGEST
from draftmill.jobs.stages import stages_of

NEWEST = 24
LOOK_BACK = 500  # jobs of any type, for the model that is used today
PRIOR_SPREAD = 0.4  # what a machine's jobs differ by, as far as one knows without having seen any
PRIOR_JOBS = 2.0
LEAST_SPREAD, MOST_SPREAD = 0.06, 3.0
LONGEST_S = 1e8  # what is longer is not believed: its end would overflow a date
OF_DEVIATION = 1.4826  # makes a standard deviation of a median absolute one
FURTHER = 0.3  # spread for being e times larger or smaller than any job that was seen
Point = tuple[float | None, float]

_SAME = "type = ? and model = ? and status = 'succeeded' and attempt = 1 and retry_of is null"
# Parts of drafts tell nothing of whole ones.
_WHOLE = "coalesce(json_extract(parameters, '$.part'), '') = ''"


@dataclass(frozen=True)
class Guess:
    """The likeliest seconds, and the standard deviation of their logarithm."""

    seconds: float
    spread: float


def as_text(expected: Mapping[str, Guess]) -> str:
    """Guesses as a job's row keeps them; `of_text` reads them."""
    rounded = {name: (round(g.seconds, 3), round(g.spread, 3)) for name, g in expected.items()}
    return json.dumps(rounded)


def of_text(text: str) -> dict[str, Guess]:
    """The guesses that `as_text` wrote."""
    return {name: Guess(*guess) for name, guess in json.loads(text).items()}


def size_of(db: sqlite3.Connection, project: sqlite3.Row, task_type: str) -> float | None:
    """The amount of work: seconds of sound, or characters of the transcript; None before it is there."""
    if task_type == INGEST and project["source"] == "media":
        return float(project["duration_s"]) if project["duration_s"] else None
    (characters,) = db.execute(
        "select sum(length(text)) from segments where transcript_id = ?",
        (project["transcript_id"],),
    ).fetchone()
    return float(characters) if characters else None


def model_lately(db: sqlite3.Connection, task_type: str, source: str) -> str:
    """The model that did the newest job of a type, "" if none did."""
    row = db.execute(
        "select j.model from jobs j join projects p on p.id = j.project_id"
        " where j.n > (select max(n) from jobs) - ? and j.type = ? and j.status = 'succeeded'"
        " and p.source = ? order by j.n desc limit 1",
        (LOOK_BACK, task_type, source),
    ).fetchone()
    return str(row["model"]) if row else ""


def expected(
    db: sqlite3.Connection, task_type: str, source: str, model: str, size: float | None
) -> dict[str, Guess]:
    """What each stage will take on this machine; a stage that was never seen is missing."""
    rows = db.execute(
        f"select size, stage_times from jobs indexed by jobs_as_history where {_SAME} and {_WHOLE}"
        " order by n desc limit ?",
        (task_type, model, NEWEST),
    ).fetchall()
    # Quicker than one by one.
    times = json.loads(f"[{','.join(row['stage_times'] for row in rows)}]")
    seen = [(row["size"], one) for row, one in zip(rows, times, strict=True)]
    return guesses(seen, [stage.name for stage in stages_of(task_type, source)], size)


def guesses(
    seen: Sequence[tuple[float | None, Mapping[str, float]]],
    stages: Sequence[str],
    size: float | None,
) -> dict[str, Guess]:
    """The same from the sizes and stage times of jobs that were seen, newest first."""
    points = {
        name: [(s, float(times[name])) for s, times in seen if times.get(name)] for name in stages
    }
    return {name: guess(those, size) for name, those in points.items() if those}


def guess(points: Sequence[Point], size: float | None) -> Guess:
    """What the amount `size` will take, by (amount, seconds) of jobs; at least one."""
    sized = [(amount, seconds) for amount, seconds in points if amount]
    if not size or not sized:
        middle = median(seconds for _, seconds in points)
        return Guess(middle, _spread([math.log(seconds / middle) for _, seconds in points]))
    fixed, each = _line(sized)
    off = [math.log(seconds / (fixed + each * amount)) for amount, seconds in sized]
    amounts = [amount for amount, _ in sized]
    beyond = max(math.log(size / max(amounts)), math.log(min(amounts) / size), 0.0)
    spread = math.hypot(_spread(off), FURTHER * beyond)
    return Guess(min(fixed + each * size, LONGEST_S), min(spread, MOST_SPREAD))


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Seconds that any job takes, and seconds for each unit; neither is negative."""
    slopes = [
        (later - sooner) / (more - less)
        for (less, sooner), (more, later) in combinations(points, 2)
        if abs(more - less) > 0.05 * max(more, less)
    ]
    if not slopes:
        return 0.0, median(seconds / amount for amount, seconds in points)
    each = max(median(slopes), 0.0)
    fixed = median(seconds - each * amount for amount, seconds in points)
    if fixed > 0:
        return fixed, each
    return 0.0, median(seconds / amount for amount, seconds in points)


def _spread(off: Sequence[float]) -> float:
    """The deviation of what was seen; of few jobs, mixed with what one must expect."""
    deviation = OF_DEVIATION * median(abs(one) for one in off)
    mixed = (PRIOR_JOBS * PRIOR_SPREAD**2 + len(off) * deviation**2) / (PRIOR_JOBS + len(off))
    return min(max(math.sqrt(mixed), LEAST_SPREAD), MOST_SPREAD)
