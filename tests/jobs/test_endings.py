"""The ends of a job: success, failure, crashes, cancels, and what becomes of its drafts."""

import sqlite3
from collections.abc import Callable

from draftmill import errors
from draftmill.clock import moment, now
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.job import Job, find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import retry_job
from draftmill.projects import deletion
from draftmill.projects.project import row_of
from tests.support.job_rows import claim, make_project, newest


def test_the_third_crash_in_a_row_fails_and_says_so(db: sqlite3.Connection) -> None:
    make_project(db)
    for _ in range(3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        endings.crashed(db, job, "its process was ended")
    ended = find_job(db, job.id)
    assert ended is not None
    assert (ended.status, ended.error_code, ended.crashes) == ("failed", "crashed", 3)
    assert "three times" in str(ended.error_message)


def test_the_tenth_crash_in_all_fails_however_much_was_committed_between(
    db: sqlite3.Connection,
) -> None:
    make_project(db)
    for _ in range(10):
        job = claim(db)
        with running.fenced(db, job):
            db.execute("update projects set title = title || 'x'")
        ended = endings.crashed(db, job, "its process was ended")
    assert ended is not None
    assert ended.status == "failed"
    assert ended.error_message is not None
    assert ended.error_message.startswith("The worker stopped ten times")


def test_the_third_crash_in_an_optional_stage_leaves_it_out(db: sqlite3.Connection) -> None:
    make_project(db)
    for _ in range(3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        running.begin_stage(db, job, "screenshots", 1, 3)
        endings.crashed(db, job, "its process was ended")
    goes_on = find_job(db, job.id)
    assert goes_on is not None
    assert (goes_on.status, goes_on.skipped) == ("pending", ("screenshots",))
    assert goes_on.warnings


def test_a_transient_problem_is_retried_three_times_then_fails(db: sqlite3.Connection) -> None:
    make_project(db)
    for tried in range(1, 4):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        later = endings.retry_later(db, job, Problem("busy", ""))
        assert later is not None
        assert (later.status, later.retries) == ("pending", tried)
        assert later.run_after is not None
    db.execute("update jobs set run_after = null")
    job = claim(db)
    failed = endings.retry_later(db, job, Problem("busy", ""))
    assert failed is not None
    assert (failed.status, failed.error_message) == ("failed", "busy")


def test_no_server_can_make_a_job_wait_longer_than_an_hour(db: sqlite3.Connection) -> None:
    make_project(db)
    for asked_s in (1e6, 1e12):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        waiting = endings.retry_later(db, job, Problem("busy", "", retry_after_s=asked_s))
        assert waiting is not None
        assert waiting.run_after is not None
        assert waiting.run_after <= now(3601)


def test_what_a_user_and_a_stop_did_is_in_the_log_once(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    endings.release(db, job)
    again = claim(db)
    for _ in range(2):
        endings.cancel(db, job)
    endings.release(db, again)
    lines = db.execute("select attempt, message from job_logs order by id").fetchall()
    assert [tuple(line) for line in lines] == [
        (0, "Started"),
        (1, "Work begins"),
        (1, "Draftmill was stopped; work goes on when it is started again"),
        (2, "Work goes on"),
        (2, "Asked to cancel"),
        (2, "Cancelled"),
    ]


def test_cancelling_a_pending_job_ends_it_now(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    cancelled = endings.cancel(db, newest(db, project_id, "blog"))
    assert cancelled.status == "cancelled"
    assert cancelled.completed_at


def test_a_wish_to_cancel_wins_over_every_end_but_success(db: sqlite3.Connection) -> None:
    ends: list[Callable[[Job], object]] = [
        lambda job: endings.fail(db, job, Problem("x", ""), "e17"),
        lambda job: endings.crashed(db, job, "x"),
        lambda job: endings.retry_later(db, job, Problem("x", "")),
        lambda job: endings.release(db, job),
    ]
    for n, end in enumerate(ends):
        make_project(db, sha=str(n))
        job = claim(db)
        assert endings.cancel(db, job).status == "running"
        end(job)
        ended = find_job(db, job.id)
        assert ended is not None
        assert (ended.status, ended.error_code, ended.error_id) == ("cancelled", None, None)
        assert ended.completed_at


def test_success_against_a_wish_stays_success(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    endings.cancel(db, job)
    assert endings.succeed(db, job).status == "succeeded"
    assert endings.cancel(db, job).status == "succeeded"


def test_when_an_ingest_fails_its_drafts_are_cancelled_and_retried_with_it(
    db: sqlite3.Connection,
) -> None:
    project_id = make_project(db, ("blog", "twitter"))
    endings.cancel(db, newest(db, project_id, "twitter"))
    ingest = claim(db)
    endings.fail(db, ingest, Problem("no speech", "try another"))
    blog = newest(db, project_id, "blog")
    assert (blog.status, blog.error_code) == ("cancelled", "ingest_ended")
    told = db.execute("select job_id, kind from notifications").fetchall()
    assert [tuple(row) for row in told] == [(ingest.id, "failed")]

    started = retry_job(db, ingest)
    assert started.job.origin_id == ingest.id
    assert [job.type for job in started.others] == ["blog"]
    assert newest(db, project_id, "blog").after_job_id == started.job.id
    # The one that the user cancelled stays cancelled.
    assert newest(db, project_id, "twitter").status == "cancelled"


def test_deleting_the_project_ends_its_jobs_and_leaves_tombstones(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    job = claim(db)
    deletion.delete_project(db, row_of(db, project_id))
    assert find_job(db, job.id) is None
    assert endings.release(db, job) is None
    gone = db.execute("select kind from changes where deleted = 1 order by kind").fetchall()
    assert [row["kind"] for row in gone] == ["job", "job", "project"]


def test_the_wait_before_each_retry_grows_with_jitter(db: sqlite3.Connection) -> None:
    make_project(db)
    waits = []
    for _ in range(3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        later = endings.retry_later(db, job, errors.NetworkFailed())
        assert later is not None
        assert later.run_after
        assert later.delayed_at
        waited = moment(later.run_after) - moment(later.delayed_at)
        waits.append(waited.total_seconds())
    for waited_s, usual_s in zip(waits, (1, 4, 16), strict=True):
        assert 0.89 * usual_s <= waited_s <= 1.11 * usual_s


def test_a_job_retried_by_its_user_begins_to_count_anew(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    db.execute("update jobs set retries = 3")
    job = claim(db)
    failed = endings.retry_later(db, job, errors.DiskFull())
    assert failed is not None
    assert failed.status == "failed"
    again = retry_job(db, failed).job
    assert (again.retries, again.origin_id) == (0, job.origin_id)
    assert newest(db, project_id, INGEST).id == again.id
