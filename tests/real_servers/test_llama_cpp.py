"""A real llama.cpp: what the writer asks is understood, and what it answers is too. Offline."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem
from draftmill.jobs.job import find_job
from draftmill.settings import Settings
from draftmill.writers.model.chat import Chat
from draftmill.writers.model.prompts import Prompt
from tests.support.house import QUICK, opened, until
from tests.support.llama_server import CONTEXT, Llama, llama
from tests.support.model_writer import Watched, add_running_job
from tests.support.projects import idle, newest, start

SHORT = Prompt("You write about what you are asked.", "Write one sentence about bread.")
TALK = "We moved our build to a remote cache. It saved eleven minutes for every developer. " * 3
ONE_SENTENCE = {"antiprompt": ["."]}
PATIENCE_S = 600  # reading a prompt takes a minute on a machine that has other work

Asks = Callable[..., str]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has no wheel everywhere")


@pytest.fixture(scope="module")
def brief() -> Iterator[Llama]:
    """A model that says one sentence."""
    with llama(**ONE_SENTENCE, api_keys=["a-key-of-ours"]) as server:
        yield server


@pytest.fixture(scope="module")
def endless() -> Iterator[Llama]:
    """A model that never comes to an end."""
    with llama(ignore_eos=True) as server:
        yield server


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Watched]:
    settings = Settings(data=tmp_path)
    prepare(settings.database)
    with closing(connect(settings.database)) as db:
        add_running_job(db)
        job = find_job(db, "j1")
        assert job
        project = db.execute("select * from projects").fetchone()
        yield Watched(settings, db, job, project, tmp_path)


@pytest.fixture
def asks(work: Watched) -> Iterator[Asks]:
    """Asks one question, and answers what the writer understood."""
    with ExitStack() as stack:

        def ask(server: Llama, prompt: Prompt = SHORT, key: str = "a-key-of-ours") -> str:
            given: dict[str, Any] = {"llm_api_key": key, "llm_timeout_s": PATIENCE_S}
            work.settings = Settings(
                data=work.settings.data,
                llm_base_url=server.base_url,
                llm_model="smollm2",
                llm_context=CONTEXT,
                **given,
            )
            chat = stack.enter_context(Chat(work))
            answer = chat.ask("write", prompt, "Writing")
            assert chat.manner.system and chat.manner.usage and chat.manner.stream
            return answer

        yield ask


def problem(asks: Asks, *arguments: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        asks(*arguments, **more)
    return caught.value


def test_an_answer_streams_word_by_word_and_comes_to_its_end(
    asks: Asks, brief: Llama, work: Watched
) -> None:
    assert "read" in asks(brief)
    assert len({done for done, *_ in work.reports}) > 5
    assert work.warnings == ()  # its count of what it read is honest


def test_a_key_that_is_wrong_is_named(asks: Asks, brief: Llama) -> None:
    assert problem(asks, brief, key="another-key").code == "model_key_refused"


def test_a_request_that_is_too_long_is_named_with_the_way_out(asks: Asks, brief: Llama) -> None:
    failure = problem(asks, brief, Prompt("Write.", "bread " * 2 * CONTEXT))
    assert failure.code == "model_context_too_long"
    assert "DRAFTMILL_LLM_CONTEXT" in failure.hint


def test_an_answer_cut_by_its_length_is_named(asks: Asks) -> None:
    with llama(n_predict=12, ignore_eos=True) as server:
        assert problem(asks, server).code == "model_reply_cut_off"


def test_a_job_writes_a_draft(tmp_path: Path, brief: Llama) -> None:
    with (
        opened(tmp_path / "data", **QUICK, **settings_for(brief)) as house,
        closing(house.make_owner()) as client,
    ):
        project = idle(house, client, TALK)
        # Else the draft would end with the transcription that is being cancelled.
        house.ended(newest(house, project, "ingest")["id"])
        start(house, client, project, "linkedin")
        job = house.ended(newest(house, project, "linkedin")["id"], PATIENCE_S)
        assert job["status"] == "succeeded", job["error_message"]
        draft = house.one("select * from draft_versions where project_id = ?", project)
        assert draft
        assert len(draft["body"]) > 10
        assert draft["model"] == "smollm2"


def test_a_cancelled_job_ends_the_request(tmp_path: Path, endless: Llama) -> None:
    with (
        opened(tmp_path / "data", **QUICK, **settings_for(endless)) as house,
        closing(house.make_owner()) as client,
    ):
        project = idle(house, client, TALK)
        # Else the draft would end with the transcription that is being cancelled.
        house.ended(newest(house, project, "ingest")["id"])
        start(house, client, project, "linkedin")
        job = newest(house, project, "linkedin")["id"]
        until(lambda: endless.at_work or house.job(job)["completed_at"], PATIENCE_S)
        assert not house.job(job)["completed_at"], house.job(job)["error_message"]
        client.post(f"/jobs/{job}/cancel")
        assert house.ended(job)["status"] == "cancelled"
        until(lambda: not endless.at_work, PATIENCE_S, "the slot to be free")


def settings_for(server: Llama) -> dict[str, str]:
    return {
        "DRAFTMILL_LLM_BASE_URL": server.base_url,
        "DRAFTMILL_LLM_MODEL": "smollm2",
        "DRAFTMILL_LLM_API_KEY": "a-key-of-ours",
        "DRAFTMILL_LLM_CONTEXT": str(CONTEXT),
        "DRAFTMILL_LLM_TIMEOUT_S": str(PATIENCE_S),
    }
