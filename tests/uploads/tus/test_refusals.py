"""What the protocol does not allow changes nothing and says so."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from tests.support import tus_client as wire
from tests.support.api_programs import OWNER, problem, token_for
from tests.support.house import House, draftmill, until
from tests.support.tus_client import (
    BYTES,
    MOST,
    NAME,
    TUS,
    begun,
    code_of,
    create,
    file_of,
    head,
    offset,
    patch,
    row_of,
    sound,
    taken,
)


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
