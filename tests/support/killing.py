"""Kills children with SIGKILL at chosen moments of chosen stages, and notes what came of it."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from threading import Event

from tests.support.house import House
from tests.support.process_states import Child, Witness, child_of, words_of, writes

START = "start"  # from the process's first instruction to its first stage: imports, mostly
# How long a stage takes, in seconds, until one was seen to end.
USUAL_S = {START: 0.12, "transcribe": 1.0, "screenshots": 0.15, "chapters": 0.2, "write": 0.3}
WITHIN, IN_COMMIT, AFTER_COMMIT = "within", "in a commit", "after a commit"
MOMENTS = (WITHIN, WITHIN, IN_COMMIT, AFTER_COMMIT)


@dataclass
class Aim:
    """A moment of one stage of one job: a share of the stage's usual time, or one of its commits."""

    job_id: str
    stage: str
    moment: str
    share: float
    since_s: float | None = None
    wrote: bool = False
    spent: bool = False


@dataclass
class Kill:
    """One kill. `first`: no crash since the last commit, so the job is due again at once."""

    aim: Aim
    child: Child
    at_s: float
    first: bool
    finished: list[tuple[object, ...]]
    back_s: float | None = None

    def __str__(self) -> str:
        back = "ended before" if self.back_s is None else f"back after {self.back_s:.3f} s"
        return f"{self.aim.stage}, {self.aim.moment} ({self.aim.share:.2f}): {self.child}, {back}"


@dataclass
class Executioner:
    """Follows the jobs of a house and kills their children as aimed, once per job and stage."""

    house: House
    witness: Witness
    random: Random
    usual_s: dict[str, float] = field(default_factory=lambda: dict(USUAL_S))
    aims: list[Aim] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)

    def aim_at(self, job_id: str, stages: Iterable[str]) -> None:
        """Have the job killed once in each of these stages, at a moment drawn at random."""
        for stage in stages:
            moment = self.random.choice(MOMENTS)
            self.aims.append(Aim(job_id, stage, moment, self.random.random()))

    def see_through(self, job_ids: Sequence[str], within_s: float = 300.0) -> None:
        """Watch, and kill, until all these jobs have ended and are back."""
        deadline = time.monotonic() + within_s
        pause = Event()
        with closing(self.house.db()) as db:
            while self._look_at(db, job_ids):
                assert time.monotonic() < deadline, "the jobs did not end"
                if not any(a.since_s and not a.spent and a.moment != WITHIN for a in self.aims):
                    pause.wait(0.002)
            for job_id in job_ids:
                self._learn(db, job_id)
        self._note_returns()

    def _look_at(self, db: sqlite3.Connection, job_ids: Sequence[str]) -> bool:
        """Look at every job; whether any has not ended."""
        at_work = [self._look(db, job_id) for job_id in job_ids]
        return any(at_work)

    def _look(self, db: sqlite3.Connection, job_id: str) -> bool:
        """Kill the job's child if its moment has come. False once the job has ended."""
        job = db.execute("select * from jobs where id = ?", (job_id,)).fetchone()
        if job["completed_at"]:
            return False
        child = self.witness.living.get(job_id)
        if job["status"] == "running" and child and child.attempt == job["attempt"]:
            for aim in self.aims:
                at_it = (aim.job_id, aim.stage) == (job_id, job["stage"] or START)
                if at_it and not aim.spent and self._due(aim, child):
                    self._kill(db, aim, child, job)
                    break
        return True

    def _due(self, aim: Aim, child: Child) -> bool:
        if aim.since_s is None:
            aim.since_s = time.monotonic()
        if aim.moment == WITHIN:
            return time.monotonic() - aim.since_s >= aim.share * self.usual_s[aim.stage]
        writing = writes(self.house, child.pid)
        wrote, aim.wrote = aim.wrote, aim.wrote or writing
        return writing if aim.moment == IN_COMMIT else wrote and not writing

    def _kill(self, db: sqlite3.Connection, aim: Aim, child: Child, job: sqlite3.Row) -> None:
        if child_of(child.pid, words_of(child.pid)) != child:
            return
        os.kill(child.pid, signal.SIGKILL)
        at_s = time.monotonic()
        aim.spent = True
        finished = finished_windows(db, job["project_id"])
        self.kills.append(Kill(aim, child, at_s, job["crashes_in_a_row"] == 0, finished))

    def _learn(self, db: sqlite3.Connection, job_id: str) -> None:
        """How long stages take on this machine, so that moments are spread over all of them."""
        rows = db.execute(
            "select key, value from jobs, json_each(jobs.stage_times) where jobs.id = ?", (job_id,)
        )
        for stage, took_s in rows:
            self.usual_s[stage] = min(took_s, 2 * self.usual_s[stage])

    def _note_returns(self) -> None:
        for kill in self.kills:
            seen_s = self.witness.first_seen_s(kill.child.job_id, kill.child.attempt + 1)
            kill.back_s = None if seen_s is None else seen_s - kill.at_s

    def redone(self) -> list[str]:
        """Every window that was finished before a kill and is not the same now, as a sentence."""
        found = []
        for kill in self.kills:
            project = self.house.job(kill.child.job_id)["project_id"]
            with closing(self.house.db()) as db:
                now = set(finished_windows(db, project))
            found += [f"{row} of {project} was redone" for row in kill.finished if row not in now]
        return found


def finished_windows(db: sqlite3.Connection, project_id: str) -> list[tuple[object, ...]]:
    """The finished windows of a project: which, when, and what was heard."""
    rows = db.execute(
        "select w.transcript_id, w.n, w.start_s, w.end_s, w.completed_at, w.facts,"
        " group_concat(s.rowid_text, '|') from windows w join transcripts t on t.id = w.transcript_id"
        " left join (select transcript_id, window, n || ' ' || start_s || ' ' || text as rowid_text"
        "  from segments order by window, n) s"
        " on s.transcript_id = w.transcript_id and s.window = w.n"
        " where t.project_id = ? and w.completed_at is not null"
        " group by w.transcript_id, w.n",
        (project_id,),
    ).fetchall()
    return [tuple(row) for row in rows]
