"""The janitor deletes what nobody needs, fails what is stuck, and leaves alone what is in use."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import combinations_with_replacement, count
from pathlib import Path

import pytest

from draftmill.accounts import sessions, throttle, tokens, users
from draftmill.clock import now
from draftmill.database import changes, idempotency
from draftmill.database.connection import connect
from draftmill.errors import Problem
from draftmill.jobs import endings, running
from draftmill.jobs.job import INGEST_ENDED, Job, newest_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import retry_job
from draftmill.maintenance import invariants, janitor, orphans
from draftmill.maintenance.chores import Report, Stopped
from draftmill.maintenance.janitor import Janitor
from draftmill.media.probe import Probe
from draftmill.projects import creation, deletion
from draftmill.projects.creation import Recording
from draftmill.projects.details import Details
from draftmill.projects.project import row_of
from draftmill.projects.recording import adopt
from draftmill.uploads import resumable
from draftmill.uploads.sink import Received
from tests.support.data_folder import DAY_S, Homestead, homestead
from tests.support.house import PASSWORD, House, draftmill, opened, until
from tests.support.places import ROOT

ROUNDS = 25
Step = tuple[int, Callable[[], object]]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Homestead]:
    with homestead(tmp_path / "data") as home:
        yield home


def clean(home: Homestead, **settings: float) -> Report:
    return Janitor(replace(home.settings, **settings)).clean(home.db)


def sound(home: Homestead) -> None:
    assert invariants.broken(home.db, home.settings, orphans_after_s=0) == []


# Stuck jobs.


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("queue = 'gardening'", "no worker serves its queue"),
        ("waits = 1", "what it waits for will not free it"),
        ("run_after = '2931-01-01T00:00:00.000Z'", "it is to wait longer than any job may"),
    ],
)
def test_a_job_that_nothing_would_ever_start_fails_and_says_why(
    home: Homestead, damage: str, reason: str
) -> None:
    project_id = home.brought(types=("blog",))
    home.db.execute(f"update jobs set {damage} where type = 'ingest'")
    assert clean(home).counts == {"stuck jobs failed": 1}
    ingest = newest_job(home.db, project_id, INGEST)
    blog = newest_job(home.db, project_id, "blog")
    assert ingest is not None
    assert blog is not None
    assert (ingest.status, ingest.error_code) == ("failed", "stuck")
    assert ingest.error_message == f"This job could never have started: {reason}."
    assert ingest.error_hint == "Press Retry."
    assert (blog.status, blog.error_code) == ("cancelled", INGEST_ENDED)
    assert home.count("notifications") == 1
    sound(home)
    assert clean(home).counts == {}
    # What to do works: the retry succeeds, and takes the draft up again.
    retry_job(home.db, ingest)
    assert {job.type for job in home.work_off()} == {INGEST, "blog"}


def test_what_is_due_delayed_or_waiting_is_left_alone(home: Homestead) -> None:
    home.brought("due", types=("blog",))
    home.recorded("delayed")
    job = home.claim("media")
    endings.retry_later(home.db, job, job.attempt, Problem("Busy.", retry_after_s=3000))
    home.recorded("later")
    before = home.db.execute("select * from jobs order by n").fetchall()
    assert clean(home).counts == {}
    assert [tuple(row) for row in home.db.execute("select * from jobs order by n")] == [
        tuple(row) for row in before
    ]


def test_a_delay_by_a_clock_that_was_set_back_is_not_for_ever(home: Homestead) -> None:
    home.recorded()
    job = home.claim("media")
    endings.retry_later(home.db, job, job.attempt, Problem("Busy."))
    home.age(days=-400)
    assert clean(home).counts == {}


def test_a_running_job_fails_when_nothing_was_heard_of_it_beyond_every_limit(
    home: Homestead,
) -> None:
    home.recorded("silent")
    home.recorded("busy")
    silent, busy = home.claim("media"), home.claim("media")
    brief = replace(home.settings, patience_s=0.4, patience_total_s=0.4)
    cleaner = Janitor(brief)

    def failed() -> bool:
        running.progress(home.db, busy.id, busy.attempt, 1, 2, "s", "", 0)
        return bool(cleaner.clean(home.db).counts)

    assert not failed()  # nobody is judged at first sight, however old the row is
    until(failed)
    assert home.job(busy.id).status == "running"
    ended = home.job(silent.id)
    assert (ended.status, ended.error_code) == ("failed", "stuck")
    assert "Nothing was heard of this job" in str(ended.error_message)
    with pytest.raises(running.Fenced):
        endings.succeed(home.db, silent.id, silent.attempt)
    sound(home)


def test_a_running_job_is_not_judged_by_the_clock_on_the_wall(home: Homestead) -> None:
    home.recorded()
    job = home.claim("media")
    home.age(days=400)
    cleaner = Janitor(home.settings)
    for _ in range(2):
        assert cleaner.clean(home.db).counts == {}
    assert home.job(job.id).status == "running"


# Ended jobs.


def test_ended_jobs_go_after_thirty_days_but_the_newest_of_each_type_stays(
    home: Homestead,
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


def test_drafts_outlive_the_jobs_that_wrote_them(home: Homestead) -> None:
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


def test_pages_hear_of_deleted_jobs_and_the_tombstones_go_a_day_later(home: Homestead) -> None:
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


def test_how_long_ended_jobs_are_kept_is_a_setting(home: Homestead) -> None:
    project_id = home.brought()
    home.work_off()
    home.start(project_id, "blog")
    home.work_off()
    home.age(days=3)
    assert "ended jobs deleted" not in clean(home).counts
    assert clean(home, keep_jobs_days=2).counts["ended jobs deleted"] == 1


def test_a_job_that_goes_through_many_retries_keeps_what_it_paid_for(home: Homestead) -> None:
    home.recorded()
    job = home.claim("media")
    home.listen(job)
    for _ in range(3):
        endings.fail(home.db, job, job.attempt, Problem("No.", "Again."))
        home.age(days=31)
        clean(home)
        retry_job(home.db, home.job(job.id))
        job = home.claim("media")
    assert home.count("jobs") >= 1
    assert home.count("checkpoints where origin_id = ?", job.origin_id) == 1
    assert home.count("transcripts") == 1
    sound(home)


def test_checkpoints_go_when_their_job_has_reached_its_aim(home: Homestead) -> None:
    home.recorded()
    home.work_off()
    assert home.count("checkpoints") == 1
    assert "checkpoints deleted" not in clean(home).counts
    home.age(days=2)
    assert clean(home).counts["checkpoints deleted"] == 1


def test_a_stop_in_the_middle_leaves_everything_whole(home: Homestead) -> None:
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


def test_transcripts_that_nobody_shows_or_goes_on_with_go(home: Homestead) -> None:
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
    home: Homestead,
) -> None:
    project_id = home.recorded()
    job = home.claim("media")
    unfinished = home.listen(job)
    endings.fail(home.db, job, job.attempt, Problem("No.", "Again."))
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


# Files.


def test_orphan_files_go_with_their_folders_and_everything_named_stays(home: Homestead) -> None:
    project_id = home.recorded()
    home.work_off()
    named = {path for path in home.settings.media.rglob("*") if path.is_file()}
    old = [
        home.file("uploads/stale.part", age_s=2 * DAY_S, content=b"12345"),
        home.file("media/no-such-project/attempts/x-1/screenshots/001.jpg", age_s=2 * DAY_S),
        home.file(f"media/{project_id}/attempts/no-such-job-3/seen.jpg", age_s=2 * DAY_S),
        home.file(f"media/{project_id}/recording.mov", age_s=2 * DAY_S),
    ]
    young = home.file("uploads/young.part")
    for path in named:
        os.utime(path, (1, 1))
    report = clean(home)
    assert report.counts["files deleted"] == 4
    assert report.freed_bytes == 20
    assert not any(path.exists() for path in old)
    assert not (home.settings.media / "no-such-project").exists()
    assert not (home.settings.media / project_id / "attempts" / "no-such-job-3").exists()
    assert all(path.exists() for path in {*named, young})
    young.unlink()
    sound(home)


def test_how_old_an_orphan_must_be_is_a_setting(home: Homestead) -> None:
    path = home.file("uploads/x.part", age_s=7200)
    clean(home)
    assert path.exists()
    clean(home, orphan_hours=1)
    assert not path.exists()


def test_links_are_deleted_and_never_followed(home: Homestead, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("mine")
    home.settings.uploads.mkdir()
    (home.settings.uploads / "link").symlink_to(outside)
    (home.settings.uploads / "file").symlink_to(outside / "precious")
    clean(home, orphan_hours=0)
    assert list(home.settings.uploads.iterdir()) == []
    assert (outside / "precious").read_text() == "mine"


def test_the_files_of_a_living_attempt_and_of_a_waiting_upload_stay(home: Homestead) -> None:
    project_id = home.recorded()
    job = home.claim("media")
    folder = f"media/{project_id}/attempts/{job.id}-{job.attempt}"
    seen = home.file(f"{folder}/screenshots/seen-00001.jpg", age_s=3 * DAY_S)
    home.settings.uploads.mkdir(exist_ok=True)
    upload = resumable.create(home.db, home.settings, 1, 100)
    waiting = resumable.path_of(home.settings, upload.id)
    os.utime(waiting, (1, 1))
    assert clean(home).counts == {}
    assert seen.exists()
    assert waiting.exists()


def test_an_upload_that_did_not_go_on_in_time_is_forgotten(home: Homestead) -> None:
    home.settings.uploads.mkdir()
    upload = resumable.create(home.db, home.settings, 1, 100)
    assert clean(home).counts == {}
    home.age(days=2)
    assert clean(home).counts["uploads forgotten"] == 1
    assert not resumable.path_of(home.settings, upload.id).exists()
    sound(home)


def test_a_file_that_took_an_orphans_place_stays(home: Homestead) -> None:
    path = home.file("media/x/recording.mp4", age_s=2 * DAY_S)
    for found in list(orphans.files(home.db, home.settings, time.time())):
        path.unlink(missing_ok=True)
        path.write_bytes(b"just arrived")
        assert orphans.remove(found) is None
    assert path.read_bytes() == b"just arrived"
    assert list(path.parent.iterdir()) == [path]


def cleaning(home: Homestead, over: threading.Event, orphan_hours: float) -> threading.Thread:
    """A janitor in a thread of its own, round after round until the event."""

    def work() -> None:
        chosen = replace(home.settings, orphan_hours=orphan_hours)
        with closing(connect(home.settings.database, 30)) as db:
            while not over.is_set():
                Janitor(chosen).clean(db)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_an_attempt_that_lives_while_the_janitor_looks_loses_nothing(home: Homestead) -> None:
    """Every interleaving of an attempt's steps with what the janitor asks the database.

    Without any grace for young files: only who is at work and what is named protects them.
    """
    home.db.execute("pragma synchronous = off")
    with closing(connect(home.settings.database, 10)) as janitors:
        for moments in combinations_with_replacement(range(6), 4):
            life = list(zip(moments, lived(home), strict=True))
            asked = count()

            def advance(
                _: str | None, life: list[Step] = life, asked: Iterator[int] = asked
            ) -> None:
                now = next(asked)
                while life and life[0][0] <= now:
                    life.pop(0)[1]()

            janitors.set_trace_callback(advance)
            for found in orphans.files(janitors, home.settings, time.time() + 9, 0):
                orphans.remove(found)
            janitors.set_trace_callback(None)
            for _, step in life:
                step()
            assert list(orphans.missing(home.db, home.settings)) == [], moments
            project = home.db.execute("select * from projects").fetchone()
            deletion.delete_project(home.db, project)
            deletion.remove_files(home.settings, project["id"])


def lived(home: Homestead) -> list[Callable[[], object]]:
    """The steps of an attempt at a new project's ingest, from its claim to its end."""
    home.recorded()
    claimed: list[Job] = []
    return [
        lambda: claimed.append(home.claim("media")),
        lambda: home.pictures_of(claimed[0]),
        lambda: home.picture(claimed[0]),
        lambda: home.succeed(claimed[0]),
    ]


