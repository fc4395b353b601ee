"""A project deleted for good takes its work with it and leaves no row and no file."""

from pathlib import Path

import httpx2

from tests.support import media_files as files
from tests.support.house import SAMPLE, House, until
from tests.support.projects import delete_for_good, newest


def process_of(job_id: str) -> int | None:
    """The process that works on a job."""
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if folder.name.isdecimal() and b"work" in command and job_id.encode() in command:
            return int(folder.name)
    return None


def test_a_project_deleted_while_it_is_transcribed_takes_its_work_with_it(
    house: House, owner: httpx2.Client
) -> None:
    project = house.upload(owner, SAMPLE, types="blog")
    ingest = newest(house, project, "ingest")["id"]
    pid = until(lambda: process_of(ingest), why="a process to work on it")
    refused = owner.post(f"/projects/{project}/recording/delete")
    assert refused.status_code == 409
    assert "is being transcribed right now" in refused.text
    assert (house.data / "media" / project / "recording.mp4").exists()

    delete_for_good(owner, project)
    assert owner.get(f"/projects/{project}").status_code == 404
    until(lambda: owner.get(f"/jobs/{ingest}/pill").status_code == 410, 5, "its pill to go")
    assert not house.rows("select 1 from jobs where project_id = ?", project)
    until(lambda: not Path(f"/proc/{pid}").exists(), 10, "the process to be ended")
    until(lambda: not (house.data / "media" / project).exists(), 10, "its folder to go")


def test_deleting_a_project_leaves_no_row_and_no_file(house: House, owner: httpx2.Client) -> None:
    project = house.upload(owner, files.tone("gone.wav"), types="blog")
    ids = [row["id"] for row in house.rows("select id from jobs where project_id = ?", project)]
    delete_for_good(owner, project)
    for table in ("jobs", "transcripts", "drafts", "draft_versions", "screenshots", "corrections"):
        assert not house.rows(f"select 1 from {table} where project_id = ?", project), table
    assert not house.rows("select 1 from projects_fts where projects_fts match 'gone'")
    until(lambda: not (house.data / "media" / project).exists(), 10, "its folder to go")
    marks = house.rows("select object_id from changes where deleted = 1")
    assert {project, *ids} <= {row["object_id"] for row in marks}
    again = owner.post(f"/projects/{project}/delete")
    assert "It is deleted already." in owner.get(again.headers["location"]).text
