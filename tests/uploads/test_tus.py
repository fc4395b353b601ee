"""Resumable uploads by the protocol: whatever breaks, what is finished is what was sent."""

import hashlib
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from draftmill.maintenance.janitor import Janitor
from draftmill.settings import Settings
from tests.support import tus_client as wire
from tests.support.api_programs import OWNER, problem, token_for
from tests.support.house import House, draftmill, opened, until
from tests.support.tus_client import (
    BYTES,
    TUS,
    begun,
    create,
    file_of,
    head,
    line_to,
    offset,
    patch,
    sha256,
    sound,
)

MOST = 4_000_000
NAME = {"Upload-Metadata": "filename dGFsay53YXY="}  # talk.wav


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    """A Draftmill that takes any size, and every silent connection for a slow one."""
    folder = tmp_path_factory.mktemp("tus")
    more = {"DRAFTMILL_MAX_UPLOAD": "1000000T", "DRAFTMILL_UPLOAD_SILENT_S": "600"}
    with opened(folder / "data", **quiet, **more) as running:
        yield running


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, quiet: dict[str, str]) -> Iterator[House]:
    """A Draftmill that takes little, and every connection that is silent for lost."""
    folder = tmp_path_factory.mktemp("strict")
    more = {"DRAFTMILL_MAX_UPLOAD": str(MOST), "DRAFTMILL_UPLOAD_SILENT_S": "0"}
    with opened(folder / "data", **quiet, **more) as running:
        yield running


@pytest.fixture(scope="module")
def guest(strict: House) -> Iterator[httpx2.Client]:
    """The owner of the strict Draftmill."""
    with closing(strict.make_owner()) as client:
        yield client


def taken(house: House, client: httpx2.Client, upload: str, content: bytes) -> str:
    """Make a project; it has exactly these bytes, and nothing of the upload is left."""
    answer = wire.project(client, upload)
    assert answer.status_code == 200, answer.text
    project = answer.json()["url"].partition("?")[0].rpartition("/")[2]
    row = house.one("select * from projects where id = ?", project)
    assert row
    stored = (house.data / "media" / project / row["file"]).read_bytes()
    assert (row["sha256"], row["bytes"]) == (sha256(content), len(content))
    assert stored == content
    assert not file_of(house, upload).exists()
    assert not list((house.data / "uploads").glob("*.part"))
    return str(project)


def row_of(house: House, upload: str) -> dict[str, object] | None:
    row = house.one("select * from uploads where id = ?", upload.rpartition("/")[2])
    return dict(row) if row else None


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["tus-resumable"] == "1.0.0"
    return answer.status_code, answer.json()["error"]["code"]


# What arrives


def test_a_file_in_one_piece_becomes_a_project(house: House, owner: httpx2.Client) -> None:
    content = sound(1)
    upload = wire.sent(owner, content, **NAME)
    row = row_of(house, upload)
    assert row
    assert (row["synced_bytes"], row["sha256"]) == (len(content), sha256(content))
    project = taken(house, owner, upload, content)
    named = house.one("select file_name, title from projects where id = ?", project)
    assert named
    assert tuple(named) == ("talk.wav", "Talk")


def test_a_file_in_many_pieces_is_hashed_on_the_way(house: House, owner: httpx2.Client) -> None:
    content = sound(2)
    upload = create(owner, len(content))
    chance, at = random.Random(2), 0
    while at < len(content):
        piece = content[at : at + chance.randrange(1, 900_000)]
        answer = patch(owner, upload, at, piece)
        at += len(piece)
        assert answer.headers["upload-offset"] == str(at)
        assert (row_of(house, upload) or {})["synced_bytes"] == at
    assert (row_of(house, upload) or {})["sha256"] == sha256(content)
    taken(house, owner, upload, content)


