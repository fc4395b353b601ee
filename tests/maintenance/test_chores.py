"""What ran out goes: ended jobs, their transcripts and checkpoints, sessions and links."""

import threading

import pytest

from draftmill.accounts import sessions, throttle, tokens, users
from draftmill.accounts.secret import hash_of
from draftmill.clock import now
from draftmill.database import changes, idempotency
from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import retry_job
from draftmill.maintenance.janitor import Janitor
from draftmill.maintenance.rounds import Stopped
from draftmill.projects.project import row_of
from tests.support.cleaning import clean, sound
from tests.support.data_folder import DataFolder
from tests.support.house import PASSWORD, draftmill

# Ended jobs.


def test_ended_jobs_go_after_thirty_days_but_the_newest_of_each_type_stays(
    home: DataFolder,
) -> None:
    project_id = home.recorded(types=("blog",))
    home.work_off()
    old = [row["id"] for row in home.db.execute("select id from jobs")]
    home.start(project_id, "blog")
    home.work_off()
    home.age(days=29)
    assert "ended jobs deleted" not in clean(home).counts
    home.age(days=2)
    blogs = [job_id for job_id in old if home.job(job_id).type == "blog"]
    counts = clean(home).counts
    assert counts["ended jobs deleted"] == len(blogs) == 1
    assert not home.has_job(blogs[0])
    assert home.count("job_logs where job_id = ?", blogs[0]) == 0
    assert home.count("jobs") == 2
    sound(home)


def test_drafts_outlive_the_jobs_that_wrote_them(home: DataFolder) -> None:
    project_id = home.brought()
    home.work_off()
    home.start(project_id, "blog")
    home.work_off()
    home.age(days=31)
    clean(home)
    kept = home.db.execute("select n, job_id is null as orphaned from draft_versions order by n")
    assert [tuple(row) for row in kept] == [(1, 1), (2, 0)]
    assert home.count("drafts where version_id is not null") == 1
    sound(home)


def test_pages_hear_of_deleted_jobs_and_the_tombstones_go_a_day_later(home: DataFolder) -> None:
    project_id = home.brought()
    home.work_off()
    home.start(project_id, "blog")
    home.work_off()
    home.age(days=31)
    seen = changes.latest(home.db)
    clean(home)
    (gone,) = [change for change in changes.since(home.db, seen) if change.kind == "job"]
    assert gone.deleted
    home.age(days=0.9)
    assert "changes of deleted things trimmed" not in clean(home).counts
    home.age(days=1.1)
    assert clean(home).counts["changes of deleted things trimmed"] == 1
    assert changes.rev(home.db, "job", gone.object_id) == 0
    sound(home)


def test_how_long_ended_jobs_are_kept_is_a_setting(home: DataFolder) -> None:
    project_id = home.brought()
    home.work_off()
    home.start(project_id, "blog")
    home.work_off()
    home.age(days=3)
    assert "ended jobs deleted" not in clean(home).counts
    assert clean(home, keep_jobs_days=2).counts["ended jobs deleted"] == 1


def test_a_job_that_goes_through_many_retries_keeps_what_it_paid_for(home: DataFolder) -> None:
    home.recorded()
    job = home.claim("media")
    home.listen(job)
    for _ in range(3):
        endings.fail(home.db, job, Problem("No.", "Again."))
        home.age(days=31)
        clean(home)
        retry_job(home.db, home.job(job.id))
        job = home.claim("media")
    assert home.count("jobs") >= 1
    assert home.count("checkpoints where origin_id = ?", job.origin_id) == 1
    assert home.count("transcripts") == 1
    sound(home)


def test_checkpoints_go_when_their_job_has_reached_its_aim(home: DataFolder) -> None:
    home.recorded()
    home.work_off()
    assert home.count("checkpoints") == 1
    assert "checkpoints deleted" not in clean(home).counts
    home.age(days=2)
    assert clean(home).counts["checkpoints deleted"] == 1


def test_a_stop_in_the_middle_leaves_everything_whole(home: DataFolder) -> None:
    project_id = home.brought()
    home.work_off()
    for _ in range(120):
        home.start(project_id, "blog")
        home.work_off()
    home.age(days=31)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        Janitor(home.settings, stop).clean(home.db)
    assert 0 < home.count("jobs") < 122
    sound(home)
    clean(home)
    assert home.count("jobs") == 2
    sound(home)


# Transcripts.


def test_transcripts_that_nobody_shows_or_goes_on_with_go(home: DataFolder) -> None:
    project_id = home.recorded()
    home.work_off()
    home.start(project_id, INGEST)
    home.work_off()
    assert home.count("transcripts") == 2
    home.age(days=2)
    assert clean(home).counts["transcripts deleted"] == 1
    shown = row_of(home.db, project_id)["transcript_id"]
    assert home.count("transcripts where id = ?", shown) == home.count("transcripts") == 1
    assert home.count("segments where transcript_id != ?", shown) == 0
    sound(home)


def test_an_unfinished_transcript_stays_while_a_retry_could_go_on_with_it(
    home: DataFolder,
) -> None:
    project_id = home.recorded()
    job = home.claim("media")
    unfinished = home.listen(job)
    endings.fail(home.db, job, Problem("No.", "Again."))
    home.age(days=20)
    clean(home)
    assert home.count("transcripts where id = ?", unfinished) == 1
    home.start(project_id, INGEST)
    home.age(days=2)
    clean(home)
    assert home.count("transcripts where id = ?", unfinished) == 1  # an ingest is at work
    home.work_off()
    home.age(days=2)
    clean(home)
    assert home.count("transcripts where id = ?", unfinished) == 0
    sound(home)


# People who do not come back, and what else runs out.


def test_sessions_attempts_links_and_keys_that_ran_out_are_forgotten(home: DataFolder) -> None:
    secret = sessions.start_session(home.db, home.settings, 1)
    throttle.count_attempt(home.db, "mara@example.org", "203.0.113.7")
    home.db.execute("delete from users where id != 1")
    home.db.execute("insert into setup_tokens values ('x', ?)", (now(60),))
    answer = idempotency.Kept(200, "", {})
    idempotency.keep(home.db, 1, "key", "hash", answer)
    assert clean(home).counts == {}
    home.age(days=16)
    assert clean(home).counts == {
        "sessions ended": 1,
        "sign-in attempts forgotten": 1,
        "setup links deleted": 1,
        "repeated requests forgotten": 1,
    }
    assert changes.since(home.db, 0)[-1].object_id == hash_of(secret)
    assert changes.since(home.db, 0)[-1].deleted
    clean(home)
    home.age(days=2)
    assert clean(home).counts == {"changes of deleted things trimmed": 1}


def test_what_went_with_a_removed_user_is_told_and_then_forgotten(home: DataFolder) -> None:
    draftmill(home.settings.data, "user", "add", "second@example.org", stdin=PASSWORD + "\n")
    second = users.by_email(home.db, "second@example.org").id
    tokens.add(home.db, second, "script")
    project_id = home.recorded()
    for table in ("projects", "jobs"):
        home.db.execute(f"update {table} set user_id = ?", (second,))
    home.work_off()
    draftmill(home.settings.data, "user", "remove", "second@example.org")
    assert home.count("checkpoints") == 0
    assert home.count("changes where object_id = ? and deleted", project_id) == 1
    home.age(days=2)
    clean(home)
    sound(home)
    clean(home)
    home.age(days=2)
    clean(home)
    assert home.count("changes where object_id = ?", project_id) == 0
