"""`draftmill model`: a model is downloaded once, tried, and refused where there is no room for it."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from draftmill.database.connection import connect
from draftmill.models import paces
from tests.support.house import QUICK, draftmill, opened, until
from tests.support.inside import SMALL, lay_model
from tests.support.llama_server import model_file
from tests.support.model_shop import opened_shop

CONTENT = b"GGUF" + bytes(300_000)
HEAD = 3_000_000  # bytes, in which all stands that a file says of itself
TOO_MUCH = 4 * 10**12


def refused(data: Path, *arguments: str) -> str:
    ended = draftmill(data, "model", *arguments, check=False)
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    return ended.stderr


def test_a_model_is_downloaded_once_and_listed(tmp_path: Path) -> None:
    with opened_shop(small__gguf=CONTENT) as shop:
        shop.offer(tmp_path, "small")
        listed = draftmill(tmp_path, "model", "list").stdout
        assert any(line.split()[0] == "small" and "to download" in line for line in _lines(listed))
        shop.cut_after = 1_000
        got = draftmill(tmp_path, "model", "get", "small").stdout
        assert shop.asked == ["", "bytes=1000-"]
        assert f"A model small is here: {tmp_path / 'models'}" in got
        assert (tmp_path / "models" / "small.gguf").read_bytes() == CONTENT
        draftmill(tmp_path, "model", "get", "small")
        assert shop.asked == ["", "bytes=1000-"]
    assert any(
        line.split()[:2] == ["small", "here"]
        for line in _lines(draftmill(tmp_path, "model", "list").stdout)
    )


def test_what_another_downloads_is_not_written_between(tmp_path: Path) -> None:
    with opened_shop(small__gguf=CONTENT) as shop:
        shop.offer(tmp_path, "small")
        shop.holds_after = 1_000
        command = [sys.executable, "-m", "draftmill", "model", "get", "small"]
        environ = os.environ | {"DRAFTMILL_DATA": str(tmp_path)}
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as first:
            until(lambda: shop.asked)
            assert "This model is being downloaded." in refused(tmp_path, "get", "small")
            shop.go_on.set()
            assert first.wait(60) == 0
        assert shop.asked == [""]
    assert (tmp_path / "models" / "small.gguf").read_bytes() == CONTENT


def test_a_cancelled_job_of_the_pages_leaves_it_what_it_writes(tmp_path: Path) -> None:
    data, slow = tmp_path / "data", {"DRAFTMILL_RETRY_DELAY_S": "1000"}
    with opened_shop(small__gguf=CONTENT) as shop, opened(data, **QUICK, **slow) as house:
        shop.offer(data, "small")
        shop.cut_after = 1_000
        with closing(house.make_owner()) as client:
            client.post("/settings/models/small/get")
            job = until(lambda: house.one("select id from jobs where run_after is not null"))["id"]
            shop.holds_after = 1_000
            command = [sys.executable, "-m", "draftmill", "model", "get", "small"]
            environ = os.environ | {"DRAFTMILL_DATA": str(data)}
            with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as terminal:
                until(lambda: len(shop.asked) == 2, why="the terminal to go on")
                client.post(f"/jobs/{job}/cancel")
                assert house.ended(job)["status"] == "cancelled"
                refusal = client.post("/settings/models/small/delete")
                assert "This model is being downloaded." in refusal.text
                shop.go_on.set()
                assert terminal.wait(60) == 0
    assert (data / "models" / "small.gguf").read_bytes() == CONTENT


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_a_file_that_is_not_what_was_promised_is_not_kept(tmp_path: Path) -> None:
    with opened_shop(small__gguf=CONTENT) as shop:
        shop.offer(tmp_path, "small", sha256="0" * 64)
        refused(tmp_path, "get", "small")
    assert not list((tmp_path / "models").glob("*.gguf"))


def test_a_name_that_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    assert "no such model" in refused(tmp_path, "get", "nothing-like-it")


@pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")
def test_a_model_without_memory_for_it_says_how_much_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "models" / "large.gguf"
    file.parent.mkdir()
    file.write_bytes(Path(model_file()).read_bytes()[:HEAD])
    os.truncate(file, TOO_MUCH)  # a hole: it takes no room on the disk
    told = refused(tmp_path, "try", "large.gguf")
    assert "needs 4000" in told
    assert "GB of memory, and" in told
    assert "are free" in told


@pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")
def test_a_model_that_is_tried_writes_and_its_pace_is_known_from_then_on(tmp_path: Path) -> None:
    lay_model(tmp_path)
    tried = draftmill(tmp_path, "model", "try", SMALL)
    assert tried.stdout.strip()
    assert "tokens read a second" in tried.stderr
    with closing(connect(tmp_path / "draftmill.db")) as db:
        pace = paces.pace_of(db, SMALL.removesuffix(".gguf"))
    assert pace
    assert pace.rough
