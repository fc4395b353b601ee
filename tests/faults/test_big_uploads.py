"""A large recording over a bad line: what is finished is what was sent. 800 MB with --full."""

import hashlib
import json
import random
import re
import socket
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from draftmill.clock import now
from tests.support import tus_client as wire
from tests.support.big_uploads import LONG_S, begins_like, finish, same, send, sha256, synced
from tests.support.browser import signed_in, watched
from tests.support.faults_table import Ledger
from tests.support.house import House, draftmill, opened, until
from tests.support.tus_client import Line, file_of, head, line_to, offset

FULL_MB, FEW_MB = 800, 12
SYNC_MB = 64
SLACK = 4 << 20  # bytes that wait in memory and in the pipes of the system
WHOLE_MS = 600_000


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("big") / "data", **quiet) as house:
        yield house


@pytest.fixture
def big(tmp_path: Path, full: bool) -> Iterator[Path]:
    """A new recording that is unlike any other."""
    path = tmp_path / "talk.wav"
    megabytes = FULL_MB if full else FEW_MB
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setparams((2, 2, 48_000, megabytes * 250_000, "NONE", ""))
        for _ in range(megabytes):
            sound.writeframesraw(random.randbytes(10**6))
    yield path
    path.unlink(missing_ok=True)


def test_a_line_cut_at_random_places(
    own: House,
    client: httpx2.Client,
    big: Path,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    many, size = rounds(3, 20), big.stat().st_size
    upload = wire.create(client, size)
    for _ in range(many):
        at = offset(client, upload)
        stop = random.randrange(at, min(size, at + 2 * size // many + 1))
        send(client, upload, big, at, stop).close()
        assert at <= offset(client, upload) <= stop
    finish(own, client, upload, big)
    ledger.record("An upload's line cut at a random place", many)


def test_a_server_killed_in_the_middle_of_an_upload(
    own: House,
    client: httpx2.Client,
    big: Path,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    many, size = rounds(1, 8), big.stat().st_size
    upload = wire.create(client, size)
    back = []
    for _ in range(many):
        at = offset(client, upload)
        stop = random.randrange(at, size)
        with send(client, upload, big, at, stop):
            recorded = synced(own, upload)
            own.kill()
        began = time.monotonic()
        own.start()
        kept = offset(client, upload)
        back.append(time.monotonic() - began)
        assert recorded <= kept == synced(own, upload) == file_of(own, upload).stat().st_size
        assert stop - kept <= (SYNC_MB << 20) * 2 + SLACK or stop - at <= SYNC_MB << 20
        assert begins_like(big, file_of(own, upload))
    finish(own, client, upload, big)
    ledger.record("kill -9 of serve during a resumable upload", many, back_s=back)


def test_a_page_goes_on_after_everything(
    own: House, client: httpx2.Client, browser: Browser, big: Path, ledger: Ledger
) -> None:
    """One upload: cut lines, a killed server, a reload, a second window with the same file."""
    size = big.stat().st_size
    with line_to(own) as line, signed_in(browser, client) as context:
        context.set_default_timeout(WHOLE_MS)
        page = watched(context)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{line.url}/#new")

        line.hold_after = size // 4
        _start(page, big)
        until(lambda: line.held, LONG_S, "the line to be held")
        line.cut(hold_after=size // 4)
        until(lambda: line.held, LONG_S, "it to go on, and to be held again")
        own.kill()
        own.start()
        line.cut(hold_after=size // 4)
        until(lambda: line.held, LONG_S, "it to go on, and to be held again")
        line.cut(hold_after=size // 8)
        page.reload()
        _start(page, big)
        until(lambda: line.held, LONG_S, "it to go on, and to be held again")
        other = watched(context)
        other.goto(f"{line.url}/#new")
        _start(other, big)
        line.release()
        for window in (page, other):
            window.wait_for_url(re.compile("/projects/"), timeout=WHOLE_MS)
        assert page.url.partition("?")[0] == other.url.partition("?")[0]
        same(own, client, page.url, big)
    ledger.record("A page's upload: cuts, a kill, a reload, two windows", 1)


def _start(page: Page, path: Path) -> None:
    page.set_input_files("input[name=recording]", path)
    page.get_by_role("button", name="Start", exact=True).click()


def test_a_page_never_mixes_two_files(
    own: House, client: httpx2.Client, browser: Browser, big: Path, ledger: Ledger
) -> None:
    size = big.stat().st_size
    with line_to(own) as line, signed_in(browser, client) as context:
        page = watched(context)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{line.url}/#new")
        _half(page, line, big, size // 2)
        with big.open("r+b") as file:
            file.seek(size // 3)
            file.write(random.randbytes(1000))
        _start(page, big)
        page.wait_for_url(re.compile("/projects/"), timeout=WHOLE_MS)
        same(own, client, page.url, big)
    ledger.record("Another file of the same name, size, beginning and end", 1)


def _half(page: Page, line: Line, path: Path, at: int) -> None:
    """An upload that was broken off by a reload after `at` bytes."""
    line.hold_after = at
    _start(page, path)
    until(lambda: line.held, LONG_S, "the line to be held")
    line.cut()
    page.reload()
    page.set_input_files("input[name=recording]", path)
    state = page.locator("[data-files] .state")
    expect(state).to_have_text(re.compile("are here already"), timeout=WHOLE_MS)


def test_tuspy_over_a_line_that_breaks(
    own: House,
    client: httpx2.Client,
    big: Path,
    rounds: Callable[[int, int], int],
    ledger: Ledger,
) -> None:
    many, size = rounds(2, 8), big.stat().st_size
    token = draftmill(own.data, "token", "add", "mara@example.org").stdout.strip()
    cuts = [random.randrange(size // 8, size // 3) for _ in range(many)]
    with line_to(own) as line, big.open("rb") as file:
        found = TusClient(f"{line.url}/uploads", headers={"Authorization": f"Bearer {token}"})
        uploader = found.uploader(file_stream=file)
        uploader.set_url(uploader.create_url())
        upload = urlsplit(uploader.url).path
        line.cut_after = lambda: cuts.pop() if cuts else wire.ENDLESS
        while uploader.offset < size:
            try:
                uploader.upload_chunk()
            except (TusUploadFailed, TusCommunicationError):
                uploader.offset = offset(client, upload)
        assert head(client, upload).headers["upload-offset"] == str(size)
    finish(own, client, upload, big)
    ledger.record("tuspy over a line that breaks", many)


def test_a_wrong_offset_changes_nothing(
    own: House, client: httpx2.Client, big: Path, ledger: Ledger
) -> None:
    size = big.stat().st_size
    upload = wire.create(client, size)
    send(client, upload, big, 0, size // 2).close()
    at = offset(client, upload)
    for wrong in (0, at - 1, at + 1, size - 1):
        with wire.begun(client, upload, wrong, b"", size - wrong) as connection:
            assert _refused(connection) == (409, "wrong_offset")
    assert offset(client, upload) == at == file_of(own, upload).stat().st_size
    assert begins_like(big, file_of(own, upload))
    finish(own, client, upload, big)
    ledger.record("A piece for another place of an upload", 4)


def _refused(connection: socket.socket) -> tuple[int, str]:
    """The status and the code of an answer that comes before the body."""
    connection.settimeout(LONG_S)
    answer = HTTPResponse(connection)
    answer.begin()
    return answer.status, json.loads(answer.read())["error"]["code"]


def test_more_than_was_announced_takes_back_what_was_recorded(
    own: House, client: httpx2.Client, full: bool, ledger: Ledger
) -> None:
    first = 1 << 20
    pieces = (FULL_MB if full else SYNC_MB + 8) * [random.randbytes(1 << 20)]
    size = len(pieces) << 20
    upload = wire.create(client, size)
    assert wire.patch(client, upload, 0, pieces[0]).status_code == 204
    with wire.begun(client, upload, first, b"", size - first + 1) as connection:
        assert _refused(connection) == (413, "longer_than_announced")

    def too_much() -> Iterator[bytes]:
        yield from pieces[1:]
        until(lambda: synced(own, upload) > first, LONG_S, "a part to be recorded")
        yield b"x"

    refused = wire.patch(client, upload, first, too_much())
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "longer_than_announced")
    assert offset(client, upload) == synced(own, upload) == first
    assert file_of(own, upload).read_bytes() == pieces[0]
    assert wire.patch(client, upload, first, iter(pieces[1:])).status_code == 204
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    assert sha256(file_of(own, upload)) == digest.hexdigest()
    assert client.delete(upload, headers=wire.TUS).status_code == 204
    assert not file_of(own, upload).exists()
    ledger.record("A body longer than its upload", 2)


def test_an_upload_that_does_not_go_on_for_a_day_is_gone(
    tmp_path: Path, quiet: dict[str, str], big: Path, ledger: Ledger
) -> None:
    size = big.stat().st_size
    often = {"DRAFTMILL_CLEAN_EVERY_S": "0.2"}
    with (
        opened(tmp_path / "data", **quiet, **often) as house,
        closing(house.make_owner()) as client,
    ):
        upload, other = wire.create(client, size), wire.create(client, size)
        send(client, upload, big, 0, size // 2).close()
        at = offset(client, upload)
        assert 23.9 * 3600 < _left_s(client, upload) <= 24 * 3600
        for one in (upload, other):
            _forward(house, one, 60)
        send(client, other, big, 0, size // 4).close()
        assert offset(client, upload) == at
        assert offset(client, other)
        assert _left_s(client, other) > 23.9 * 3600
        _forward(house, upload, -1)
        until(lambda: not file_of(house, upload).exists(), why="the janitor")
        assert head(client, upload).status_code == 404
        kept = [row["id"] for row in house.rows("select id from uploads")]
        assert kept == [other.rpartition("/")[2]]
        finish(house, client, other, big)
    ledger.record("An upload that does not go on for a day", 1)


def _left_s(client: httpx2.Client, upload: str) -> float:
    expires = parsedate_to_datetime(head(client, upload).headers["upload-expires"])
    return expires.timestamp() - time.time()


def _forward(house: House, upload: str, left_s: float) -> None:
    """Let time pass until an upload has only so many seconds left."""
    with closing(house.db()) as db:
        db.execute(
            "update uploads set expires_at = ? where id = ?",
            (now(left_s), upload.rpartition("/")[2]),
        )
