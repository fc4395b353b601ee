"""Who is at work in a queue and who waits for a turn, with the times at which that will change."""

import heapq
import math
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from draftmill.clock import now
from draftmill.jobs import estimates
from draftmill.jobs.history import of_text
from draftmill.jobs.job import job_of
from draftmill.jobs.queue import FIRST_DUE

LONGEST = 300  # whoever is further behind is told nothing


@dataclass(frozen=True)
class Place:
    """A place in the line, 1 for the next, and when its turn comes; None where nobody knows.

    Times are seconds since 1970.
    """

    number: int
    starts: float | None


@dataclass(frozen=True)
class Line:
    """The due jobs of a queue by their numbers `n`, and the likely ends of these and the running."""

    places: Mapping[int, Place]
    ends: Mapping[int, float | None]


def line_of(db: sqlite3.Connection, queue: str, workers: int) -> Line:
    """The line of a queue with so many workers, as its rows say now."""
    at_work = db.execute(
        "select j.*, p.source from jobs j join projects p on p.id = j.project_id"
        " where j.queue = ? and j.status = 'running'",
        (queue,),
    ).fetchall()
    due = db.execute(
        f"select n, expected from jobs where n in ({FIRST_DUE}) order by n limit :most",
        {"queue": queue, "now": now(), "most": LONGEST},
    ).fetchall()
    left = {row["n"]: estimates.time_left(job_of(row), row["source"]) for row in at_work}
    ends = {n: one.likely if one else None for n, one in left.items()}
    return _lined_up({row["n"]: _whole_s(row["expected"]) for row in due}, ends, workers)


def _whole_s(expected: str) -> float:
    return sum(guess.seconds for guess in of_text(expected).values()) or math.inf


def _lined_up(waiting: Mapping[int, float], ends: Mapping[int, float | None], workers: int) -> Line:
    """Each takes the worker that is free first; one whose end nobody knows is never free."""
    present = datetime.now(UTC).timestamp()
    free = [math.inf if end is None else max(end, present) for end in ends.values()]
    free += [present] * (workers - len(free))
    heapq.heapify(free)
    places, all_ends = {}, dict(ends)
    for number, (n, whole_s) in enumerate(waiting.items(), 1):
        starts = heapq.heapreplace(free, free[0] + whole_s)
        places[n] = Place(number, _known(starts))
        all_ends[n] = _known(starts + whole_s)
    return Line(places, all_ends)


def _known(moment: float) -> float | None:
    return None if math.isinf(moment) else moment