def test_a_connection_that_is_cut_anywhere_loses_nothing(
    house: House, owner: httpx2.Client
) -> None:
    content = sound(3)
    upload = create(owner, len(content))
    chance = random.Random(3)
    for _ in range(6):
        at = offset(owner, upload)
        part = content[at : at + chance.randrange(0, 600_000)]
        begun(owner, upload, at, part, len(content) - at).close()
        reached = offset(owner, upload)
        assert at <= reached <= at + len(part)
        assert content.startswith(file_of(house, upload).read_bytes())
    # A part that was still on its way may come in between: then the rest begins elsewhere.
    until(lambda: went_on(owner, upload, content), why="the rest to be taken")
    taken(house, owner, upload, content)


def went_on(client: httpx2.Client, upload: str, content: bytes) -> bool:
    at = offset(client, upload)
    return patch(client, upload, at, content[at:]).status_code == 204


def test_a_killed_server_keeps_what_it_had_answered(tmp_path: Path, quiet: dict[str, str]) -> None:
    content = sound(4, 6_000_000)
    with opened(tmp_path / "data", **quiet) as own, closing(own.make_owner()) as client:
        upload = create(client, len(content))
        patch(client, upload, 0, content[:1_000_000])
        file = file_of(own, upload)
        for _ in range(2):
            with begun(client, upload, 1_000_000, content[1_000_000:-1], len(content) - 1_000_000):
                until(lambda: file.stat().st_size > 1_000_000, why="more bytes to arrive")
                own.kill()
            own.start()
            assert file.stat().st_size == 1_000_000
            assert offset(client, upload) == 1_000_000
        assert patch(client, upload, 1_000_000, content[1_000_000:]).status_code == 204
        # The bytes before the restart were not hashed: that is made up for when it is finished.
        assert (row_of(own, upload) or {})["sha256"] is None
        taken(own, client, upload, content)


def test_a_start_deletes_what_no_row_names_and_what_lost_its_bytes(
    tmp_path: Path, quiet: dict[str, str]
) -> None:
    with opened(tmp_path / "data", **quiet) as own, closing(own.make_owner()) as client:
        whole, broken = (wire.sent(client, sound(5)) for _ in range(2))
        own.stop()
        with file_of(own, broken).open("r+b") as file:
            file.truncate(1000)
        file_of(own, "/uploads/nobody").write_bytes(b"x")
        own.start()
        assert [path.name for path in (own.data / "uploads").iterdir()] == [
            file_of(own, whole).name
        ]
        assert head(client, broken).status_code == 404
        taken(own, client, whole, sound(5))


def test_the_last_bytes_may_come_with_the_first_request(house: House, owner: httpx2.Client) -> None:
    content = sound(6)
    headers = TUS | {"Upload-Length": str(len(content)), "Content-Type": BYTES}
    answer = owner.post("/uploads", headers=headers, content=content[:500_000])
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "500000")
    upload = answer.headers["location"]
    assert patch(owner, upload, 500_000, content[500_000:]).status_code == 204
    taken(house, owner, upload, content)


def test_a_client_that_can_only_post_is_understood(house: House, owner: httpx2.Client) -> None:
    content = sound(7)
    upload = create(owner, len(content))
    headers = TUS | {"X-HTTP-Method-Override": "PATCH", "Content-Type": BYTES, "Upload-Offset": "0"}
    assert owner.post(upload, headers=headers, content=content).status_code == 204
    taken(house, owner, upload, content)
    assert code_of(owner.post(upload, headers=TUS)) == (400, "bad_header")


# What is refused


def test_a_wrong_offset_changes_nothing(house: House, owner: httpx2.Client) -> None:
    content = sound(8)
    upload = create(owner, len(content))
    patch(owner, upload, 0, content[:1000])
    for at in (0, 999, 1001, len(content)):
        assert code_of(patch(owner, upload, at, content[at : at + 50])) == (409, "wrong_offset")
    assert file_of(house, upload).read_bytes() == content[:1000]
    patch(owner, upload, 1000, content[1000:])
    taken(house, owner, upload, content)


