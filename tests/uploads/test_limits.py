"""What is too large or too long, or what no disk can hold, is refused as early as can be."""

import contextlib
import resource
from collections.abc import Iterator

import httpx2
import pytest

from tests.support import media_files as files
from tests.support.forms_by_hand import announced
from tests.support.house import QUICK, House, opened
from tests.support.sent_recordings import nothing_kept, refused, send


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Draftmill that would take any size, so that only the disk is in the way."""
    folder = tmp_path_factory.mktemp("house")
    with opened(folder / "data", **QUICK, DRAFTMILL_MAX_UPLOAD="1000000T") as running:
        yield running


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Draftmill that takes little: 600 kB, and 3.6 seconds of sound."""
    limits = {"DRAFTMILL_MAX_UPLOAD": "600K", "DRAFTMILL_MAX_HOURS": "0.001"}
    folder = tmp_path_factory.mktemp("strict")
    with opened(folder / "data", **QUICK, **limits) as running:
        yield running


@pytest.fixture(scope="module")
def guest(strict: House) -> Iterator[httpx2.Client]:
    """The owner of the strict Draftmill."""
    with contextlib.closing(strict.make_owner()) as client:
        yield client


def test_what_is_too_large_is_refused(strict: House, guest: httpx2.Client) -> None:
    content = files.noise().read_bytes()[:700_000]
    message, hint = refused(strict, guest, content, "a.wav", 413, "too_large")
    assert "larger than 600 kB" in message
    assert "Cut it into parts" in hint
    page = send(guest, content, "a.wav", "text/html")
    assert page.status_code == 413
    assert message in page.text
    assert hint in page.text


@pytest.mark.parametrize("length", [700_000, 13_000_000])
def test_what_was_typed_behind_a_refused_file_stays_in_the_form(
    strict: House, guest: httpx2.Client, length: int
) -> None:
    parts = [
        ("recording", ("a.wav", bytes(length))),
        ("title", (None, "Typed by hand")),
        ("types", (None, "twitter")),
        ("context", (None, "A meetup")),
    ]
    with nothing_kept(strict):
        page = guest.post("/projects", files=parts, headers={"Accept": "text/html"})
    assert page.status_code == 413
    assert 'name="title" value="Typed by hand"' in page.text
    assert ">A meetup</textarea>" in page.text
    assert 'value="twitter" checked' in page.text
    assert 'value="blog" checked' not in page.text


def test_what_is_too_large_by_its_length_is_told_before_it_is_sent(
    strict: House, guest: httpx2.Client
) -> None:
    with nothing_kept(strict):
        answer = announced(strict, guest, 10**9)
    assert answer.startswith("HTTP/1.1 413")


def test_what_is_too_long_is_refused(strict: House, guest: httpx2.Client) -> None:
    content = files.tone("six.mp3").read_bytes()
    message, hint = refused(strict, guest, content, "a.mp3", 422, "too_long")
    assert "accepts 0.001 hours" in message
    assert "DRAFTMILL_MAX_HOURS" in hint


def test_what_the_disk_cannot_hold_is_told_before_it_is_sent(
    house: House, owner: httpx2.Client
) -> None:
    with nothing_kept(house):
        answer = announced(house, owner, 10**17)
    assert answer.startswith("HTTP/1.1 507")
    assert "not enough free disk space" in answer


def test_a_disk_that_fills_up_on_the_way_is_told(strict: House, guest: httpx2.Client) -> None:
    assert strict.process
    before = resource.prlimit(strict.process.pid, resource.RLIMIT_FSIZE)
    # To a process that may write no larger file the disk looks full.
    resource.prlimit(strict.process.pid, resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        content = files.noise().read_bytes()[:500_000]
        message, hint = refused(strict, guest, content, "a.wav", 507, "disk_full")
    finally:
        resource.prlimit(strict.process.pid, resource.RLIMIT_FSIZE, before)
    assert "not enough free disk space" in message
    assert "Delete projects" in hint
