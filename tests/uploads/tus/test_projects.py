"""What becomes of an upload: one project, for its owner alone, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.maintenance.janitor import Janitor
from draftmill.settings import Settings
from tests.support import tus_client as wire
from tests.support.house import House, opened, until
from tests.support.projects import delete_for_good
from tests.support.tus_client import (
    BYTES,
    TUS,
    create,
    file_of,
    head,
    offset,
    patch,
    row_of,
    sha256,
    sound,
    taken,
)

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
    delete_for_good(owner, project)
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