def test_more_than_was_announced_is_refused(house: House, owner: httpx2.Client) -> None:
    content = sound(9)
    upload = create(owner, len(content))
    patch(owner, upload, 0, content[:1000])
    too_much = content[1000:] + b"x"
    assert code_of(patch(owner, upload, 1000, too_much)) == (413, "longer_than_announced")
    pieces = (too_much[at : at + 100_000] for at in range(0, len(too_much), 100_000))
    assert code_of(patch(owner, upload, 1000, pieces)) == (413, "longer_than_announced")
    # Nothing of it is kept: it may be another file.
    assert offset(owner, upload) == 1000
    patch(owner, upload, 1000, content[1000:])
    assert code_of(patch(owner, upload, len(content), b"x")) == (413, "longer_than_announced")
    taken(house, owner, upload, content)


def test_two_connections_never_write_to_one_upload(house: House, owner: httpx2.Client) -> None:
    content = sound(10)
    upload = create(owner, len(content))
    with begun(owner, upload, 0, content[:1_000_000], len(content)) as connection:
        until(lambda: head(owner, upload).status_code == 423, why="the first to write")
        assert code_of(patch(owner, upload, 0, content)) == (423, "upload_locked")
        assert wire.project(owner, upload).status_code in (409, 423)
        connection.sendall(content[1_000_000:])
        with connection.makefile("rb") as answer:
            assert b" 204 " in answer.readline()
    taken(house, owner, upload, content)


def by_token(house: House, token: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=house.url, headers=headers, timeout=60)


@pytest.mark.parametrize("on_the_page", [True, False])
def test_a_token_that_is_revoked_brings_nothing_more(
    house: House, owner: httpx2.Client, on_the_page: bool
) -> None:
    content, token = sound(30, 9_000_000), token_for(house)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    number = house.rows("select id from api_tokens where token_hash = ?", hashed)[0]["id"]
    upload = create(owner, len(content))

    def revoke() -> None:
        if on_the_page:
            owner.post(f"/account/tokens/{number}/revoke")
        else:
            draftmill(house.data, "token", "revoke", OWNER, str(number))

    def body() -> Iterator[bytes]:
        yield content[:8_500_000]
        until(lambda: file_of(house, upload).stat().st_size, 10, "bytes to arrive")
        revoke()
        # Another process's change reaches the server by its watcher.
        until(lambda: head(other, upload).status_code == 401, 10, "the token to end")
        yield content[8_500_000:]

    with by_token(house, token) as client, by_token(house, token) as other:
        assert code_of(patch(client, upload, 0, body())) == (401, "unauthorized")
    assert offset(owner, upload) == 0
    assert (row_of(house, upload) or {})["synced_bytes"] == 0
    patch(owner, upload, 0, content)
    taken(house, owner, upload, content)


def test_another_s_token_finds_nothing_and_changes_nothing(
    house: House, owner: httpx2.Client, second: httpx2.Client
) -> None:
    content = sound(31)
    upload = create(owner, len(content))
    patch(owner, upload, 0, content[:1000])
    whole = wire.sent(owner, content)
    before = [(row_of(house, one), file_of(house, one).read_bytes()) for one in (upload, whole)]
    projects = house.rows("select id from projects")
    with by_token(house, token_for(house, "second@example.org")) as theirs:
        assert theirs.get("/api/v1/projects").status_code == 200
        for one in (upload, whole):
            assert head(theirs, one).status_code == 404
            assert code_of(patch(theirs, one, 1000, content[1000:])) == (404, "not_found")
            assert code_of(theirs.delete(one, headers=TUS)) == (404, "not_found")
            asked = theirs.post("/api/v1/projects", json={"upload": one.rpartition("/")[2]})
            problem(asked, 404, "not_found")
    after = [(row_of(house, one), file_of(house, one).read_bytes()) for one in (upload, whole)]
    assert after == before
    assert len(house.rows("select id from projects")) == len(projects)
    assert patch(owner, upload, 1000, content[1000:]).status_code == 204
    taken(house, owner, upload, content)
    assert owner.delete(whole, headers=TUS).status_code == 204


def test_a_silent_connection_gives_way(strict: House, guest: httpx2.Client) -> None:
    content = sound(11, 3_900_000)
    upload = create(guest, len(content))
    with begun(guest, upload, 0, content[:3_000_000], len(content)) as connection:
        until(lambda: file_of(strict, upload).stat().st_size, why="bytes to arrive")
        at = offset(guest, upload)
        assert 0 < at <= 3_000_000
        with connection.makefile("rb") as answer:
            assert b" 408 " in answer.readline()
        assert patch(guest, upload, at, content[at:]).status_code == 204
    taken(strict, guest, upload, content)


