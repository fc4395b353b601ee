"""What a person asks for, through HTTP."""

import httpx2

from tests.support.house import House
from tests.support.job_rows import brought


def test_an_unknown_language_is_refused_before_a_job_exists(
    house: House, owner: httpx2.Client
) -> None:
    project = brought(owner, "Every pull request should be small enough to read in ten minutes.")
    before = len(house.rows("select id from jobs"))
    answer = owner.post(f"/projects/{project}/jobs", data={"type": "ingest", "language": "klingon"})
    assert answer.status_code == 422
    assert "klingon" in answer.text
    assert len(house.rows("select id from jobs")) == before


def test_a_field_that_was_not_sent_is_left_as_it_is(house: House, owner: httpx2.Client) -> None:
    project = brought(owner, "Small changes reached production within a day, and were read.")
    for form, context in (
        ({"title": "Renamed"}, "A talk about review."),
        ({"title": "Renamed", "context": ""}, ""),
    ):
        assert owner.post(f"/projects/{project}", data=form).status_code == 303
        row = house.one("select title, context from projects where id = ?", project)
        assert row is not None
        assert tuple(row) == ("Renamed", context)


def test_a_brought_transcript_waits_behind_nobodys_recording(
    house: House, owner: httpx2.Client
) -> None:
    recorded = house.upload(owner)
    text = brought(owner, "A text is read in a moment, whatever else is being listened to.")
    query = "select queue from jobs where project_id = ? and type = 'ingest'"
    queues = [row["queue"] for project in (recorded, text) for row in house.rows(query, project)]
    assert queues == ["media", "writing"]
    owner.post(f"/projects/{recorded}/delete")
