"""Two verbs let go at one barrier: one winner, and one state."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from draftmill.database.connection import connect
from draftmill.jobs import endings, running
from draftmill.jobs.job import Job, find_job, newest_job
from draftmill.jobs.queue import claim_next
from draftmill.jobs.start import Started, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects.project import row_of
from tests.support.job_rows import claim, make_project, with_transcript

ROUNDS = 100


def race(database: Path, *verbs: Callable[[sqlite3.Connection], object]) -> list[object]:
    """Run each verb on a connection and a thread of its own, let go at one barrier."""
    barrier = threading.Barrier(len(verbs))
    results: list[object] = [None] * len(verbs)

    def run(n: int, verb: Callable[[sqlite3.Connection], object]) -> None:
        connection = connect(database, 60)
        barrier.wait()
        try:
            results[n] = verb(connection)
        except running.Fenced as fenced:
            results[n] = fenced
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_starts_at_once_give_one_job(db: sqlite3.Connection, tmp_path: Path) -> None:
    database = tmp_path / "draftmill.db"
    project_id = make_project(db)
    with_transcript(db, project_id)
    project = row_of(db, project_id)
    for _ in range(ROUNDS):
        last = newest_job(db, project_id, "blog")
        seen = last.id if last else ""
        results = race(database, *[lambda c: start_job(c, project, Wishes("blog"), seen)] * 2)  # noqa: B023
        started = [r for r in results if isinstance(r, Started)]
        assert len({s.job.id for s in started}) == 1
        assert sorted(s.created for s in started) == [False, True]
        job = claim(db, "writing")
        endings.succeed(db, job)


def test_two_claims_have_one_winner(db: sqlite3.Connection, tmp_path: Path) -> None:
    make_project(db)
    for _ in range(ROUNDS):
        results = race(tmp_path / "draftmill.db", *[lambda c: claim_next(c, "media")] * 2)
        winners = [r for r in results if isinstance(r, Job)]
        assert len(winners) == 1
        endings.release(db, winners[0])


def test_cancel_against_success_ends_in_one_state(db: sqlite3.Connection, tmp_path: Path) -> None:
    for n in range(ROUNDS):
        make_project(db, sha=str(n))
        job = claim(db)
        race(
            tmp_path / "draftmill.db",
            lambda c: endings.cancel(c, job),  # noqa: B023
            lambda c: endings.succeed(c, job),  # noqa: B023
        )
        endings.release(db, job)
        ended = find_job(db, job.id)
        assert ended is not None
        assert ended.status == "succeeded"


def test_crash_against_success_ends_once(db: sqlite3.Connection, tmp_path: Path) -> None:
    for n in range(ROUNDS):
        make_project(db, sha=str(n))
        job = claim(db)
        crash, success = race(
            tmp_path / "draftmill.db",
            lambda c: endings.crashed(c, job, "x"),  # noqa: B023
            lambda c: endings.succeed(c, job),  # noqa: B023
        )
        assert (crash is None) == isinstance(success, Job)
        present = find_job(db, job.id)
        assert present is not None
        assert present.status == ("succeeded" if crash is None else "pending")
        endings.cancel(db, present)
