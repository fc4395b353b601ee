"""Who is removed in the midst of something leaves no file, whatever it was."""

import contextlib
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from tests.support import tus_client as tus
from tests.support.forms_by_hand import BOUNDARY, connect, head_of, part
from tests.support.house import QUICK, House, draftmill, opened, until

EMAIL = "second@example.org"
TEXT = b"Every pull request should be small enough to read in ten minutes.\n" * 2000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("removed") / "data", **QUICK) as running:
        running.make_owner().close()
        yield running


@pytest.fixture
def second(house: House) -> Iterator[httpx2.Client]:
    with closing(house.add_user(EMAIL)) as client:
        yield client


def remove(house: House) -> None:
    assert "Removed" in draftmill(house.data, "user", "remove", EMAIL).stdout


def files_of(house: House) -> list[str]:
    """What lies among uploads and projects, folders too."""
    places = (house.data / "uploads", house.data / "media")
    return [str(path) for place in places for path in place.rglob("*")]


def assert_nothing_stays(house: House) -> None:
    until(lambda: not files_of(house), 30, f"{files_of(house)} to go")
    for table in ("projects", "uploads", "jobs", "transcripts"):
        assert not house.rows(f"select 1 from {table}"), table


@pytest.mark.parametrize("whole", [True, False])
def test_an_upload_that_waits(house: House, second: httpx2.Client, whole: bool) -> None:
    content = tus.sound(21)
    if whole:
        tus.sent(second, content)
    else:
        tus.patch(second, tus.create(second, len(content)), 0, content[:100_000])
    remove(house)
    assert_nothing_stays(house)


def test_an_upload_at_work(house: House, second: httpx2.Client) -> None:
    content = tus.sound(22)
    upload = tus.create(second, len(content))
    with tus.begun(second, upload, 0, content[:100_000], len(content)) as line:
        until(lambda: files_of(house))
        remove(house)
        with contextlib.suppress(ConnectionError):
            line.sendall(content[100_000:])
        assert b" 404 " in line.recv(4096).split(b"\r\n")[0]
    assert_nothing_stays(house)


def test_a_form_at_work(house: House, second: httpx2.Client) -> None:
    body = part("talk.wav", tus.sound(23, 6_000_000)) + f"--{BOUNDARY}--\r\n".encode()
    with connect(house) as line:
        line.sendall(head_of(house, second, len(body)) + body[:4_000_000])
        until(lambda: files_of(house), why="the first bytes to lie on the disk")
        remove(house)
        line.sendall(body[4_000_000:])
        assert b" 401 " in line.recv(4096).split(b"\r\n")[0]
    assert_nothing_stays(house)


def test_a_form_with_a_transcript_at_work(house: House, second: httpx2.Client) -> None:
    body = part("talk.txt", TEXT, "transcript") + f"--{BOUNDARY}--\r\n".encode()
    with connect(house) as line:
        line.sendall(head_of(house, second, len(body)) + body[:-20])
        remove(house)
        line.sendall(body[-20:])
        assert b" 401 " in line.recv(4096).split(b"\r\n")[0]
    assert_nothing_stays(house)


def test_a_job_at_work(house: House, second: httpx2.Client) -> None:
    house.upload(second, types=["blog"])
    until(lambda: house.rows("select 1 from jobs where status = 'running'"))
    remove(house)
    assert_nothing_stays(house)