def test_an_upload_that_is_given_up_is_gone(house: House, owner: httpx2.Client) -> None:
    upload = wire.sent(owner, sound(12))
    assert owner.delete(upload, headers=TUS).status_code == 204
    assert not file_of(house, upload).exists()
    for method in ("HEAD", "PATCH", "DELETE"):
        assert owner.request(method, upload, headers=TUS).status_code == 404
    assert wire.project(owner, upload).status_code == 404


def test_an_upload_is_given_up_while_it_is_written(house: House, owner: httpx2.Client) -> None:
    content = sound(13)
    upload = create(owner, len(content))
    with begun(owner, upload, 0, content[:1_000_000], len(content)):
        until(lambda: head(owner, upload).status_code == 423, why="it to be written")
        assert owner.delete(upload, headers=TUS).status_code == 204
    assert not file_of(house, upload).exists()
    assert row_of(house, upload) is None


def test_a_file_that_is_too_large_is_refused_before_a_byte(
    strict: House, guest: httpx2.Client
) -> None:
    answer = guest.post("/uploads", headers=TUS | {"Upload-Length": str(MOST + 1)})
    assert code_of(answer) == (413, "too_large")
    assert answer.headers["tus-max-size"] == str(MOST)


def test_more_than_the_disk_has_is_refused_before_a_byte(
    house: House, owner: httpx2.Client
) -> None:
    before = list((house.data / "uploads").iterdir())
    answer = owner.post("/uploads", headers=TUS | {"Upload-Length": str(10**16)})
    assert code_of(answer) == (507, "disk_full")
    assert list((house.data / "uploads").iterdir()) == before


def test_nobody_begins_uploads_without_end(strict: House, guest: httpx2.Client) -> None:
    begun_before = []
    answer = guest.post("/uploads", headers=TUS | {"Upload-Length": "1"})
    while answer.status_code == 201:
        begun_before.append(answer.headers["location"])
        answer = guest.post("/uploads", headers=TUS | {"Upload-Length": "1"})
        assert len(begun_before) < 250
    assert code_of(answer) == (429, "too_many_uploads")
    for upload in begun_before:
        assert guest.delete(upload, headers=TUS).status_code == 204


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "bad_header"),
        ({"Upload-Length": "-1"}, 400, "bad_header"),
        ({"Upload-Length": "ten"}, 400, "bad_header"),
        ({"Upload-Length": "9" * 30}, 400, "bad_header"),
        ({"Upload-Defer-Length": "1"}, 400, "bad_header"),
        ({"Upload-Length": "1", "Upload-Metadata": "filename =no="}, 400, "bad_header"),
        ({"Upload-Length": "1", "Upload-Metadata": "a " + "b" * 5000}, 400, "bad_header"),
        ({"Upload-Length": "1", "Tus-Resumable": "0.2.2"}, 412, "wrong_version"),
    ],
)
def test_what_the_protocol_does_not_know_is_refused(
    owner: httpx2.Client, headers: dict[str, str], status: int, code: str
) -> None:
    answer = owner.post("/uploads", headers=TUS | headers)
    assert code_of(answer) == (status, code)
    assert answer.headers.get("tus-version") == ("1.0.0" if status == 412 else None)


def test_only_bytes_are_taken(owner: httpx2.Client) -> None:
    upload = create(owner, 10)
    headers = TUS | {"Upload-Offset": "0"}
    answer = owner.patch(upload, headers=headers, data={"a": "b"})
    assert code_of(answer) == (415, "no_bytes")
    headers |= {"Content-Type": BYTES, "Upload-Offset": "x"}
    assert code_of(owner.patch(upload, headers=headers, content=b"x")) == (400, "bad_header")
    assert owner.delete(upload, headers=TUS).status_code == 204


