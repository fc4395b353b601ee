"""Files that nothing names go; what is named, young, or on its way stays."""

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

from draftmill import storage
from draftmill.database.connection import connect
from draftmill.jobs.job import Job
from draftmill.maintenance import orphans
from draftmill.maintenance.janitor import Janitor
from draftmill.media.probe import Probe
from draftmill.projects import creation, deletion
from draftmill.projects.details import Details
from draftmill.projects.recording import Recording, adopt
from draftmill.uploads import resumable
from draftmill.uploads.received import Received
from tests.support.cleaning import clean, sound
from tests.support.data_folder import DAY_S, DataFolder
from tests.support.places import ROOT

ROUNDS = 25
Step = tuple[int, Callable[[], object]]


def test_orphan_files_go_with_their_folders_and_everything_named_stays(home: DataFolder) -> None:
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


def test_how_old_an_orphan_must_be_is_a_setting(home: DataFolder) -> None:
    path = home.file("uploads/x.part", age_s=7200)
    clean(home)
    assert path.exists()
    clean(home, orphan_hours=1)
    assert not path.exists()


def test_links_are_deleted_and_never_followed(home: DataFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("mine")
    home.settings.uploads.mkdir()
    (home.settings.uploads / "link").symlink_to(outside)
    (home.settings.uploads / "file").symlink_to(outside / "precious")
    clean(home, orphan_hours=0)
    assert list(home.settings.uploads.iterdir()) == []
    assert (outside / "precious").read_text() == "mine"


def test_the_files_of_a_living_attempt_and_of_a_waiting_upload_stay(home: DataFolder) -> None:
    project_id = home.recorded()
    job = home.claim("media")
    folder = f"media/{project_id}/attempts/{job.id}-{job.attempt}"
    seen = home.file(f"{folder}/screenshots/seen-00001.jpg", age_s=3 * DAY_S)
    home.settings.uploads.mkdir(exist_ok=True)
    upload = resumable.create(home.db, home.settings, 1, 100)
    waiting = storage.upload(home.settings, upload.id)
    os.utime(waiting, (1, 1))
    assert clean(home).counts == {}
    assert seen.exists()
    assert waiting.exists()


def test_an_upload_that_did_not_go_on_in_time_is_forgotten(home: DataFolder) -> None:
    home.settings.uploads.mkdir()
    upload = resumable.create(home.db, home.settings, 1, 100)
    assert clean(home).counts == {}
    home.age(days=2)
    assert clean(home).counts["uploads forgotten"] == 1
    assert not storage.upload(home.settings, upload.id).exists()
    sound(home)


def test_a_file_that_took_an_orphans_place_stays(home: DataFolder) -> None:
    path = home.file("media/x/recording.mp4", age_s=2 * DAY_S)
    for found in list(orphans.files(home.db, home.settings, time.time())):
        path.unlink(missing_ok=True)
        path.write_bytes(b"just arrived")
        assert orphans.remove(found) is None
    assert path.read_bytes() == b"just arrived"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_taken_up_after_it_was_listed_stays(home: DataFolder) -> None:
    path = home.file("uploads/late.part", age_s=2 * DAY_S)
    (found,) = orphans.files(home.db, home.settings, time.time())
    os.utime(path)  # as a project does before it moves it
    assert orphans.remove(found) is None
    assert path.exists()


def cleaning(home: DataFolder, over: threading.Event, orphan_hours: float) -> threading.Thread:
    """A janitor in a thread of its own, round after round until the event."""

    def work() -> None:
        chosen = replace(home.settings, orphan_hours=orphan_hours)
        with closing(connect(home.settings.database, 30)) as db:
            while not over.is_set():
                Janitor(chosen).clean(db)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_an_attempt_that_lives_while_the_janitor_looks_loses_nothing(home: DataFolder) -> None:
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


def lived(home: DataFolder) -> list[Callable[[], object]]:
    """The steps of an attempt at a new project's ingest, from its claim to its end."""
    home.recorded()
    claimed: list[Job] = []
    return [
        lambda: claimed.append(home.claim("media")),
        lambda: home.pictures_of(claimed[0]),
        lambda: home.picture(claimed[0]),
        lambda: home.succeed(claimed[0]),
    ]


def test_an_upload_that_is_taken_late_is_never_an_orphan_on_its_way(home: DataFolder) -> None:
    """Its bytes are older than a day when a project takes them, under names that no row knows."""
    patient = replace(home.settings, upload_hours=99)
    seen = Probe("mp4", "video/mp4", ".mp4", 1.0, 0.0, True, 64, 36, 0)
    home.settings.uploads.mkdir()
    over = threading.Event()
    thread = cleaning(home, over, orphan_hours=24)
    try:
        for n in range(ROUNDS):
            upload = resumable.create(home.db, patient, 1, 5)
            path = storage.upload(patient, upload.id)
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


def take(home: DataFolder, received: Received, seen: Probe) -> None:
    project_id = creation.new_id()
    file = adopt(received, storage.folder_of(home.settings, project_id), seen)
    recording = Recording(
        project_id, file, "a.mp4", "video/mp4", 5, received.sha256, 1.0, None, None
    )
    creation.from_recording(home.db, 1, recording, Details())


JUMPS = """
import os, sys, time
from pathlib import Path
from tests.support.data_folder import data_folder
from draftmill.maintenance.janitor import Janitor

clock = Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
with data_folder(Path(sys.argv[1])) as home:
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
