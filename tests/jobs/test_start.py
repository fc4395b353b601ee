"""Starting and retrying: what a person asks for, and the job that exists already."""

import sqlite3

import httpx2
import pytest

from draftmill.errors import Problem
from draftmill.jobs import endings
from draftmill.jobs.job import find_job
from draftmill.jobs.policies import INGEST
from draftmill.jobs.start import NotRetryable, retry_job, start_job
from draftmill.jobs.wishes import Wishes
from draftmill.projects import creation
from draftmill.projects.details import Details
from draftmill.projects.project import row_of
from tests.support.house import House
from tests.support.job_rows import brought, claim, make_project, newest, with_transcript


def test_an_unknown_language_is_refused_before_a_job_exists(
    house: House, owner: httpx2.Client
) -> None:
    project = brought(owner, "Every pull request should be small enough to read in ten minutes.")
    before = len(house.rows("select id from jobs"))
    answer = owner.post(f"/projects/{project}/jobs", data={"type": "ingest", "language": "klingon"})
    assert answer.status_code == 422
    assert "klingon" in answer.text
    assert len(house.rows("select id from jobs")) == before


def test_a_brought_transcript_waits_behind_nobodys_recording(
    house: House, owner: httpx2.Client
) -> None:
    recorded = house.upload(owner)
    text = brought(owner, "A text is read in a moment, whatever else is being listened to.")
    query = "select queue from jobs where project_id = ? and type = 'ingest'"
    queues = [row["queue"] for project in (recorded, text) for row in house.rows(query, project)]
    assert queues == ["media", "writing"]
    owner.post(f"/projects/{recorded}/delete")


def test_a_new_project_has_its_ingest_and_its_drafts_to_be(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog", "twitter"))
    ingest = newest(db, project_id, INGEST)
    assert ingest.status == "pending"
    for name in ("blog", "twitter"):
        assert newest(db, project_id, name).after_job_id == ingest.id


def test_starting_an_active_type_gives_the_job_that_exists(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    project = row_of(db, project_id)
    again = start_job(db, project, Wishes("blog", instructions="shorter"))
    assert not again.created
    assert again.unused
    assert again.job.id == newest(db, project_id, "blog").id


def test_how_many_speak_counts_only_where_voices_are_told_apart(db: sqlite3.Connection) -> None:
    def told(**wishes: str) -> str | None:
        return Wishes(**{"type": INGEST, "speakers": "3"} | wishes).check(("blog",), False).speakers

    assert (told(), told(stage="voices")) == ("3", "3")
    assert told(stage="chapters") is told(type="blog") is told(type="blog", speakers="x") is None
    project = row_of(db, make_project(db))
    db.execute("update projects set source = 'transcript', file = null")
    db.execute("update jobs set status = 'failed'")
    start_job(db, row_of(db, project["id"]), Wishes(INGEST, speakers="3"))
    assert row_of(db, project["id"])["voices"] == ""


def test_how_many_speak_is_taken_from_the_same_file_that_comes_again(
    db: sqlite3.Connection,
) -> None:
    project = row_of(db, make_project(db))
    for speakers in ("3", "2", ""):
        creation.came_again(db, project, Details(speakers=speakers))
        assert row_of(db, project["id"])["voices"] == "3"


def test_a_form_that_saw_an_older_state_starts_nothing(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    with_transcript(db, project_id)
    project = row_of(db, project_id)
    first = start_job(db, project, Wishes("blog"), after_last="").job
    claimed = claim(db, "writing")
    endings.succeed(db, claimed)
    assert start_job(db, project, Wishes("blog"), after_last="").job.id == first.id
    assert start_job(db, project, Wishes("blog"), after_last=first.id).created


def test_a_draft_without_transcript_starts_the_ingest_too(db: sqlite3.Connection) -> None:
    project_id = make_project(db)
    ingest = newest(db, project_id, INGEST)
    endings.cancel(db, ingest)
    started = start_job(db, row_of(db, project_id), Wishes("blog"))
    assert [job.type for job in started.others] == [INGEST]
    assert started.job.after_job_id == started.others[0].id
    assert started.others[0].retry_of == ingest.id


def test_wishes_that_a_taken_up_draft_does_not_have_are_said_to_be_unused(
    db: sqlite3.Connection,
) -> None:
    project_id = make_project(db, ("blog",))
    ingest = claim(db)
    endings.fail(db, ingest, Problem("x", ""))
    started = start_job(db, row_of(db, project_id), Wishes("blog", instructions="shorter"))
    assert started.job.retry_of is not None
    assert started.unused


def test_retrying_a_draft_of_a_failed_ingest_starts_both(db: sqlite3.Connection) -> None:
    project_id = make_project(db, ("blog",))
    ingest = claim(db)
    endings.fail(db, ingest, Problem("x", ""))
    started = retry_job(db, newest(db, project_id, "blog"))
    assert started.job.type == "blog"
    assert started.job.active
    assert [job.type for job in started.others] == [INGEST]
    assert started.job.after_job_id == started.others[0].id


def test_a_second_retry_gives_the_same_job_and_an_ended_well_one_is_refused(
    db: sqlite3.Connection,
) -> None:
    make_project(db)
    job = claim(db)
    endings.fail(db, job, Problem("x", ""))
    failed = find_job(db, job.id)
    assert failed is not None
    assert retry_job(db, failed).job.id == retry_job(db, failed).job.id
    again = claim(db)
    done = endings.succeed(db, again)
    with pytest.raises(NotRetryable):
        retry_job(db, done)