def test_the_server_tells_what_it_speaks(strict: House, guest: httpx2.Client) -> None:
    answer = guest.options("/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(MOST)
    assert "termination" in answer.headers["tus-extension"].split(",")


def test_head_tells_what_was_said_at_the_beginning(owner: httpx2.Client) -> None:
    upload = create(owner, 10, **NAME)
    answer = head(owner, upload)
    assert answer.headers["upload-length"] == "10"
    assert answer.headers["upload-metadata"] == NAME["Upload-Metadata"]
    assert answer.headers["cache-control"] == "no-store"
    ends = parsedate_to_datetime(answer.headers["upload-expires"]) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=50) < ends <= timedelta(hours=24)
    assert owner.delete(upload, headers=TUS).status_code == 204


# What becomes of it


def test_after_its_project_was_made_an_upload_still_answers(
    house: House, owner: httpx2.Client
) -> None:
    content = sound(14)
    upload = wire.sent(owner, content)
    assert offset(owner, upload) == len(content)
    project = taken(house, owner, upload, content)
    assert offset(owner, upload) == len(content)
    assert patch(owner, upload, len(content), b"").status_code == 204
    again = wire.project(owner, upload, context="Told later")
    assert again.json() == {"url": f"/projects/{project}?note=known"}
    row = house.one("select context from projects where id = ?", project)
    assert row
    assert row["context"] == "Told later"
    assert owner.post(f"/projects/{project}/delete").status_code == 303
    assert head(owner, upload).status_code == 404


def test_the_same_file_again_leads_to_its_project(house: House, owner: httpx2.Client) -> None:
    content = sound(15)
    project = taken(house, owner, wire.sent(owner, content), content)
    answer = wire.project(owner, wire.sent(owner, content))
    assert answer.json() == {"url": f"/projects/{project}?note=known"}
    assert len(house.rows("select 1 from projects where sha256 = ?", sha256(content))) == 1


def test_asked_for_at_once_by_many_it_becomes_one_project(
    house: House, owner: httpx2.Client
) -> None:
    content = sound(23)
    upload = wire.sent(owner, content)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: wire.project(owner, upload), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["url"].partition("?")[0] for answer in answers}) == 1
    taken(house, owner, upload, content)


def test_an_unfinished_upload_becomes_no_project(house: House, owner: httpx2.Client) -> None:
    content = sound(16)
    upload = create(owner, len(content))
    patch(owner, upload, 0, content[:-1])
    answer = wire.project(owner, upload)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "upload_incomplete")
    patch(owner, upload, len(content) - 1, content[-1:])
    taken(house, owner, upload, content)


