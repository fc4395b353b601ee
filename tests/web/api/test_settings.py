"""The owner's settings over the API: seen, changed and tried by the owner's tokens alone."""

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from draftmill.accounts.users import add_user
from draftmill.choices.stored import in_effect
from draftmill.settings import Settings
from tests.support.api_programs import ServerAlone, problem, program, token_for
from tests.support.house import PASSWORD
from tests.support.listed_models import listed, listing
from tests.support.speech_server import says, speech_server

KEY = "sk-a-key-of-the-owner"


@pytest.fixture(scope="module", autouse=True)
def owned(server: ServerAlone) -> None:
    with closing(server.db()) as db:
        db.execute("update users set role = 'owner' where email = 'mara@example.org'")


@pytest.fixture(scope="module")
def second(server: ServerAlone) -> Iterator[httpx2.Client]:
    with closing(server.db()) as db:
        add_user(db, "other@example.org", PASSWORD)
    with program(server, token_for(server, "other@example.org")) as client:
        yield client


def named(answer: httpx2.Response) -> dict[str, dict[str, object]]:
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.json()["items"]}


def test_what_the_environment_sets_is_told_and_cannot_be_changed(client: httpx2.Client) -> None:
    found = named(client.get("/settings"))
    assert found["llm_model"] == {
        "name": "llm_model",
        "value": "a-model",
        "source": "environment",
        "variable": "DRAFTMILL_LLM_MODEL",
        "has_key": False,
    }
    assert found["whisper_model"]["source"] == "default"
    refused = client.patch("/settings", json={"llm_model": "another"})
    problem(refused, 409, "set_by_environment")


def test_what_is_chosen_counts_for_the_next_job_and_keys_are_told_to_nobody(
    client: httpx2.Client, server: ServerAlone
) -> None:
    with speech_server(says("Hello.")) as speech:
        chosen = {
            "listening_with": "server",
            "transcribe_base_url": speech.url,
            "transcribe_api_key": KEY,
            "transcribe_hints": True,
            "llm_checks": True,
        }
        tried = client.post("/settings/listening/try", json=chosen).json()
        assert (tried["text"], tried["message"]) == ("Hello.", "")
    answer = client.patch("/settings", json=chosen)
    assert KEY not in answer.text
    assert named(answer)["transcribe_api_key"] == {
        "name": "transcribe_api_key",
        "value": None,
        "source": "chosen",
        "variable": None,
        "has_key": True,
    }
    with closing(server.db()) as db:
        settings = in_effect(db, Settings(data=server.settings.data))
    assert settings.listens_on_server
    assert settings.transcribe_hints
    assert settings.llm_checks
    assert settings.transcribe_api_key == KEY
    forgotten = named(client.patch("/settings", json={"transcribe_api_key": None}))
    assert forgotten["transcribe_api_key"]["has_key"] is False
    assert forgotten["transcribe_base_url"]["value"] == speech.url


def test_the_models_of_a_server_are_told_with_what_they_read(client: httpx2.Client) -> None:
    with listing({"/v1/models": listed("large-v3", "small")}) as running:
        found = client.post("/settings/listening/look", json={"address": running.base_url}).json()
    assert [one["name"] for one in found["servers"][0]["models"]] == ["large-v3", "small"]
    gone = client.post("/settings/listening/look", json={"address": running.base_url}).json()
    assert gone["servers"] == []
    assert "cannot be reached" in gone["message"]


def test_what_cannot_be_is_refused(client: httpx2.Client) -> None:
    odd = client.patch("/settings", json={"transcribe_base_url": "nowhere"})
    problem(odd, 422, "bad_setting")
    half = client.patch("/settings", json={"listening_with": "server", "transcribe_base_url": None})
    problem(half, 422, "setting_missing")


def test_others_neither_see_nor_change_nor_try(second: httpx2.Client) -> None:
    for answer in (
        second.get("/settings"),
        second.patch("/settings", json={"whisper_model": "small"}),
        second.post("/settings/writing/try", json={}),
        second.post("/settings/writing/look", json={}),
    ):
        problem(answer, 403, "owner_only")
