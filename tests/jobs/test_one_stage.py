"""One step of an ingest again, with all else as it is."""

from contextlib import closing
from pathlib import Path

import httpx2

from tests.support.browser import bring, hears, newest_job, ready
from tests.support.house import QUICK, House, opened
from tests.support.pills import start
from tests.support.places import SOUNDS
from tests.support.speech_server import speech_server


def stages(house: House, project: str) -> list[tuple[str, object]]:
    rows = house.rows(
        "select 'picture', n || file from screenshots where project_id = ? union all"
        " select 'chapter', c.n || c.title from chapters c join projects p using (transcript_id)"
        " where p.id = ? union all select 'sentence', s.text from segments s"
        " join projects p using (transcript_id) where p.id = ?",
        *[project] * 3,
    )
    return [tuple(row) for row in rows]


def test_screenshots_and_chapters_are_made_again_alone(house: House, owner: httpx2.Client) -> None:
    project = house.upload(owner, title="In steps")
    ready(house, project, "ingest")
    page = owner.get(f"/projects/{project}").text
    assert "Take the screenshots again" in page
    assert "Find the chapters again" in page
    before, transcript = stages(house, project), house.one("select transcript_id from projects")
    with_pictures = [what for what, _ in before].count("picture")
    assert with_pictures
    for stage, others in (("screenshots", "chapters"), ("chapters", "screenshots")):
        start(owner, project, "ingest", stage=stage)
        ready(house, project, "ingest")
        job = house.job(newest_job(house, project, "ingest"))
        assert f'"{stage}"' in job["stage_times"]
        assert f'"{others}"' not in job["stage_times"]
        assert "transcribe" not in job["stage_times"]
        assert f"{stage.title()} ready" in owner.get(f"/jobs/{job['id']}/pill").text
        assert f"{stage.title()} ready" in owner.get("/notifications").text
        assert [what for what, _ in stages(house, project)] == [what for what, _ in before]
        shot = owner.get(f"/projects/{project}/screenshots/1")
        assert shot.status_code == 200
    assert (
        house.one("select transcript_id from projects")["transcript_id"]
        == transcript["transcript_id"]
    )


def test_what_cannot_be_done_alone_is_refused_and_not_offered(
    house: House, owner: httpx2.Client
) -> None:
    project = bring(owner, "Brought as text")
    ready(house, project, "ingest")
    page = owner.get(f"/projects/{project}").text
    assert "Take the screenshots again" not in page
    assert "Find the chapters again" in page
    for stage, status in (("screenshots", 409), ("transcribe", 422)):
        form = {"type": "ingest", "stage": stage}
        assert owner.post(f"/projects/{project}/jobs", data=form).status_code == status
    start(owner, project, "ingest", stage="chapters")
    ready(house, project, "ingest")


def test_another_model_hears_one_recording(tmp_path: Path) -> None:
    with speech_server(hears) as speech:
        environ = {"DRAFTMILL_TRANSCRIBE_BASE_URL": speech.url}
        with (
            opened(tmp_path / "data", **QUICK, **environ) as house,
            closing(house.make_owner()) as me,
        ):
            project = house.upload(me, SOUNDS / "english.opus", title="Heard twice")
            ready(house, project, "ingest")
            pictures = [row for row in stages(house, project) if row[0] == "picture"]
            start(me, project, "ingest", model="a-larger-one")
            ready(house, project, "ingest")
            asked = [request.fields["model"] for request in speech.requests]
            assert (asked[0], asked[-1]) == (["whisper-1"], ["a-larger-one"])
            row = house.one("select model from transcripts order by id desc")
            assert row and row["model"] == "a-larger-one"
            assert [row for row in stages(house, project) if row[0] == "picture"] == pictures


def test_a_model_that_is_not_here_is_refused(house: House, owner: httpx2.Client) -> None:
    project = bring(owner, "With no such model")
    form = {"type": "ingest", "model": "../../etc"}
    assert owner.post(f"/projects/{project}/jobs", data=form).status_code == 422
