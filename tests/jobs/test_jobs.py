"""The life of a job: each verb's guard, and who wins a race."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from draftmill.clock import now
from draftmill.database.connection import connect, transaction
from draftmill.errors import NotFound, Problem
from draftmill.jobs import endings, running
from draftmill.jobs.job import Job, find_job, job_for, newest_job
from draftmill.jobs.log import log_line
from draftmill.jobs.policies import INGEST
from draftmill.jobs.queue import claim_next, due
from draftmill.jobs.start import NotRetryable, Started, retry_job, start_job
from draftmill.projects import deletion
from draftmill.projects.project import row_of
from tests.support.job_rows import claim, make_project, newest, with_transcript

ROUNDS = 100


def test_a_new_project_has_its_ingest_and_its_drafts_to_be(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog", "twitter"))
    ingest = newest(db, project_id, INGEST)
    assert ingest.status == "pending"
    for name in ("blog", "twitter"):
        assert newest(db, project_id, name).after_job_id == ingest.id


def test_a_draft_is_due_only_when_its_ingest_succeeded(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    assert claim_next(db, "writing") is None
    with_transcript(db, project_id)
    assert claim(db, "writing").type == "blog"


def test_starting_an_active_type_gives_the_job_that_exists(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    project = row_of(db, project_id)
    again = start_job(db, project, "blog", {"instructions": "shorter"})
    assert not again.created
    assert again.unused
    assert again.job.id == newest(db, project_id, "blog").id


def test_a_form_that_saw_an_older_state_starts_nothing(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    with_transcript(db, project_id)
    project = row_of(db, project_id)
    first = start_job(db, project, "blog", after_last="").job
    claimed = claim(db, "writing")
    endings.succeed(db, claimed.id, claimed.attempt)
    assert start_job(db, project, "blog", after_last="").job.id == first.id
    assert start_job(db, project, "blog", after_last=first.id).created


def test_a_draft_without_transcript_starts_the_ingest_too(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    ingest = newest(db, project_id, INGEST)
    endings.cancel(db, ingest)
    started = start_job(db, row_of(db, project_id), "blog")
    assert [job.type for job in started.others] == [INGEST]
    assert started.job.after_job_id == started.others[0].id
    assert started.others[0].retry_of == ingest.id


def test_a_claim_counts_an_attempt_and_takes_the_oldest(db: sqlite3.Connection) -> None:
    first, second = make_project(db, sha="a"), make_project(db, sha="b")
    assert [claim(db).project_id, claim(db).project_id] == [first, second]
    assert newest(db, first, INGEST).attempt == 1


def test_a_late_success_after_a_new_claim_changes_nothing(db: sqlite3.Connection) -> None:
    make_project(db)
    old = claim(db)
    endings.crashed(db, old, old.attempt, "its process was ended")
    new = claim(db)
    assert (new.id, new.attempt) == (old.id, old.attempt + 1)
    with pytest.raises(running.Fenced):
        endings.succeed(db, old.id, old.attempt)
    with pytest.raises(running.Fenced), running.fenced(db, old.id, old.attempt):
        pass
    assert endings.fail(db, old, old.attempt, Problem("late", "")) is None
    job = find_job(db, old.id)
    assert job is not None
    assert (job.status, job.attempt) == ("running", new.attempt)


def test_what_a_fenced_attempt_wrote_is_rolled_back(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    with pytest.raises(running.Fenced), transaction(db):
        db.execute("update projects set title = 'late'")
        endings.succeed(db, job.id, job.attempt + 1)
    assert db.execute("select title from projects").fetchone()[0] != "late"


def test_the_third_crash_in_a_row_fails_and_says_so(db: sqlite3.Connection) -> None:
    make_project(db)
    for _ in range(3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        endings.crashed(db, job, job.attempt, "its process was ended")
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
        with running.fenced(db, job.id, job.attempt):
            db.execute("update projects set title = title || 'x'")
        ended = endings.crashed(db, job, job.attempt, "its process was ended")
    assert ended is not None
    assert ended.status == "failed"
    assert ended.error_message is not None
    assert ended.error_message.startswith("The worker stopped ten times")


def test_every_reference_has_an_index_so_that_a_deletion_reads_only_what_goes(
    db: sqlite3.Connection,
) -> None:
    tables = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
    for table in tables:
        first = {
            db.execute(f"pragma index_info('{index['name']}')").fetchone()["name"]
            for index in db.execute(f"pragma index_list('{table}')").fetchall()
        }
        refers = {row["from"] for row in db.execute(f"pragma foreign_key_list('{table}')")}
        assert refers <= first, table


def test_a_commit_between_crashes_begins_the_count_anew(db: sqlite3.Connection) -> None:
    make_project(db)
    for _ in range(4):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        with running.fenced(db, job.id, job.attempt):
            log_line(db, job.id, job.attempt, "a window")
        endings.crashed(db, job, job.attempt, "its process was ended")
    pending = find_job(db, job.id)
    assert pending is not None
    assert (pending.status, pending.crashes, pending.crashes_in_a_row) == ("pending", 4, 1)


def test_the_third_crash_in_an_optional_stage_leaves_it_out(db: sqlite3.Connection) -> None:
    make_project(db)
    for _ in range(3):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        running.begin_stage(db, job.id, job.attempt, "screenshots", 1, 3)
        endings.crashed(db, job, job.attempt, "its process was ended")
    goes_on = find_job(db, job.id)
    assert goes_on is not None
    assert (goes_on.status, goes_on.skipped) == ("pending", ("screenshots",))
    assert goes_on.warnings


def test_a_transient_problem_is_retried_three_times_then_fails(db: sqlite3.Connection) -> None:
    make_project(db)
    for tried in range(1, 4):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        later = endings.retry_later(db, job, job.attempt, Problem("busy", ""))
        assert later is not None
        assert (later.status, later.retries) == ("pending", tried)
        assert later.run_after is not None
    db.execute("update jobs set run_after = null")
    job = claim(db)
    failed = endings.retry_later(db, job, job.attempt, Problem("busy", ""))
    assert failed is not None
    assert (failed.status, failed.error_message) == ("failed", "busy")


def test_no_server_can_make_a_job_wait_longer_than_an_hour(db: sqlite3.Connection) -> None:
    make_project(db)
    for asked_s in (1e6, 1e12):
        db.execute("update jobs set run_after = null")
        job = claim(db)
        waiting = endings.retry_later(
            db, job, job.attempt, Problem("busy", "", retry_after_s=asked_s)
        )
        assert waiting is not None
        assert waiting.run_after is not None
        assert waiting.run_after <= now(3601)


def test_wishes_that_a_taken_up_draft_does_not_have_are_said_to_be_unused(
    db: sqlite3.Connection,
) -> None:
    project_id = make_project(db, ("blog",))
    ingest = claim(db)
    endings.fail(db, ingest, ingest.attempt, Problem("x", ""))
    started = start_job(db, row_of(db, project_id), "blog", {"instructions": "shorter"})
    assert started.job.retry_of is not None
    assert started.unused


def test_the_time_of_a_released_attempt_is_counted(db: sqlite3.Connection) -> None:
    make_project(db)
    for total_s in (60.0, 120.0):
        job = claim(db)
        running.count_time(db, job, 60.0)
        endings.release(db, job, job.attempt)
        running.count_time(db, job, 61.0)  # too late: it is nobody's any more
        released = find_job(db, job.id)
        assert released is not None
        assert (released.ran_s, released.crashes) == (total_s, 0)


def test_what_a_user_and_a_stop_did_is_in_the_log_once(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    endings.release(db, job, job.attempt)
    again = claim(db)
    for _ in range(2):
        endings.cancel(db, job)
    endings.release(db, again, again.attempt)
    lines = db.execute("select attempt, message from job_logs order by id").fetchall()
    assert [tuple(line) for line in lines] == [
        (0, "Started"),
        (1, "Work begins"),
        (1, "Draftmill was stopped; work goes on when it is started again"),
        (2, "Work goes on"),
        (2, "Asked to cancel"),
        (2, "Cancelled"),
    ]


def test_a_job_that_waits_is_not_due_until_its_time_came(db: sqlite3.Connection) -> None:
    make_project(db)
    job = claim(db)
    endings.retry_later(db, job, job.attempt, Problem("busy", "", retry_after_s=3600))
    assert claim_next(db, "media") is None
    # A clock that was set back by days delays nothing.
    db.execute("update jobs set delayed_at = ?, run_after = ?", (now(9e5), now(9e5 + 9)))
    assert claim(db).id == job.id


def test_cancelling_a_pending_job_ends_it_now(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    cancelled = endings.cancel(db, newest(db, project_id, "blog"))
    assert cancelled.status == "cancelled"
    assert cancelled.completed_at


def test_a_wish_to_cancel_wins_over_every_end_but_success(db: sqlite3.Connection) -> None:
    ends: list[Callable[[Job], object]] = [
        lambda job: endings.fail(db, job, job.attempt, Problem("x", ""), "e17"),
        lambda job: endings.crashed(db, job, job.attempt, "x"),
        lambda job: endings.retry_later(db, job, job.attempt, Problem("x", "")),
        lambda job: endings.release(db, job, job.attempt),
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
    assert endings.succeed(db, job.id, job.attempt).status == "succeeded"
    assert endings.cancel(db, job).status == "succeeded"


def test_when_an_ingest_fails_its_drafts_are_cancelled_and_retried_with_it(
    db: sqlite3.Connection,
) -> None:
    project_id = make_project(db, ("blog", "twitter"))
    endings.cancel(db, newest(db, project_id, "twitter"))
    ingest = claim(db)
    endings.fail(db, ingest, ingest.attempt, Problem("no speech", "try another"))
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


def test_retrying_a_draft_of_a_failed_ingest_starts_both(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    ingest = claim(db)
    endings.fail(db, ingest, ingest.attempt, Problem("x", ""))
    started = retry_job(db, newest(db, project_id, "blog"))
    assert started.job.type == "blog"
    assert started.job.active
    assert [job.type for job in started.others] == [INGEST]
    assert started.job.after_job_id == started.others[0].id


def test_a_second_retry_gives_the_same_job_and_an_ended_well_one_is_refused(
    db: sqlite3.Connection,
) -> None:
    make_project(db)
    job = claim(db)
    endings.fail(db, job, job.attempt, Problem("x", ""))
    failed = find_job(db, job.id)
    assert failed is not None
    assert retry_job(db, failed).job.id == retry_job(db, failed).job.id
    again = claim(db)
    done = endings.succeed(db, again.id, again.attempt)
    with pytest.raises(NotRetryable):
        retry_job(db, done)


def test_deleting_the_project_ends_its_jobs_and_leaves_tombstones(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    job = claim(db)
    deletion.delete_project(db, row_of(db, project_id))
    assert find_job(db, job.id) is None
    assert endings.release(db, job, job.attempt) is None
    gone = db.execute("select kind from changes where deleted = 1 order by kind").fetchall()
    assert [row["kind"] for row in gone] == ["job", "job", "project"]


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
        results = race(database, *[lambda c: start_job(c, project, "blog", {}, seen)] * 2)  # noqa: B023
        started = [r for r in results if isinstance(r, Started)]
        assert len({s.job.id for s in started}) == 1
        assert sorted(s.created for s in started) == [False, True]
        job = claim(db, "writing")
        endings.succeed(db, job.id, job.attempt)


def test_two_claims_have_one_winner(db: sqlite3.Connection, tmp_path: Path) -> None:
    make_project(db)
    for _ in range(ROUNDS):
        results = race(tmp_path / "draftmill.db", *[lambda c: claim_next(c, "media")] * 2)
        winners = [r for r in results if isinstance(r, Job)]
        assert len(winners) == 1
        endings.release(db, winners[0], winners[0].attempt)


def test_cancel_against_success_ends_in_one_state(db: sqlite3.Connection, tmp_path: Path) -> None:
    for n in range(ROUNDS):
        make_project(db, sha=str(n))
        job = claim(db)
        race(
            tmp_path / "draftmill.db",
            lambda c: endings.cancel(c, job),  # noqa: B023
            lambda c: endings.succeed(c, job.id, job.attempt),  # noqa: B023
        )
        endings.release(db, job, job.attempt)
        ended = find_job(db, job.id)
        assert ended is not None
        assert ended.status == "succeeded"


def test_crash_against_success_ends_once(db: sqlite3.Connection, tmp_path: Path) -> None:
    for n in range(ROUNDS):
        make_project(db, sha=str(n))
        job = claim(db)
        crash, success = race(
            tmp_path / "draftmill.db",
            lambda c: endings.crashed(c, job, job.attempt, "x"),  # noqa: B023
            lambda c: endings.succeed(c, job.id, job.attempt),  # noqa: B023
        )
        assert (crash is None) == isinstance(success, Job)
        present = find_job(db, job.id)
        assert present is not None
        assert present.status == ("succeeded" if crash is None else "pending")
        endings.cancel(db, present)


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
    start_job(db, row_of(db, project_id), "blog")
    for verb in (lambda: due(db, "writing", 4), lambda: claim(db, "writing")):
        found = plans(db, verb)
        used = {line.rpartition(" INDEX ")[2].split()[0] for line in found if " INDEX " in line}
        assert {"jobs_to_start", "jobs_to_go_on", "jobs_by_delay"} <= used
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


def test_another_users_job_is_not_found(db: sqlite3.Connection) -> None:
    job = newest(db, make_project(db), INGEST)
    assert job_for(db, job.user_id, job.id) == job
    for stranger, job_id in ((job.user_id + 1, job.id), (job.user_id, "none")):
        with pytest.raises(NotFound):
            job_for(db, stranger, job_id)