def test_another_file_than_its_sender_has_is_thrown_away(
    house: House, owner: httpx2.Client
) -> None:
    content = sound(17)
    upload = wire.sent(owner, content)
    answer = wire.project(owner, upload, sha256=sha256(content + b"x"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_file")
    assert head(owner, upload).status_code == 404
    assert not file_of(house, upload).exists()
    upload = wire.sent(owner, content)
    assert wire.project(owner, upload, sha256=sha256(content).upper()).status_code == 200


@pytest.mark.parametrize("content", [b"Dear diary", b""])
def test_what_is_no_recording_leaves_nothing(
    house: House, owner: httpx2.Client, content: bytes
) -> None:
    upload = wire.sent(owner, content) if content else create(owner, 0)
    answer = wire.project(owner, upload)
    assert answer.status_code in (415, 422)
    assert row_of(house, upload) is None
    assert not file_of(house, upload).exists()
    assert not list((house.data / "uploads").glob("*.part"))


def test_a_form_that_is_refused_keeps_the_upload(house: House, owner: httpx2.Client) -> None:
    content = sound(18)
    upload = wire.sent(owner, content)
    assert wire.project(owner, upload, title="x" * 301).status_code == 422
    taken(house, owner, upload, content)


def test_an_upload_ends_when_it_does_not_go_on_in_time(
    tmp_path: Path, quiet: dict[str, str]
) -> None:
    hours = {"DRAFTMILL_UPLOAD_HOURS": "0.0008"}
    with opened(tmp_path / "data", **quiet, **hours) as own, closing(own.make_owner()) as client:
        upload = create(client, 10)
        until(lambda: head(client, upload).status_code == 404, why="the upload to end")
        assert patch(client, upload, 0, b"0123456789").status_code == 404
        assert wire.project(client, upload).status_code == 404
        with closing(own.db()) as db:
            Janitor(Settings(data=own.data)).clean(db)
        assert row_of(own, upload) is None
        assert not list((own.data / "uploads").iterdir())


# Whose it is


def test_nobody_else_can_tell_an_upload_from_nothing(
    house: House, owner: httpx2.Client, second: httpx2.Client
) -> None:
    content = sound(19)
    upload = wire.sent(owner, content)
    never = "/uploads/0000"
    for method in ("HEAD", "PATCH", "DELETE", "POST"):
        theirs = second.request(method, upload, headers=TUS)
        nothing = second.request(method, never, headers=TUS)
        assert (theirs.status_code, theirs.text) == (nothing.status_code, nothing.text)
        assert theirs.status_code == 404
    assert wire.project(second, upload).status_code == 404
    taken(house, owner, upload, content)


def test_who_is_signed_out_uploads_nothing(owner: httpx2.Client, stranger: httpx2.Client) -> None:
    upload = create(owner, 10)
    assert stranger.post("/uploads", headers=TUS | {"Upload-Length": "1"}).status_code == 401
    for method in ("HEAD", "PATCH", "DELETE"):
        assert stranger.request(method, upload, headers=TUS).status_code == 401
    # Also one that says nothing about JSON is not sent to a page.
    assert stranger.head(upload, headers={"Tus-Resumable": "1.0.0"}).status_code == 401
    assert owner.delete(upload, headers=TUS).status_code == 204


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_another_site_uploads_nothing(house: House, owner: httpx2.Client, origin: str) -> None:
    upload = create(owner, 10)
    headers = TUS | ({"Origin": origin} if origin else {})
    with httpx2.Client(base_url=house.url, headers=headers) as foreign:
        foreign.cookies.update(owner.cookies)
        assert foreign.post("/uploads", headers={"Upload-Length": "1"}).status_code == 403
        bytes_at = {"Content-Type": BYTES, "Upload-Offset": "0"}
        assert foreign.patch(upload, headers=bytes_at, content=b"x").status_code == 403
        assert foreign.delete(upload).status_code == 403
    assert offset(owner, upload) == 0
    assert owner.delete(upload, headers=TUS).status_code == 204


# A client that nobody here wrote


@pytest.fixture(scope="module")
def token(house: House, owner: httpx2.Client) -> str:
    return draftmill(house.data, "token", "add", "mara@example.org").stdout.strip()


def tuspy(url: str, token: str) -> TusClient:
    return TusClient(f"{url}/uploads", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("size", [400_000, 2**62])
def test_tuspy_uploads_a_file(house: House, owner: httpx2.Client, token: str, size: int) -> None:
    content = sound(20 if size < 2**62 else 21)
    uploader = tuspy(house.url, token).uploader(
        file_stream=BytesIO(content), chunk_size=size, metadata={"filename": "Übung.wav"}
    )
    uploader.upload()
    upload = uploader.url.removeprefix(house.url)
    project = taken(house, owner, upload, content)
    row = house.one("select file_name from projects where id = ?", project)
    assert row
    assert row["file_name"] == "Übung.wav"


def test_tuspy_goes_on_over_a_line_that_breaks(
    house: House, owner: httpx2.Client, token: str
) -> None:
    content = sound(22)
    chance = random.Random(22)
    cuts = [chance.randrange(300_000, 700_000) for _ in range(3)]
    with line_to(house) as line:
        client = tuspy(line.url, token)
        uploader = client.uploader(file_stream=BytesIO(content))
        uploader.set_url(uploader.create_url())
        line.cut_after = lambda: cuts.pop() if cuts else wire.ENDLESS
        while uploader.offset < len(content):
            try:
                uploader.upload_chunk()
            except (TusUploadFailed, TusCommunicationError):
                uploader.offset = offset(owner, uploader.url.removeprefix(line.url))
        assert not cuts
        taken(house, owner, uploader.url.removeprefix(line.url), content)
