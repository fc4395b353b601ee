"""The bin: nothing is final by accident, and nothing of it is seen until it is restored."""

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.accounts import links
from draftmill.clock import now
from draftmill.database.connection import connect
from draftmill.jobs.policies import INGEST
from draftmill.maintenance.invariants import broken
from draftmill.maintenance.janitor import Janitor
from draftmill.projects import binned
from draftmill.projects.project import row_of
from tests.support import job_states
from tests.support.still_house import StillHouse, still_house

SPOKEN = "Nobody had looked at it before."


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillHouse]:
    with still_house(tmp_path_factory.mktemp("bin")) as house:
        yield house


@pytest.fixture
def owner(still: StillHouse) -> httpx2.Client:
    return still.owner


@pytest.fixture
def db(still: StillHouse) -> Iterator[sqlite3.Connection]:
    with closing(connect(still.settings.database)) as db:
        yield db


@pytest.fixture
def project(db: sqlite3.Connection) -> str:
    """With a transcript, and a blog post that waits to be written."""
    found = job_states.heard(db, "A talk for the bin")
    job_states.start(db, found, "blog")
    return found


def moved(owner: httpx2.Client, project: str) -> httpx2.Response:
    answer = owner.post(f"/projects/{project}/delete")
    assert answer.status_code == 303
    return owner.get(answer.headers["location"])


def text_of(page: httpx2.Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.text))


