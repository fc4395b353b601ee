"""Whatever breaks on the way, what is finished is what was sent."""

import random
from contextlib import closing
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from tests.support import tus_client as wire
from tests.support.house import House, opened, until
from tests.support.tus_client import (
    BYTES,
    NAME,
    TUS,
    begun,
    code_of,
    create,
    file_of,
    head,
    line_to,
    offset,
    patch,
    row_of,
    sha256,
    sound,
    taken,
)


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
    furthest = 0
    for _ in range(6):
        at = offset(owner, upload)
        part = content[at : at + chance.randrange(0, 600_000)]
        begun(owner, upload, at, part, len(content) - at).close()
        # It may be a part before this one that was still on its way.
        furthest = max(furthest, at + len(part))
        assert at <= offset(owner, upload) <= furthest
        assert content.startswith(file_of(house, upload).read_bytes())
    # Also now: then the rest begins elsewhere.
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
