"""The queue: what is due, what is claimed first, and that it is found in a few steps."""

import math
import sqlite3
from collections.abc import Callable

from draftmill.clock import now
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.policies import INGEST
from draftmill.jobs.queue import claim_next, due, until_due_s
from draftmill.jobs.start import start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects.project import row_of
from tests.support.job_rows import claim, make_project, newest, with_transcript


def test_a_draft_is_due_only_when_its_ingest_succeeded(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    assert claim_next(db, "writing") is None
    with_transcript(db, project_id)
    assert claim(db, "writing").type == "blog"


def test_a_claim_counts_an_attempt_and_takes_the_oldest(db: sqlite3.Connection) -> None:
    first, second = make_project(db, sha="a"), make_project(db, sha="b")
    assert [claim(db).project_id, claim(db).project_id] == [first, second]
    assert newest(db, first, INGEST).attempt == 1


def test_a_job_that_waits_is_not_due_until_its_time_came(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    endings.retry_later(db, job, Problem("busy", "", retry_after_s=3600))
    assert claim_next(db, "media") is None
    # A clock that was set back by days delays nothing.
    db.execute("update jobs set delayed_at = ?, run_after = ?", (now(9e5), now(9e5 + 9)))
    assert claim(db).id == job.id


def test_when_the_next_job_may_go_on_is_known(db: sqlite3.Connection) -> None:
    assert until_due_s(db, "media") == math.inf
    make_project(db, ("blog",))
    endings.retry_later(db, claim(db), Problem("busy", "", retry_after_s=3600))
    make_project(db, sha="b")
    endings.retry_later(db, claim(db), Problem("busy", "", retry_after_s=60))
    assert 50 < until_due_s(db, "media") <= 60
    assert until_due_s(db, "writing") == math.inf
    db.execute("update jobs set run_after = ?", (now(-1),))
    assert until_due_s(db, "media") == math.inf, "both are due, and wait for nothing"


def plans(db: sqlite3.Connection, verb: Callable[[], object]) -> list[str]:
    """How SQLite finds the rows of everything that a verb asks, statement by statement."""
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    verb()
    db.set_trace_callback(None)
    # The trace has each value in its place, as the planner sees it too.
    return [
        row["detail"]
        for statement in asked
        if statement.startswith(("select", "update"))
        for row in db.execute(f"explain query plan {statement}").fetchall()
    ]


def test_what_waits_is_not_walked_through_to_find_what_comes_next(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    with_transcript(db, project_id)
    start_job(db, row_of(db, project_id), Wishes("blog"))
    indexes = {"jobs_to_start", "jobs_to_go_on", "jobs_by_delay"}
    for verb, needed in (
        (lambda: due(db, "writing", 4), indexes),
        (lambda: until_due_s(db, "writing"), {"jobs_to_go_on"}),
        (lambda: claim(db, "writing"), indexes),
    ):
        found = plans(db, verb)
        used = {line.rpartition(" INDEX ")[2].split()[0] for line in found if " INDEX " in line}
        assert needed <= used
        assert not any("SCAN jobs" in line or "TEMP B-TREE" in line for line in found), found


def test_the_next_job_is_found_among_many_that_wait_by_a_few_steps(
    db: sqlite3.Connection,
) -> None:
    """Counted in instructions of SQLite's machine, not in time."""

    def steps(verb: Callable[[], object]) -> int:
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        db.set_progress_handler(step, 1)
        verb()
        db.set_progress_handler(None, 0)
        return count

    make_project(db, ("blog", "twitter"))
    few = steps(lambda: due(db, "writing", 4)) + steps(lambda: claim_next(db, "writing"))
    row = db.execute("select * from jobs where type = 'blog'").fetchone()
    names = ", ".join(key for key in row.keys() if key not in ("n", "id", "type"))  # noqa: SIM118
    for when in ("null", f"'{now(3600)}'"):
        db.execute(
            f"insert into jobs (id, type, {names}) with recursive r (i) as"
            " (select 1 union all select i + 1 from r where i < 5000)"
            f" select 'w' || i || {when!r}, 'kind' || i || {when!r}, {names} from r, jobs"
            " where jobs.id = ?",
            (row["id"],),
        )
        if when != "null":
            db.execute(
                "update jobs set waits = 0, run_after = ?, delayed_at = ? where id like 'w%'",
                (now(3600), now()),
            )
    many = steps(lambda: due(db, "writing", 4)) + steps(lambda: claim_next(db, "writing"))
    assert many < 2 * few
    db.execute("update jobs set run_after = null where id = 'w777null'")
    assert claim(db, "writing").id == "w777null"


def test_many_jobs_whose_time_came_are_all_started_once(db: sqlite3.Connection) -> None:
    projects_ids = [make_project(db, sha=str(n)) for n in range(5)]
    for n, project_id in enumerate(projects_ids):
        late, early = now(-60 + n), now(-120)
        db.execute(
            "update jobs set run_after = ?, delayed_at = ? where project_id = ?",
            (late if n % 2 else None, early if n % 2 else None, project_id),
        )
    assert due(db, "media", 3) == 3
    assert due(db, "media", 9) == 5
    assert sorted(claim(db).project_id for _ in range(5)) == sorted(projects_ids)
    assert due(db, "media", 9) == 0
