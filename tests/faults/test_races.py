"""Two verbs let go at one barrier, again and again: one winner each time, one end, one notification."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest

from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import Job
from draftmill.jobs.queue import claim_next
from draftmill.jobs.running import Fenced
from draftmill.jobs.start import Started, retry_job, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.maintenance import invariants
from draftmill.projects.project import row_of
from draftmill.settings import Settings
from tests.support.faults_table import Ledger
from tests.support.racing import QUEUE, TYPE, Racers, Verb

Rounds = Callable[[int, int], int]


@pytest.fixture(scope="module")
def racers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Racers]:
    settings = Settings(data=tmp_path_factory.mktemp("races") / "data")
    prepare(settings.database)
    with closing(connect(settings.database, 10)) as db:
        db.execute(
            "insert into users (id, email, password_hash, role, created_at)"
            " values (1, 'mara@example.org', '', 'owner', '')"
        )
    made = Racers(settings)
    yield made
    made.close()


@pytest.fixture
def many(
    racers: Racers,
    rounds: Rounds,
    ledger: Ledger,
    request: pytest.FixtureRequest,
    passed: Callable[[], bool],
) -> Iterator[range]:
    """Numbers for the rounds of a race, each a project of its own; all is well after them."""
    most = rounds(100, 1000)
    first = racers.db.execute("select count(*) from projects").fetchone()[0]
    yield range(first, first + most)
    found = invariants.broken(racers.db, racers.settings, at_rest=True, orphans_after_s=0)
    assert not found, found
    name = request.node.name.removeprefix("test_").replace("_", " ")
    if passed():
        ledger.record(f"Race: {name}", most)


def cancel(job: Job) -> Verb:
    return lambda db: endings.cancel(db, job)


def succeed(job: Job) -> Verb:
    return lambda db: endings.succeed(db, job)


def test_two_starts_make_one_job(racers: Racers, many: range) -> None:
    for n in many:
        project = racers.project(n)
        seen = "" if n % 2 else None
        start: Verb = partial(start_job, project=project, wishes=Wishes(TYPE), after_last=seen)
        both = racers.race(start, start)
        assert all(isinstance(one, Started) for one in both), both
        made = [one for one in both if isinstance(one, Started)]
        assert made[0].job.id == made[1].job.id
        assert sorted(one.created for one in made) == [False, True]
        racers.finish(made[0].job)
        racers.ended_once(made[0].job, "succeeded")


def test_a_cancel_against_a_success_ends_in_one_of_both(racers: Racers, many: range) -> None:
    for n in many:
        job = racers.running(n)
        asked, done = racers.race(cancel(job), succeed(job))
        assert isinstance(asked, Job), asked
        assert isinstance(done, Job), done
        assert endings.release(racers.db, job) is None
        racers.ended_once(job, "succeeded")


def test_a_cancel_and_its_supervisor_against_a_success_end_in_one_state(
    racers: Racers, many: range
) -> None:
    """The supervisor ends the child as soon as it sees the wish, at the moment of the success."""
    for n in many:
        job = racers.running(n)
        endings.cancel(racers.db, job)
        left, done = racers.race(lambda db, j=job: endings.release(db, j), succeed(job))
        if isinstance(left, Job):
            assert isinstance(done, Fenced), done
            racers.ended_once(job, "cancelled")
        else:
            assert left is None
            assert isinstance(done, Job), done
            racers.ended_once(job, "succeeded")


def test_two_cancels_end_a_job_once(racers: Racers, many: range) -> None:
    for n in many:
        job = racers.running(n) if n % 2 else racers.pending(n)
        both = racers.race(cancel(job), cancel(job))
        assert all(isinstance(one, Job) for one in both), both
        endings.release(racers.db, job)
        racers.ended_once(job, "cancelled")


def test_a_crash_against_a_success_has_one_winner(racers: Racers, many: range) -> None:
    for n in many:
        job = racers.running(n)
        crash, done = racers.race(
            lambda db, j=job: endings.crashed(db, j, "its process ended"), succeed(job)
        )
        if isinstance(crash, Job):
            assert isinstance(done, Fenced), done
            assert racers.now(job).status == "pending"
        else:
            assert crash is None
            assert isinstance(done, Job), done
        racers.finish(job)
        assert racers.ended_once(job, "succeeded").crashes == isinstance(crash, Job)


def test_two_crashes_of_one_attempt_count_once(racers: Racers, many: range) -> None:
    """The old supervisor's last word against the new consumer's first look."""
    for n in many:
        job = racers.running(n)
        crash: Verb = lambda db, j=job: endings.crashed(db, j, "its process ended")  # noqa: E731
        both = racers.race(crash, crash)
        assert sorted(type(one).__name__ for one in both) == ["Job", "NoneType"]
        assert racers.now(job).crashes == 1
        racers.finish(job)
        racers.ended_once(job, "succeeded")


def test_two_retries_make_one_job(racers: Racers, many: range) -> None:
    for n in many:
        failed = racers.failed(n)
        retry: Verb = lambda db, j=failed: retry_job(db, j)  # noqa: E731
        both = racers.race(retry, retry)
        made = [one for one in both if isinstance(one, Started)]
        assert len(made) == 2, both
        assert made[0].job.id == made[1].job.id
        assert sorted(one.created for one in made) == [False, True]
        racers.finish(made[0].job)
        racers.ended_once(made[0].job, "succeeded")
        racers.ended_once(failed, "failed")


def test_a_retry_against_a_start_makes_one_job(racers: Racers, many: range) -> None:
    for n in many:
        failed = racers.failed(n)
        project = row_of(racers.db, failed.project_id)
        both = racers.race(
            lambda db, j=failed: retry_job(db, j),
            lambda db, p=project, j=failed: start_job(db, p, Wishes(TYPE), j.id),
        )
        made = [one for one in both if isinstance(one, Started)]
        assert len(made) == 2, both
        assert made[0].job.id == made[1].job.id
        assert sorted(one.created for one in made) == [False, True]
        racers.finish(made[0].job)
        racers.ended_once(made[0].job, "succeeded")


def test_two_claims_of_one_job_have_one_winner(racers: Racers, many: range) -> None:
    for n in many:
        job = racers.pending(n)
        claim: Verb = lambda db: claim_next(db, QUEUE)  # noqa: E731
        winners = [one for one in racers.race(claim, claim) if isinstance(one, Job)]
        assert [(won.id, won.attempt) for won in winners] == [(job.id, 1)]
        racers.finish(job)
        racers.ended_once(job, "succeeded")


def test_a_claim_against_a_cancel_never_runs_what_was_cancelled(
    racers: Racers, many: range
) -> None:
    for n in many:
        job = racers.pending(n)
        claimed, asked = racers.race(lambda db: claim_next(db, QUEUE), cancel(job))
        assert isinstance(asked, Job), asked
        if isinstance(claimed, Job):
            assert asked.cancel_requested_at
            endings.release(racers.db, claimed)
        racers.ended_once(job, "cancelled")


def test_a_cancel_against_a_retry_later_cancels(racers: Racers, many: range) -> None:
    for n in many:
        job = racers.running(n)
        racers.race(
            cancel(job),
            lambda db, j=job: endings.retry_later(db, j, Problem("Busy.", "")),
        )
        racers.ended_once(job, "cancelled")
        assert racers.now(job).run_after is None


def test_a_failure_against_a_cancel_has_one_winner(racers: Racers, many: range) -> None:
    for n in many:
        job = racers.running(n)
        failed, asked = racers.race(
            lambda db, j=job: endings.fail(db, j, Problem("It broke.", "Mend it.")),
            cancel(job),
        )
        assert isinstance(asked, Job), asked
        assert isinstance(failed, Job), failed
        ended = racers.ended_once(job, "failed", "cancelled")
        assert failed.status == ended.status
