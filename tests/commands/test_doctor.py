"""`draftmill doctor`: 0 when all is well, else 1, with what is wrong and what to do about it."""

import os
import re
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.database.connection import connect
from tests.support.data_folder import data_folder
from tests.support.house import House, draftmill


def doctor(data: Path, **environ: str) -> tuple[int, str]:
    asked = draftmill(data, "doctor", check=False, **environ)
    assert asked.stderr == ""
    return asked.returncode, asked.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a finished draft, and no server."""
    data = tmp_path / "data"
    with data_folder(data) as home:
        home.recorded("r", ("blog",))
        home.work_off()
    return data


def test_a_running_server_is_well(house: House, owner: httpx2.Client) -> None:
    code, told = doctor(house.data)
    assert code == 0, told
    lines = told.splitlines()
    assert lines[-1] == "All is well."
    assert max(map(len, lines)) < 160
    for name, value in {
        "data folder": rf"{re.escape(str(house.data))}, [\d,.]+ [GM]B free",
        "server": "runs",
        "database": r"schema 0\d+_\w+",
        "jobs": r"0 at work, 0 waiting, 0 ended \(0 failed\)",
        "janitor": r"\d{4}-\d\d-\d\d \d\d:\d\d UTC: nothing to do",
        "invariants": "all hold",
        "speech to text": "tiny.en, ready",
        "writing": "without a model: outlines in the speaker's own words",
        "parts": r"av [\d.]+, faster-whisper [\d.]+, .*",
    }.items():
        assert re.search(rf"^  {name} +{value}$", told, re.MULTILINE), (name, told)


def test_it_works_without_a_server_and_changes_nothing(data: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()}
    code, told = doctor(data)
    assert code == 0, told
    assert re.search(r"^  server +does not run$", told, re.MULTILINE)
    assert re.search(r"^  janitor +has not run yet$", told, re.MULTILINE)
    after = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()}
    assert after == before


def test_what_is_broken_is_listed_with_what_to_do(data: Path) -> None:
    next(data.glob("media/*/recording.mp4")).unlink()
    with closing(connect(data / "draftmill.db")) as db:
        db.execute("update jobs set queue = 'gardening', status = 'pending', completed_at = null")
    code, told = doctor(data, DRAFTMILL_WHISPER_MODEL="/no/such/model")
    assert code == 1
    assert "Some things are wrong:" in told
    for line in (
        r"  - The file media/[-0-9a-f]+/recording.mp4 is named by a row, and missing\.",
        r"  - Job [-0-9a-f]+ \(blog\) will never start: no worker serves its queue\.",
        r"  What to do: Restart Draftmill\. .*",
        r"  - There is no folder /no/such/model\.",
        r"  What to do: Set DRAFTMILL_WHISPER_MODEL to one that exists; start Draftmill again, and press Retry\.",
    ):
        assert re.search(f"^{line}$", told, re.MULTILINE), (line, told)


def test_an_orphan_counts_once_the_janitor_should_have_had_it(data: Path) -> None:
    (folder,) = (data / "media").iterdir()
    orphan = folder / "nobodys.mp4"
    orphan.write_bytes(b"left over")
    for hours, wrong in ((25.5, 0), (26.5, 1)):
        then = time.time() - hours * 3600
        os.utime(orphan, (then, then))
        code, told = doctor(data)
        assert (code, "nobodys.mp4" in told) == (wrong, bool(wrong)), told
    code, told = doctor(data, DRAFTMILL_ORPHAN_HOURS="72")
    assert code == 0, told


def test_it_never_makes_a_data_folder_or_a_database(tmp_path: Path) -> None:
    code, told = doctor(tmp_path / "none")
    assert code == 1
    assert "There is no data folder" in told
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir()
    code, told = doctor(tmp_path / "empty")
    assert code == 1
    assert "There is no database in the data folder." in told
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_damaged_database_is_told_in_words(data: Path) -> None:
    with (data / "draftmill.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096 * 40))
    code, told = doctor(data)
    assert code == 1
    assert "damaged" in told or "cannot be read" in told
    assert "backup" in told


def test_a_database_of_another_version_is_told_apart(data: Path) -> None:
    with closing(connect(data / "draftmill.db")) as db:
        db.execute("update _sqlite_migrations set name = '0999_flying' where id = 1")
    code, told = doctor(data)
    assert code == 1
    assert "The database was made by a newer Draftmill." in told
    with closing(connect(data / "draftmill.db")) as db:
        db.execute("delete from _sqlite_migrations where id = 1")
    code, told = doctor(data)
    assert code == 1
    assert "The database is of an older Draftmill." in told


def test_it_never_shows_a_secret(data: Path) -> None:
    code, told = doctor(
        data,
        DRAFTMILL_LLM_BASE_URL="https://mara:hush1@models.example.org:8443/v1?key=hush2",
        DRAFTMILL_LLM_MODEL="large",
        DRAFTMILL_LLM_API_KEY="hush3",
        DRAFTMILL_TRANSCRIBE_BASE_URL="https://ears.example.org/v1",
        DRAFTMILL_TRANSCRIBE_API_KEY="hush4",
    )
    assert code == 0, told
    assert "large at https://models.example.org:8443/v1, with a key" in told
    assert "whisper-1 at https://ears.example.org/v1" in told
    assert "hush" not in told


def test_names_from_the_database_play_no_tricks_on_a_terminal(data: Path) -> None:
    with closing(sqlite3.connect(data / "draftmill.db")) as db, db:
        db.execute("update projects set file = '\x1b[2Jgone.mp4'")
    code, told = doctor(data)
    assert code == 1
    assert "?[2Jgone.mp4" in told
    assert "\x1b" not in told


def test_a_start_is_not_disturbed_by_it(data: Path) -> None:
    """It looks at the lock that a server holds; one that starts meanwhile must come through."""
    from draftmill.commands.doctor import is_served
    from draftmill.settings import Settings

    house = House(data)
    settings = Settings(data=data)
    assert not is_served(settings)
    looks = subprocess.Popen(
        ["bash", "-c", f'while true; do flock -sn "{data}/serve.lock" true; done']
    )
    try:
        house.start()
        assert is_served(settings)
        assert house.stop() == 0
        assert not is_served(settings)
    finally:
        looks.kill()
        looks.wait()
