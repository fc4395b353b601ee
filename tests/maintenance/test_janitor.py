"""The janitor itself: its rounds, what it says of them, and that one chore stops no other."""

import logging
import os
from pathlib import Path

import pytest

from draftmill.clock import now
from draftmill.maintenance import janitor
from tests.support.cleaning import clean
from tests.support.data_folder import DAY_S, DataFolder
from tests.support.house import House, opened, until


def test_a_chore_that_fails_stops_no_other_and_is_told(
    home: DataFolder, caplog: pytest.LogCaptureFixture
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
    home: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="draftmill.maintenance.janitor")
    clean(home)
    assert caplog.messages == []
    home.file("uploads/x.part", age_s=2 * DAY_S, content=b"x" * 1_500_000)
    clean(home)
    assert caplog.messages == ["janitor: files deleted: 1, MB freed: 1.5"]


def test_a_round_is_noted_for_the_doctor(home: DataFolder) -> None:
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
