"""Each rule holds in a house where all went well, and finds the one thing that is broken."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.maintenance import invariants
from tests.support.data_folder import DAY_S, DataFolder, data_folder


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording and a transcript, both with drafts, all done."""
    data = tmp_path_factory.mktemp("done") / "data"
    with data_folder(data) as home:
        home.recorded("r", ("blog", "twitter"))
        home.brought("b")
        home.work_off()
    return data


@pytest.fixture
def home(done: Path, tmp_path: Path) -> Iterator[DataFolder]:
    """A copy of it for each test to break."""
    shutil.copytree(done, tmp_path / "data")
    with data_folder(tmp_path / "data") as home:
        yield home


def broken(home: DataFolder, at_rest: bool = True) -> list[str]:
    return invariants.broken(home.db, home.settings, at_rest=at_rest, orphans_after_s=0)


def test_all_rules_hold_when_all_went_well(home: DataFolder) -> None:
    assert broken(home) == []


def test_all_rules_hold_after_failures_retries_and_deletions(home: DataFolder) -> None:
    project_id = home.recorded("second", ("blog",))
    ingest = home.claim("media")
    endings.crashed(home.db, ingest, "it was killed")
    ingest = home.claim("media")
    endings.fail(home.db, ingest, Problem("No.", "Try another."))
    assert broken(home) == []
    home.work_off()
    home.start(project_id, "blog")
    assert broken(home) == []
    endings.cancel(home.db, home.job(home.start(project_id, "blog").id))
    home.work_off()
    assert broken(home) == []


def test_a_running_job_is_fine_at_work_and_broken_at_rest(home: DataFolder) -> None:
    home.recorded("second")
    job = home.claim("media")
    assert broken(home, at_rest=False) == []
    (sentence,) = broken(home)
    assert job.id in sentence
    assert "nobody is at work" in sentence


def test_a_running_job_must_have_been_heard_of_where_a_consumer_lives(home: DataFolder) -> None:
    home.recorded("second")
    job = home.claim("media")
    home.age(days=2)
    look = {"orphans_after_s": 9 * DAY_S}
    assert invariants.broken(home.db, home.settings, **look) == []
    (sentence,) = invariants.broken(home.db, home.settings, consumers_live=True, **look)
    assert job.id in sentence


BLOG = "(select id from jobs where type = 'blog' order by n limit 1)"
MEDIA = "(select id from projects where source = 'media')"

