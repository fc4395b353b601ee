"""Drafts that are refused on the way: the job and its page say why, and what to do."""

import html
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.support.house import QUICK, House, opened
from tests.support.model_server import Exchange, ModelServer, answers
from tests.support.projects import done, idle, newest, start

TALK = "We built the queue in one weekend. It never lost a single job in two years. "
SUBJECT = "Subject: " + "very long " * 10


def echoes_the_fence(exchange: Exchange) -> None:
    """A good newsletter under a subject that is too long; asked for a shorter one, the fence."""
    if "60 characters" in exchange.request.system:
        (fence, *_) = re.findall(r"===== (\w+) =====", exchange.request.user)
        answers(f"===== {fence} =====")(exchange)
    else:
        answers(f"{SUBJECT}\n\nWe built the queue in one weekend.")(exchange)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(otherwise=echoes_the_fence) as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("refused") / "data", **QUICK) as house:
        yield house


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[httpx2.Client]:
    with closing(house.make_owner()) as client:
        yield client


def choose(owner: httpx2.Client, server: ModelServer, context: int) -> None:
    """A model of the server's, set in the pages; nothing is set in the environment."""
    chosen = {
        "writing_with": "server",
        "llm_base_url": server.base_url,
        "llm_model": "writer-7b",
        "llm_context": str(context),
    }
    assert owner.post("/settings/writing", data=chosen).status_code == 303


def ready(house: House, client: httpx2.Client) -> str:
    project = idle(house, client, TALK)
    house.ended(newest(house, project)["id"])
    return project


def shown(owner: httpx2.Client, job: str) -> str:
    return html.unescape(owner.get(f"/jobs/{job}").text)


def test_a_shorter_title_that_is_the_fence_has_an_outline_in_the_drafts_place(
    house: House, owner: httpx2.Client, server: ModelServer
) -> None:
    choose(owner, server, 8192)
    project = ready(house, owner)
    start(house, owner, project, "newsletter")
    page = shown(owner, done(house, project, "newsletter")["id"])
    assert "The model repeated marks that stand around the recording." in page
    assert "An outline was written in its place." in page
    assert "Choose another model in the settings, and generate again." in page
    draft = house.one("select title, body from draft_versions where project_id = ?", project)
    assert draft
    assert "=====" not in draft["title"] + draft["body"]


def test_a_draft_that_was_refused_can_be_opened_in_the_history(
    house: House, owner: httpx2.Client, server: ModelServer
) -> None:
    choose(owner, server, 8192)
    project = ready(house, owner)
    server.then(answers("# Soups\n\nPlant tomatoes in the sun.\n\nWhisk eggs into cold cream."))
    start(house, owner, project, "blog")
    done(house, project, "blog")
    draft = f"/projects/{project}/drafts/blog"
    assert "Whisk eggs" not in owner.get(draft).text
    history = html.unescape(owner.get(f"{draft}/versions").text)
    assert "Whisk eggs into cold cream." in history
    assert "Of 2 statements that the model wrote, 2 were not found in the recording." in history
    assert history.index("Version 2") < history.index("Version 1") < history.index(", refused")
    assert owner.post(f"{draft}/versions/1/restore").status_code == 303
    wanted = html.unescape(owner.get(draft).text)
    assert "Whisk eggs into cold cream." in wanted
    assert "an outline took its place" not in wanted


def test_a_context_that_holds_no_transcript_says_what_to_do(
    house: House, owner: httpx2.Client, server: ModelServer
) -> None:
    choose(owner, server, 1024)
    project, asked = ready(house, owner), len(server.requests)
    start(house, owner, project, "blog")
    ended = house.ended(newest(house, project, "blog")["id"])
    assert (ended["status"], ended["error_code"]) == ("failed", "model_context_too_small")
    page = shown(owner, ended["id"])
    assert "The model's context is too small to write from a transcript." in page
    assert "Choose a model with a larger context in the settings, “Writing”, and press" in page
    assert 'href="/settings/writing"' in page
    assert ended["retries"] == 0
    assert len(server.requests) == asked


def test_a_context_that_the_environment_sets_is_put_right_there(tmp_path: Path) -> None:
    fixed = {"DRAFTMILL_LLM_BASE_URL": "http://127.0.0.1:9/v1", "DRAFTMILL_LLM_MODEL": "m"}
    environ = QUICK | fixed | {"DRAFTMILL_LLM_CONTEXT": "900"}
    with opened(tmp_path / "data", **environ) as house, closing(house.make_owner()) as client:
        project = ready(house, client)
        start(house, client, project, "blog")
        page = shown(client, house.ended(newest(house, project, "blog")["id"])["id"])
        assert "set DRAFTMILL_LLM_CONTEXT to it, start Draftmill again, and press Retry." in page
