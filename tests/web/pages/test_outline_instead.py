"""Never nothing: where the model failed for good, an outline is one press away."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.support.api_programs import TALK, program, token_for
from tests.support.house import QUICK, House, opened, until
from tests.support.model_server import ModelServer, fails
from tests.support.projects import idle, newest, start

LABEL = "Write an outline instead"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("failing")
    with ModelServer(otherwise=fails(401)) as model:
        environ = {"DRAFTMILL_LLM_BASE_URL": model.base_url, "DRAFTMILL_LLM_MODEL": "writer"}
        with opened(folder / "data", **QUICK, **environ) as running:
            yield running


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx2.Client]:
    with closing(house.make_owner()) as client:
        yield client


def failed(house: House, client: httpx2.Client) -> tuple[str, str]:
    """A project whose blog post failed, and the job that did."""
    project = idle(house, client, TALK)
    house.ended(newest(house, project, "ingest")["id"])
    start(house, client, project, "blog")
    job = house.ended(newest(house, project, "blog")["id"])
    assert job["error_code"] == "model_key_refused"
    return project, job["id"]


def test_a_failed_draft_offers_an_outline_by_one_press(house: House, client: httpx2.Client) -> None:
    project, job_id = failed(house, client)
    for page in (f"/projects/{project}", f"/jobs/{job_id}"):
        until(lambda page=page: LABEL in client.get(page).text, 10, "the offer")
    wish = {"type": "blog", "without_model": "1", "after_last": job_id}
    answer = client.post(f"/projects/{project}/jobs", data=wish, headers={"HX-Request": "true"})
    assert answer.status_code == 202
    job = house.ended(newest(house, project, "blog")["id"])
    assert (job["status"], job["model"]) == ("succeeded", "extractive")
    assert house.job(job_id)["error_code"] == "model_key_refused"
    desk = client.get(f"/projects/{project}/drafts/blog").text
    assert "as you wished: no language model wrote it" in desk
    page = client.get(f"/projects/{project}").text
    assert LABEL not in page
    assert "Generate again" in page


def test_a_program_may_wish_for_an_outline_too(house: House, client: httpx2.Client) -> None:
    project, _ = failed(house, client)
    with program(house, token_for(house)) as api:
        made = api.post(f"/projects/{project}/jobs", json={"type": "blog", "without_model": True})
        assert made.status_code == 202
        assert made.json()["without_model"] is True
    assert house.ended(made.json()["id"])["status"] == "succeeded"