DAMAGE = {
    "an end without a time": (
        f"update jobs set completed_at = null where id = {BLOG}",
        "the time of its end says otherwise",
    ),
    "no line of its end": (
        "delete from job_logs where message = 'Done' and id in (select max(id) from job_logs)",
        "its log tells of 0 ends",
    ),
    "two ends": (
        "insert into job_logs (job_id, attempt, level, message, at)"
        f" values ({BLOG}, 1, 'info', 'Cancelled', '')",
        "its log tells of 2 ends",
    ),
    "a failure without a reason": (
        f"update jobs set status = 'failed' where id = {BLOG}",
        "failed without saying why",
    ),
    "told twice": (
        "insert into notifications (user_id, job_id, kind, created_at)"
        f" values (1, {BLOG}, 'succeeded', '')",
        "was told 2 times",
    ),
    "two active jobs of a type": (
        "drop index one_active_job_of_a_type;"
        "update jobs set status = 'pending', completed_at = null, type = 'blog'"
        f" where project_id = {MEDIA}",
        "3 active jobs of the type blog",
    ),
    "a job of another user": (
        "insert into users (id, email, password_hash, role, created_at)"
        " values (2, 'b@example.org', '', 'user', '');"
        f"update jobs set user_id = 2 where id = {BLOG}",
        "belongs to another user",
    ),
    "a job that waits for another project's": (
        f"update jobs set after_job_id = (select id from jobs where project_id != {MEDIA} limit 1)"
        f" where id = {BLOG}",
        "of another project",
    ),
    "a retry of another kind": (
        f"update jobs set retry_of = (select id from jobs where project_id = {MEDIA}"
        f" and type = 'ingest') where id = {BLOG}",
        "which is not of its kind",
    ),
    "a lost version": (
        f"delete from draft_versions where job_id = {BLOG}",
        "the draft that it wrote is not there",
    ),
    "a draft that shows nothing": (
        "update drafts set version_id = null where type = 'twitter'",
        "shows no version of its own",
    ),
    "versions without a draft": (
        "delete from drafts where type = 'twitter'",
        "have no draft that shows one",
    ),
    "an incomplete transcript": (
        "update transcripts set completed_at = null",
        "not complete or not its own",
    ),
    "an unfinished window": (
        "update windows set completed_at = null",
        "1 of its windows are not",
    ),
    "a lost window": ("update windows set n = 1", "has 1 windows, numbered up to 2"),
    "sentences of no window": ("delete from windows", "which is not finished"),
    "a job without a change": (
        "delete from changes where kind = 'job'",
        "is missing among the changes",
    ),
    "a deleted project that is there": (
        "update changes set deleted = 1 where kind = 'project'",
        "is missing among the changes",
    ),
    "a change of nothing": (
        "insert into changes values ('job', 'no-such-job', 1, 1000000, 0, '');"
        "update counters set n = 1000000",
        "job no-such-job is gone",
    ),
    "a counter that fell behind": ("update counters set n = 1", "The counter of changes stands"),
    "a queue that nobody serves": (
        "update jobs set status = 'pending', completed_at = null, queue = 'gardening'"
        f" where id = {BLOG}",
        "no worker serves its queue",
    ),
    "waiting for what has ended": (
        "update jobs set status = 'pending', completed_at = null, waits = 1,"
        " after_job_id = (select id from jobs first where first.type = 'ingest'"
        f"  and first.project_id = jobs.project_id) where id = {BLOG}",
        "what it waits for will not free it",
    ),
    "waiting for ever": (
        "update jobs set status = 'pending', completed_at = null,"
        f" run_after = '2931-01-01T00:00:00.000Z' where id = {BLOG}",
        "it is to wait longer than any job may",
    ),
    "checkpoints of nobody": (
        "insert into checkpoints values ('no-such-job', 'write', '', '{}', '')",
        "checkpoints of job no-such-job",
    ),
    "a reference to nothing": (
        "pragma foreign_keys = off; update projects set transcript_id = 99",
        "refers to a row of transcripts that is not there",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_broken_rule_is_told_in_a_sentence(home: DataFolder, damage: str) -> None:
    statements, sentence = DAMAGE[damage]
    home.db.executescript(statements)
    told = broken(home)
    assert any(sentence in line for line in told), told
    assert all(line.endswith(".") and "{" not in line for line in told)


def of_picture(home: DataFolder) -> Path:
    return next(home.settings.media.glob("*/attempts/*/screenshots/001.jpg"))


MISSING: dict[str, Callable[[DataFolder], Path]] = {
    "recording": lambda home: next(home.settings.media.glob("*/recording.mp4")),
    "picture": of_picture,
    "thumbnail": lambda home: of_picture(home).with_name("001-thumb.jpg"),
}


@pytest.mark.parametrize("kind", MISSING)
def test_a_file_that_a_row_names_must_be_there(home: DataFolder, kind: str) -> None:
    path = MISSING[kind](home)
    path.unlink()
    (sentence,) = broken(home)
    assert str(path.relative_to(home.settings.data)) in sentence
    assert "missing" in sentence


def test_a_file_that_nobody_needs_is_an_orphan_when_it_is_a_day_old(home: DataFolder) -> None:
    project_id = next(home.settings.media.iterdir()).name
    names = ["uploads/x.part", "media/no-such-project/recording.mp4", f"media/{project_id}/x.mp4"]
    for name in names:
        home.file(name)
    assert invariants.broken(home.db, home.settings, at_rest=True) == []
    told = broken(home)
    assert len(told) == len(names)
    for name in names:
        home.file(name, age_s=DAY_S + 60)
    told = invariants.broken(home.db, home.settings, at_rest=True)
    assert [any(name in line for line in told) for name in names] == [True] * 3


def test_the_files_of_a_living_attempt_are_no_orphans_and_those_of_a_dead_one_are(
    home: DataFolder,
) -> None:
    project_id = home.recorded("second")
    job = home.claim("media")
    name = f"media/{project_id}/attempts/{job.id}-{job.attempt}/screenshots/seen-00001.jpg"
    home.file(name, age_s=2 * DAY_S)
    assert broken(home, at_rest=False) == []
    endings.crashed(home.db, job, "it was killed")
    home.claim("media")
    (sentence,) = broken(home, at_rest=False)
    assert name in sentence


def test_a_damaged_database_is_told_and_nothing_else(home: DataFolder) -> None:
    home.db.execute("pragma wal_checkpoint(truncate)")
    home.db.execute("pragma writable_schema = on")
    home.db.execute("update sqlite_master set rootpage = 2 where name = 'jobs_of_a_user'")
    home.db.close()
    with sqlite3.connect(home.settings.database, isolation_level=None) as db:
        db.row_factory = sqlite3.Row
        told = invariants.broken(db, home.settings)
    db.close()
    assert told
    assert all(line.startswith("The database is damaged: ") for line in told)


def test_many_of_a_kind_are_cut_short(home: DataFolder) -> None:
    home.db.executemany(
        "insert into draft_versions (project_id, type, n, author, body, created_at, updated_at)"
        f" values ({MEDIA}, ?, 1, 'person', '', '', '')",
        [(f"type{n}",) for n in range(80)],
    )
    told = broken(home)
    assert len(told) == invariants.MOST_EACH + 1
    assert told[-1] == "… and 30 more like this."
