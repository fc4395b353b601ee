"""A recording is adopted, refused or left in its place; the same file again is the same project."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from draftmill import storage
from draftmill.media import refusals
from draftmill.projects.recording import accept, adopt
from draftmill.settings import Settings
from draftmill.uploads.received import copy_in, link_in
from tests.support import media_files as files
from tests.support.house import House, project_id
from tests.support.projects import done, newest, row_of, talk_file


def test_an_accepted_recording_is_adopted(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    received = copy_in(files.video(), settings)
    assert received.sha256 == hashlib.sha256(files.video().read_bytes()).hexdigest()
    found = accept(received, settings)
    folder = storage.folder_of(settings, "a-project")
    assert adopt(received, folder, found) == "recording.mp4"
    assert (folder / "recording.mp4").read_bytes() == files.video().read_bytes()
    assert not list(settings.uploads.iterdir())


def test_a_refused_recording_is_deleted(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    received = copy_in(files.written("diary.mp4", b"Dear diary"), settings)
    with pytest.raises(refusals.NotARecording):
        accept(received, settings)
    assert not list(settings.uploads.iterdir())


def test_a_recording_in_place_stays_there(tmp_path: Path) -> None:
    text = files.written("diary.mp4", b"Dear diary")
    settings = Settings(data=tmp_path)
    with pytest.raises(refusals.NotARecording):
        accept(link_in(text, settings), settings)
    assert text.exists()
    assert not list(settings.uploads.iterdir())
    before = files.video().stat()
    linked = link_in(files.video(), settings)
    found = accept(linked, settings)
    assert found.has_video
    folder = storage.folder_of(settings, "a-project")
    assert (folder / adopt(linked, folder, found)).resolve() == files.video().resolve()
    assert files.video().stat() == before


# The same file again


def test_the_same_file_of_another_user_is_a_project_of_their_own(
    house: House, owner: httpx2.Client, second: httpx2.Client, talk: str
) -> None:
    theirs = house.upload(second, talk_file())
    assert theirs != talk
    assert second.get(f"/projects/{talk}").status_code == 404
    assert owner.get(f"/projects/{theirs}").status_code == 404
    second.post(f"/projects/{theirs}/delete")
    assert owner.get(f"/projects/{talk}/recording").status_code == 200


def test_the_same_file_again_fills_gaps_and_starts_what_is_missing(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    owner.post(f"/projects/{talk}", data={"title": "My title", "context": ""})
    ingest, blog = newest(house, talk, "ingest")["id"], newest(house, talk, "blog")["id"]
    answer = owner.post(
        "/projects",
        files={"recording": ("other name.mp4", talk_file().read_bytes())},
        data={"title": "Not taken", "context": "Taken", "types": ["blog", "newsletter"]},
    )
    assert answer.headers["location"] == f"/projects/{talk}?note=known"
    assert "You uploaded this file before" in owner.get(answer.headers["location"]).text
    row = row_of(house, talk)
    assert (row["title"], row["context"], row["file_name"]) == ("My title", "Taken", "talk.mp4")
    assert newest(house, talk, "ingest")["id"] == ingest
    assert newest(house, talk, "blog")["id"] == blog
    done(house, talk, "newsletter")
    folders = [path.name for path in (house.data / "media").iterdir() if path.name == talk]
    assert folders == [talk]
    assert not list((house.data / "uploads").iterdir())


def test_the_same_file_sent_twice_at_once_is_one_project(
    house: House, owner: httpx2.Client
) -> None:
    content = files.tone("twins.wav").read_bytes()

    def send(n: int) -> httpx2.Response:
        return owner.post("/projects", files={"recording": (f"twin {n}.wav", content)})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    projects = {project_id(answer) for answer in answers}
    assert len(projects) == 1
    assert sum("note=known" in answer.headers["location"] for answer in answers) == 3
    (project,) = projects
    assert len(house.rows("select 1 from jobs where project_id = ?", project)) == 1
    known = {row["id"] for row in house.rows("select id from projects where file is not null")}
    stored = {path.parent.name for path in (house.data / "media").glob("*/recording.*")}
    assert stored == known
    owner.post(f"/projects/{project}/delete")


# The recording alone


def test_the_recording_alone_is_deleted_and_attached_again(
    house: House, owner: httpx2.Client, talk: str
) -> None:
    url = f"/projects/{talk}"
    file = house.data / "media" / talk / "recording.mp4"
    assert owner.post(f"{url}/recording/delete").status_code == 303
    assert not file.exists()
    assert row_of(house, talk)["file"] is None
    assert owner.get(f"{url}/recording").status_code == 404
    page = owner.get(url).text
    assert "Transcript" in page
    assert "<video" not in page
    assert "Transcribe again" not in page
    assert owner.get(f"{url}/screenshots/1").status_code == 200
    assert owner.get(f"{url}/transcript.srt").status_code == 200
    assert owner.get(f"{url}/drafts/blog").status_code == 200
    jobs = house.rows("select id from jobs where project_id = ?", talk)
    refused = owner.post(f"{url}/jobs", data={"type": "ingest"})
    assert refused.status_code == 422
    assert "The recording was deleted" in refused.text
    assert house.rows("select id from jobs where project_id = ?", talk) == jobs
    assert owner.post(f"{url}/recording/delete").status_code == 303

    assert house.upload(owner, talk_file()) == talk
    assert file.read_bytes() == talk_file().read_bytes()
    assert owner.get(f"{url}/recording").status_code == 200
    assert "<video" in owner.get(url).text
    assert house.rows("select id from jobs where project_id = ?", talk) == jobs
