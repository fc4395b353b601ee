"""One round of the janitor: what it may use, how it lets others work, and what it did."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event

from draftmill.clock import now
from draftmill.settings import Settings

DAY_S = 24 * 3600.0
BATCH = 50  # rows of a transaction
PAUSE_S = 0.01  # between two of them


# Of each running job (id, attempt, updated_at): after how many rounds it is still silent.
SilentRounds = dict[tuple[str, int, str], int]


class Stopped(Exception):
    """Draftmill is being stopped: the rest is left for the next round."""


@dataclass
class Report:
    """How much of each thing was done, in the words of the log; and the bytes that were freed."""

    counts: dict[str, int] = field(default_factory=dict)
    freed_bytes: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, what: str, n: int = 1) -> None:
        if n:
            self.counts[what] = self.counts.get(what, 0) + n

    def __str__(self) -> str:
        parts = [f"{what}: {n:,}" for what, n in self.counts.items()]
        if self.freed_bytes:
            parts.append(f"MB freed: {self.freed_bytes / 1e6:,.1f}")
        if self.failed:
            parts.append(f"chores that failed: {len(self.failed)}")
        return ", ".join(parts)


@dataclass
class Cleaning:
    """One round of the janitor. `moment` is the present in Unix seconds, by the janitor's clock."""

    settings: Settings
    moment: float
    silent_rounds: SilentRounds
    stop: Event
    report: Report = field(default_factory=Report)

    def before(self, age_s: float) -> str:
        """The time so long ago, as text."""
        return now(self.moment - time.time() - age_s)

    def batches(self, rows: Sequence[sqlite3.Row]) -> Iterator[Sequence[sqlite3.Row]]:
        """A few rows at a time, with a pause in which others get at the database."""
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]
            self.pause()

    def pause(self) -> None:
        """Let others work. Raises Stopped."""
        if self.stop.wait(PAUSE_S):
            raise Stopped
