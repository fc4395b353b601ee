"""The owner chooses what listens; and what the environment sets is shown, and fixed."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from draftmill.speech.folders import bundled_folder
from tests.support.browser import newest_job, ready
from tests.support.house import QUICK, House, draftmill, opened
from tests.support.pills import start
from tests.support.speech_server import says, speech_server

PAGE = "/settings/listening"
FIXED = {
    "DRAFTMILL_LLM_BASE_URL": "http://me:a-password@127.0.0.1:9/v1",
    "DRAFTMILL_LLM_MODEL": "the-writer",
    "DRAFTMILL_LLM_API_KEY": "sk-of-the-environment",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("fixed") / "data", **QUICK, **FIXED) as running:
        yield running


def test_the_built_in_model_is_tried_on_the_sample(owner: httpx2.Client) -> None:
    tried = owner.post(f"{PAGE}/try", data={"listening_with": "here", "whisper_model": "tiny.en"})
    assert "thank you for coming" in tried.text
    assert "times as fast as it was said" in tried.text


def test_a_model_that_a_press_downloaded_is_tried_and_hears_again(
    house: House, owner: httpx2.Client
) -> None:
    shutil.copytree(bundled_folder(), house.data / "models" / "whisper-pressed")
    chosen = {"listening_with": "here", "whisper_model": "whisper-pressed"}
    assert "thank you for coming" in owner.post(f"{PAGE}/try", data=chosen).text
    project = house.upload(owner, title="Heard twice")
    ready(house, project, "ingest")
    assert '<option value="whisper-pressed"' in owner.get(f"/projects/{project}").text
    start(owner, project, "ingest", model="whisper-pressed")
    ready(house, project, "ingest")
    assert house.job(newest_job(house, project, "ingest"))["model"] == "whisper-pressed"
    told = draftmill(house.data, "doctor", DRAFTMILL_WHISPER_MODEL="whisper-pressed")
    assert "whisper-pressed, ready" in told.stdout


def test_a_server_that_is_chosen_is_tried_and_kept(owner: httpx2.Client) -> None:
    with speech_server(says("Hello from the server.")) as server:
        chosen = {
            "listening_with": "server",
            "transcribe_base_url": server.url,
            "transcribe_model": "large",
            "transcribe_hints": "yes",
        }
        assert "Hello from the server." in owner.post(f"{PAGE}/try", data=chosen).text
        assert server.requests[-1].fields["model"] == ["large"]
        assert server.requests[-1].seconds < 15
    assert owner.post(PAGE, data=chosen).headers["location"] == f"{PAGE}?saved=yes"
    page = owner.get(PAGE).text
    assert f'value="{server.url}"' in page
    assert 'name="transcribe_hints" value="yes" checked' in page
    owner.post(PAGE, data={"listening_with": "here"})
    assert 'value="here" checked' in owner.get(PAGE).text


@pytest.mark.parametrize(
    ("name", "told"),
    [("small", "not on this machine yet"), ("/no/such/folder", "no speech model in")],
)
def test_a_model_that_is_not_here_is_told_of_and_not_downloaded_by_a_trial(
    owner: httpx2.Client, name: str, told: str
) -> None:
    tried = owner.post(f"{PAGE}/try", data={"listening_with": "here", "whisper_model": name})
    assert told in tried.text


HUGE = "models--somebody--faster-whisper-huge/snapshots/1"  # as the hub's client keeps them


def test_a_model_that_fails_in_a_trial_leads_to_where_it_was_chosen(
    house: House, owner: httpx2.Client, tmp_path: Path
) -> None:
    _lay_huge(house.data)
    tried = owner.post(f"{PAGE}/try", data={"listening_with": "here", "whisper_model": "huge"}).text
    assert "There is no speech model called “huge”." in tried
    assert "in the settings, “Listening”" in tried
    assert "DRAFTMILL_" not in tried
    with opened(tmp_path / "data", **QUICK, DRAFTMILL_WHISPER_MODEL="huge") as fixed:
        _lay_huge(fixed.data)
        with closing(fixed.make_owner()) as client:
            tried = client.post(f"{PAGE}/try", data={"listening_with": "here"}).text
            assert "Set DRAFTMILL_WHISPER_MODEL to" in tried


def _lay_huge(data: Path) -> None:
    folder = data / "models" / HUGE
    folder.mkdir(parents=True)
    (folder / "model.bin").touch()


def test_what_the_environment_sets_is_shown_and_fixed(house: House, owner: httpx2.Client) -> None:
    page = owner.get("/settings/writing").text
    for variable in FIXED:
        assert f"Set by <code>{variable}</code>" in page
    assert 'value="http://127.0.0.1:9/v1"' in page
    assert "a-password" not in page
    assert "sk-of-the-environment" not in page
    changed = {"writing_with": "none", "llm_model": "another", "llm_api_key": "sk-another"}
    owner.post("/settings/writing", data=changed)
    assert house.rows("select * from settings where key like 'llm%' or key = 'writing_with'") == []
    assert 'value="the-writer"' in owner.get("/settings/writing").text
    owner.post("/settings/writing", data={"llm_context": "4096"})
    assert 'value="4096"' in owner.get("/settings/writing").text, "the rest is free"
