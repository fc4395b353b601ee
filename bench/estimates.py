"""How good the time left is that pills and API tell: recorded jobs once more, in their order.

    .venv/bin/python bench/estimates.py

It needs no model and takes seconds. bench/recorded_jobs.json.gz holds what the rows of real jobs
said at each report (bench/record_jobs.py says what was recorded how). They are gone through in the
order in which they began, and each knows of those that had ended by then. At every report after a
job's first five seconds it is asked when the job will end, and whether its true end lies in what
is shown.
"""

import gzip
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from figures import report

from draftmill.jobs import history
from draftmill.jobs.estimates import SILENT_S, Left, text_of, time_left
from draftmill.jobs.job import Job
from draftmill.jobs.stages import stages_of
from draftmill.web.views.clocks import rounded_range

FILE = ROOT / "bench" / "recorded_jobs.json.gz"
HELD, SHOWN, JOBS = 0.8, 0.6, 200
Recorded = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One moment of one job: what could be said, and how many seconds were truly left."""

    kind: str
    left: Left | None
    at: float
    true_s: float

    @property
    def shown(self) -> Left | None:
        return self.left if self.left and self.left.reliable else None

    @property
    def holds(self) -> bool:
        """Whether the words hold the true end: their ends are rounded, and what is one figure too."""
        assert self.left
        low, high, step = rounded_range(self.left.low - self.at, self.left.high - self.at)
        near = step / 2 if low == high else 0
        return low - near <= self.true_s <= high + near

    @property
    def holds_exactly(self) -> bool:
        assert self.left
        return self.left.low <= self.at + self.true_s <= self.left.high

    @property
    def width(self) -> float:
        assert self.left
        return (self.left.high - self.left.low) / self.true_s


def main() -> int:
    recorded = json.loads(gzip.decompress(FILE.read_bytes()))
    asked = [one for job in recorded for one in replayed(job, known_before(job, recorded))]
    kinds = defaultdict(list)
    for one in asked:
        kinds[one.kind].append(one)
    for kind, those in sorted(kinds.items()):
        shown = [one for one in those if one.shown]
        note = f"{len(those)} moments, {len(shown) / len(those):.0%} shown"
        if shown:
            report(f"true end in the words, {kind}", mean(one.holds for one in shown), note=note)
    shown = [one for one in asked if one.shown]
    exact = [one.holds_exactly for one in shown]
    counts = f"{len(asked):,} moments"
    report("width of the range in true seconds left", statistics.median(o.width for o in shown))
    held = (
        report("recorded jobs", len(recorded), least=JOBS),
        report("true end in the range of the API", mean(exact), least=HELD, note=counts),
        report("true end in the words of the pill", mean(o.holds for o in shown), least=HELD),
        report("moments at which something is said", len(shown) / len(asked), least=SHOWN),
    )
    return 0 if all(held) else 1


def mean(values: Any) -> float:
    return statistics.mean(map(float, values))


def known_before(job: Recorded, recorded: list[Recorded]) -> list[Recorded]:
    """The jobs of the same type and model that had ended, newest first, as many as are looked at."""
    ended = [
        other
        for other in recorded
        if (other["type"], other["model"]) == (job["type"], job["model"])
        and other["begun"] + other["took"] <= job["begun"]
    ]
    return sorted(ended, key=lambda other: -other["begun"])[: history.NEWEST]


def replayed(recorded: Recorded, before: list[Recorded]) -> Iterator[Asked]:
    """What was said at each report of a job."""
    source = "transcript" if recorded["type"] == "ingest" and not recorded["model"] else "media"
    stages = [stage.name for stage in stages_of(recorded["type"], source)]
    seen = [(other["size"], other["stages"]) for other in before]
    expected = history.guesses(seen, stages, recorded["size"])
    counted: dict[int, float] = {}
    for step, stage_began, progressed, done, total in recorded["reports"]:
        if done:
            counted.setdefault(step, progressed)
        at = max(stage_began, progressed or 0.0)
        if at < SILENT_S or at >= recorded["took"]:
            continue
        times = {"stage_started_at": stage_began, "progressed_at": progressed}
        times |= {"started_at": 0.0, "counted_at": counted.get(step)}
        now = {"step": step, "done": done, "total": total, "expected": expected}
        job = job_at(recorded, times, now)
        true_s = recorded["took"] - at
        kind = f"{recorded['type']} with {recorded['model']}" if recorded["model"] else "ingest"
        yield Asked(kind, time_left(job, source), recorded["begun"] + at, true_s)


def job_at(recorded: Recorded, times: dict[str, float | None], now: dict[str, Any]) -> Job:
    """The job's row at a moment, as far as estimates look at it."""
    row: dict[str, Any] = dict.fromkeys(field.name for field in fields(Job))
    row |= {"type": recorded["type"], "status": "running", "attempt": 1, "stage_from": 0.0}
    row |= {"skipped": (), "parameters": {}} | now
    for name, seconds in times.items():
        row[name] = None if seconds is None else text_of(recorded["begun"] + seconds)
    return Job(**row)


if __name__ == "__main__":
    sys.exit(main())
