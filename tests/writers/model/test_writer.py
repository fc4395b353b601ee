"""The writer with a model: when it is chosen, and that no answer is bought twice."""

from dataclasses import replace

import pytest

from draftmill.model_servers.server import ServerProblem
from draftmill.settings import Settings
from draftmill.writers import choice
from draftmill.writers.model import writer
from draftmill.writers.outline import writer as outline_writer
from tests.support.model_server import ModelServer, answers, fails
from tests.support.model_writer import (
    MATERIAL,
    Watched,
    long_material,
    problem,
    with_settings,
    wrote,
)

# Which writer


def test_a_server_and_a_model_choose_the_model_writer() -> None:
    settings = Settings(llm_base_url="http://127.0.0.1:1/v1", llm_model="m")
    assert choice.choose(settings) is writer.write
    assert choice.choose(replace(settings, llm_model="")) is outline_writer.write
    assert choice.choose(replace(settings, llm_base_url="")) is outline_writer.write


# Answers that were paid for


def test_a_retry_never_buys_an_answer_twice(work: Watched, server: ModelServer) -> None:
    with_settings(work, llm_context=6000)
    material = long_material(6, 100)
    notes = [answers(f"- chapter {c}: a point about storage engines") for c in range(6)]
    server.then(*notes[:4], fails(500), *notes[4:], fails(500), answers("# T\n\nThe text."))
    for _ in range(2):
        with pytest.raises(ServerProblem, match="an error of its own"):
            wrote(work, material=material)
    written = wrote(work, material=material)
    assert len(server.requests) == 9
    assert wrote(work, material=material) == written
    assert len(server.requests) == 9


def test_other_words_another_wish_or_another_model_ask_again(
    work: Watched, server: ModelServer
) -> None:
    wrote(work)
    wrote(work, instructions="shorter")
    corrected = replace(MATERIAL.segments[0], text="Today I want to talk about SQLite queues.")
    wrote(work, material=replace(MATERIAL, segments=(corrected, *MATERIAL.segments[1:])))
    wrote(with_settings(work, llm_model="writer-70b"))
    assert len(server.requests) == 4


def test_an_answer_that_cannot_be_used_is_not_kept(work: Watched, server: ModelServer) -> None:
    server.then(answers("# Only a title"), answers("# Title\n\nAnd a text."))
    assert problem(work).code == "model_reply_empty"
    assert wrote(work).body == "And a text."