def test_an_upload_that_is_taken_late_is_never_an_orphan_on_its_way(home: Homestead) -> None:
    """Its bytes are older than a day when a project takes them, under names that no row knows."""
    patient = replace(home.settings, upload_hours=99)
    seen = Probe("mp4", "video/mp4", ".mp4", 1.0, 0.0, True, 64, 36, 0)
    home.settings.uploads.mkdir()
    over = threading.Event()
    thread = cleaning(home, over, orphan_hours=24)
    try:
        for n in range(ROUNDS):
            upload = resumable.create(home.db, patient, 1, 5)
            path = resumable.path_of(patient, upload.id)
            path.write_bytes(b"%5d" % n)
            os.utime(path, (1, 1))
            lent = resumable.lend(home.db, patient, upload)
            take(home, lent, seen)
            resumable.taken(
                home.db,
                patient,
                upload,
                home.db.execute("select id from projects order by n desc").fetchone()[0],
            )
    finally:
        over.set()
        thread.join()
    assert list(orphans.missing(home.db, home.settings)) == []
    assert home.count("projects where file is not null") == ROUNDS


def take(home: Homestead, received: Received, seen: Probe) -> None:
    project_id = creation.new_id()
    file = adopt(received, home.settings.folder_of(project_id), seen)
    recording = Recording(
        project_id, file, "a.mp4", "video/mp4", 5, received.sha256, 1.0, None, None
    )
    creation.from_recording(home.db, 1, recording, Details())


