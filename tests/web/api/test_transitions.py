"""The transitions that docs/api.md promises are those that the verbs make, no more and no fewer."""

import contextlib
import itertools
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.queue import claim_next
from draftmill.jobs.running import Fenced
from draftmill.jobs.start import NotRetryable, retry_job, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects.project import row_of
from tests.support.job_rows import make_project, newest
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
FINAL = {"succeeded", "failed", "cancelled"}
Verb = Callable[[sqlite3.Connection, Job], object]


class Odd(Problem):
    code = "odd"


def take(db: sqlite3.Connection, job: Job) -> object:
    return claim_next(db, "media")


def succeed(db: sqlite3.Connection, job: Job) -> object:
    return endings.succeed(db, job)


def worn(db: sqlite3.Connection, job: Job) -> None:
    """So often tried that the next failure is the last."""
    take(db, job)
    db.execute("update jobs set crashes = 99, retries = 99 where id = ?", (job.id,))


def unwanted(db: sqlite3.Connection, job: Job) -> None:
    """At work, and somebody has asked to cancel it."""
    take(db, job)
    endings.cancel(db, job)


def ended_by(verb: Verb) -> Verb:
    def run(db: sqlite3.Connection, job: Job) -> object:
        take(db, job)
        return verb(db, find_job(db, job.id) or job)

    return run


def fail(db: sqlite3.Connection, job: Job) -> object:
    return endings.fail(db, job, Odd())


STATES: dict[str, Verb] = {
    "pending": lambda db, job: None,
    "running": take,
    "worn": worn,
    "unwanted": unwanted,
    "succeeded": ended_by(succeed),
    "failed": ended_by(fail),
    "cancelled": endings.cancel,
}
VERBS: dict[str, Verb] = {
    "take": take,
    "succeed": succeed,
    "fail": fail,
    "fail waiting": lambda db, job: endings.fail_waiting(db, job, Odd()),
    "retry later": lambda db, job: endings.retry_later(db, job, Odd()),
    "crashed": lambda db, job: endings.crashed(db, job, "killed"),
    "give up": lambda db, job: endings.give_up(db, job, Odd()),
    "release": lambda db, job: endings.release(db, job),
    "cancel": endings.cancel,
    "retry": retry_job,
    "start": lambda db, job: start_job(db, row_of(db, job.project_id), Wishes(job.type)),
}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database that notes every change of a job's status."""
    prepare(tmp_path / "watched.db")
    with closing(connect(tmp_path / "watched.db")) as db:
        db.execute("create temp table moves (n integer primary key, job text, old text, new text)")
        db.execute(
            "create temp trigger move after update of status on main.jobs when old.status"
            " is not new.status begin insert into moves (job, old, new)"
            " values (old.id, old.status, new.status); end"
        )
        yield db


def moves(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """What a reader of the database could see of the last verb: a verb is one transaction."""
    rows = db.execute("select job, old, new from moves order by n").fetchall()
    seen: dict[str, tuple[str, str]] = {}
    for job, old, new in rows:
        seen[job] = (seen.get(job, (old,))[0], new)
    return set(seen.values())


def made_by(db: sqlite3.Connection, state: str, verb: str) -> set[tuple[str, str]]:
    project_id = make_project(db, ("blog",), sha=f"{state} {verb}")
    STATES[state](db, newest(db, project_id, INGEST))
    db.execute("delete from moves")
    with contextlib.suppress(Fenced, NotRetryable):
        VERBS[verb](db, newest(db, project_id, INGEST))
    found = moves(db)
    db.execute("update jobs set status = 'cancelled' where project_id = ?", (project_id,))
    return found


def promised() -> set[tuple[str, str]]:
    life = PAGE.partition("## The life of a job")[2].partition("## Events")[0]
    return set(re.findall(r"^\| `(\w+)` → `(\w+)` \| \S.*\|$", life, re.MULTILINE))


def test_the_verbs_make_the_transitions_that_are_promised(watched: sqlite3.Connection) -> None:
    made: set[tuple[str, str]] = set()
    for state, verb in itertools.product(STATES, VERBS):
        made |= made_by(watched, state, verb)
    assert made == promised()
    assert not {old for old, _ in made} & FINAL