def test_a_deleted_project_is_out_of_sight_and_one_click_away(
    owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    blog = job_states.of_project(db, project, "blog")
    page = moved(owner, project)
    assert "Moved to the bin: “A talk for the bin”." in text_of(page)
    assert f'action="/bin/{project}/restore"' in page.text
    assert f'id="project-{project}"' not in page.text
    assert "A talk for the bin" in owner.get("/bin").text
    its_page = owner.get(f"/projects/{project}")
    assert its_page.status_code == 404
    assert "is in the bin" in text_of(its_page)
    for path in ("/transcript.txt", "/drafts/blog", "/recording"):
        answer = owner.get(f"/projects/{project}{path}")
        assert answer.status_code == 404
        assert 'href="/bin"' in answer.text
    assert owner.get(f"/jobs/{blog.id}").status_code == 404
    assert blog.id not in owner.get("/jobs").text
    assert owner.get(f"/jobs/results.zip?ids={blog.id}").status_code == 404
    assert job_states.of_project(db, project, "blog").status == "cancelled"
    back = owner.post(f"/bin/{project}/restore")
    assert back.headers["location"] == f"/projects/{project}?note=restored"
    assert owner.get(f"/projects/{project}").status_code == 200


def test_a_second_press_finds_what_the_first_one_did(
    owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    for path, note in (
        (f"/projects/{project}/delete", "binned"),
        (f"/bin/{project}/restore", "restored"),
    ):
        once, twice = (owner.post(path) for _ in range(2))
        assert f"note={note}" in once.headers["location"]
        assert twice.headers["location"] == once.headers["location"]
    query = "select count(*) from jobs where project_id = ? and type = 'blog'"
    assert db.execute(query, (project,)).fetchone()[0] == 2  # cancelled with it, and again


def test_what_was_cancelled_with_it_starts_again_and_what_a_person_cancelled_does_not(
    owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    twitter = job_states.start(db, project, "twitter")
    assert owner.post(f"/jobs/{twitter.id}/cancel").status_code == 303
    blog = job_states.of_project(db, project, "blog")
    moved(owner, project)
    owner.post(f"/bin/{project}/restore")
    again = job_states.of_project(db, project, "blog")
    assert (again.status, again.retry_of) == ("pending", blog.id)
    assert job_states.of_project(db, project, "twitter").id == twitter.id
    listed = owner.get("/jobs").text
    assert f'id="job-{again.id}' in listed or again.id in listed
    assert blog.id in listed


def test_a_transcription_and_what_waits_for_it_go_on(
    owner: httpx2.Client, db: sqlite3.Connection
) -> None:
    project = job_states.project(db, "Not heard yet", "blog", "twitter")
    moved(owner, project)
    assert {job_states.of_project(db, project, one).status for one in (INGEST, "blog")} == {
        "cancelled"
    }
    owner.post(f"/bin/{project}/restore")
    ingest = job_states.of_project(db, project, INGEST)
    assert ingest.status == "pending"
    waiting = [job_states.of_project(db, project, one) for one in ("blog", "twitter")]
    assert [(job.status, job.after_job_id) for job in waiting] == [("pending", ingest.id)] * 2
    jobs = db.execute("select count(*) from jobs where project_id = ?", (project,)).fetchone()
    assert jobs[0] == 6


def test_the_same_transcript_again_brings_it_back(owner: httpx2.Client) -> None:
    form = {"transcript_text": SPOKEN, "title": "Said"}
    sent = {"data": form, "files": {"recording": ("", b"")}}
    first = owner.post("/projects", **sent).headers["location"]
    project = first.removeprefix("/projects/")
    moved(owner, project)
    again = owner.post("/projects", **sent).headers["location"]
    assert again == f"{first}?note=refound"
    assert "was in the bin: it is back" in text_of(owner.get(again))


def test_a_link_to_a_result_opens_nothing_meanwhile_and_tells_nothing(
    still: StillHouse, owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    path = f"/projects/{project}/transcript.txt"
    address = links.FOLDER + links.make(db, still.settings, 1, path).token
    with httpx2.Client(base_url=still.url) as anybody:
        assert anybody.get(address).status_code == 200
        moved(owner, project)
        answer = anybody.get(address)
        assert answer.status_code == 404
        assert "the bin" not in answer.text
        owner.post(f"/bin/{project}/restore")
        assert anybody.get(address).status_code == 200


def test_deleted_now_it_is_gone_with_its_files(
    still: StillHouse, owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    folder = still.settings.media / project
    folder.mkdir(parents=True)
    (folder / "recording.mp4").write_bytes(b"x")
    moved(owner, project)
    assert (folder / "recording.mp4").exists()
    assert "in the <a" in owner.get("/account").text
    page = owner.get(owner.post(f"/bin/{project}/delete").headers["location"])
    assert "Deleted for good." in page.text
    assert not folder.exists()
    its_page = owner.get(f"/projects/{project}")
    assert (its_page.status_code, "deleted already" in its_page.text) == (404, True)
    for again in (
        f"/bin/{project}/delete",
        f"/bin/{project}/restore",
        f"/projects/{project}/delete",
    ):
        page = owner.get(owner.post(again).headers["location"])
        assert (page.status_code, "It is deleted already." in page.text) == (200, True)
    assert not db.execute("select 1 from projects where id = ?", (project,)).fetchone()


def test_only_what_lies_in_the_bin_is_emptied(
    owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    other = job_states.project(db, "It stays")
    kept = owner.get(owner.post(f"/bin/{other}/delete").headers["location"])
    assert "so nothing was deleted" in kept.text
    moved(owner, project)
    assert owner.post("/bin/empty").status_code == 303
    assert "The bin is empty" in owner.get("/bin").text
    kept = {row["id"] for row in db.execute("select id from projects")}
    assert other in kept
    assert project not in kept


def told_of_bin(db: sqlite3.Connection, still: StillHouse) -> list[str]:
    """What is wrong with the bin; these rows have no files, of which the rest is told."""
    return [line for line in broken(db, still.settings) if "bin" in line or "changes" in line]


def test_after_its_days_the_janitor_deletes_it(
    still: StillHouse, owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    old = job_states.project(db, "Long ago")
    folder = still.settings.media / old
    folder.mkdir(parents=True)
    for one in (project, old):
        binned.move_to_bin(db, row_of(db, one))
    assert told_of_bin(db, still) == []
    db.execute("update projects set binned_at = ? where id = ?", (now(-7.1 * 86400), old))
    report = Janitor(still.settings).clean(db)
    assert report.counts["projects in the bin deleted"] == 1
    assert not folder.exists()
    assert [row["id"] for row in binned.page_of(db, 1).rows] == [project]
    assert told_of_bin(db, still) == []


def test_a_double_click_moves_it_once_and_nothing_starts_in_the_bin(
    owner: httpx2.Client, db: sqlite3.Connection, project: str
) -> None:
    row = row_of(db, project)
    moved(owner, project)
    at = row_of(db, project)["binned_at"]
    binned.move_to_bin(db, row)
    assert row_of(db, project)["binned_at"] == at
    assert owner.post(f"/projects/{project}/jobs", data={"type": "blog"}).status_code == 404
    assert owner.post(f"/projects/{project}/delete").status_code == 303
    assert row_of(db, project)["binned_at"] == at


def test_the_bin_has_pages(owner: httpx2.Client, db: sqlite3.Connection, tmp_path: Path) -> None:
    for n in range(3):
        binned.move_to_bin(db, row_of(db, job_states.project(db, f"Page {n}")))
    first = binned.page_of(db, 1, size=2)
    assert [row["title"] for row in first.rows] == ["Page 2", "Page 1"]
    assert first.following == 2
    assert owner.get("/bin?page=9").status_code == 200
    assert owner.get(f"/bin?page={'9' * 30}").status_code == 200