JUMPS = """
import os, sys, time
from pathlib import Path
from tests.support.data_folder import homestead
from draftmill.maintenance.janitor import Janitor

clock = Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
with homestead(Path(sys.argv[1])) as home:
    for jump in ("+3d", "-3d"):
        clock.write_text("+0")
        janitor, began = Janitor(home.settings), time.time()
        living = [home.file("uploads/before.part")]
        clock.write_text(jump)
        assert abs(time.time() - began) > 2 * 86400
        living.append(home.file("uploads/after.part"))
        assert janitor.clean(home.db).counts == {}
        assert all(path.exists() for path in living)
"""


def test_a_clock_that_jumps_makes_nothing_an_orphan(tmp_path: Path) -> None:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        pytest.skip("libfaketime is not installed")
    clock = tmp_path / "clock"
    clock.write_text("+0")
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(ROOT),
    }
    asked = subprocess.run(
        [sys.executable, "-c", JUMPS, str(tmp_path / "data")],
        env=os.environ | faked,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert asked.returncode == 0, asked.stderr


# People who do not come back, and what else runs out.


def test_sessions_attempts_links_and_keys_that_ran_out_are_forgotten(home: Homestead) -> None:
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
    assert changes.since(home.db, 0)[-1].object_id == users.hash_of(secret)
    assert changes.since(home.db, 0)[-1].deleted
    clean(home)
    home.age(days=2)
    assert clean(home).counts == {"changes of deleted things trimmed": 1}


def test_what_went_with_a_removed_user_is_told_and_then_forgotten(home: Homestead) -> None:
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


# The janitor itself.


def test_a_chore_that_fails_stops_no_other_and_is_told(
    home: Homestead, caplog: pytest.LogCaptureFixture
) -> None:
    home.brought()
    home.work_off()
    home.db.execute("insert into setup_tokens values ('x', ?)", (now(-60),))
    # A trigger makes one statement of one chore fail, as a damaged index would.
    home.db.execute(
        "create trigger broken before delete on checkpoints begin select raise(fail, 'no'); end"
    )
    home.db.execute("insert into checkpoints values ('gone', 'write', '', '{}', '')")
    report = clean(home)
    assert report.failed == ["delete_checkpoints"]
    assert report.counts == {"setup links deleted": 1}
    assert "the janitor could not delete_checkpoints" in caplog.text


def test_the_log_has_one_line_and_only_when_something_was_done(
    home: Homestead, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="draftmill.maintenance.janitor")
    clean(home)
    assert caplog.messages == []
    home.file("uploads/x.part", age_s=2 * DAY_S, content=b"x" * 1_500_000)
    clean(home)
    assert caplog.messages == ["janitor: files deleted: 1, MB freed: 1.5"]


def test_a_round_is_noted_for_the_doctor(home: Homestead) -> None:
    assert janitor.last_run(home.db) is None
    home.file("uploads/x.part", age_s=2 * DAY_S)
    clean(home)
    run = janitor.last_run(home.db)
    assert run is not None
    assert run.report.counts == {"files deleted": 1}
    home.age(days=4)
    clean(home)
    assert home.count("janitor_runs") == 1


def test_a_server_cleans_at_its_start_and_every_hour(tmp_path: Path) -> None:
    data = tmp_path / "data"
    old = data / "media" / "no-such-project" / "recording.mp4"

    def leave() -> None:
        old.parent.mkdir(parents=True, exist_ok=True)
        old.touch()
        for path in (old, old.parent):
            os.utime(path, (1, 1))

    leave()
    with opened(data, DRAFTMILL_CLEAN_EVERY_S="0.2") as house:
        until(lambda: not old.parent.exists(), why="the round at the start")
        leave()
        until(lambda: not old.parent.exists(), why="a later round")
        until(lambda: rounds(house) > 2, why="a round without anything to do")
    lines = [line for line in house.log().splitlines() if "janitor" in line]
    assert (
        lines
        == ["INFO draftmill.maintenance.janitor: janitor: files deleted: 1, folders deleted: 1"] * 2
    )


def rounds(house: House) -> int:
    row = house.one("select count(*) from janitor_runs")
    return int(row[0]) if row else 0
