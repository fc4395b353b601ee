"""One table for both servers: codes of their own, the same words, and no secrets."""

import re

import httpx2
import pytest

from draftmill.model_servers import failures
from draftmill.model_servers.failures import Failure
from draftmill.model_servers.line import Refused
from draftmill.model_servers.server import Server, transcribing, writing
from draftmill.settings import Settings

SETTINGS = Settings(
    llm_base_url="http://me:secret@writes.example/v1",
    llm_model="writer-7b",
    llm_api_key="the-key-of-writes",
    transcribe_base_url="http://me:secret@hears.example:9000/v1",
    transcribe_api_key="the-key-of-hears",
)
WRITES = writing(SETTINGS)
HEARS = transcribing(SETTINGS)
TABLE = {name: row for name, row in vars(failures).items() if isinstance(row, Failure)}


def answered(status: int, body: object) -> Refused:
    """What the line raises for an answer."""
    return Refused(httpx2.Response(status, json=body))


@pytest.mark.parametrize("server", [WRITES, HEARS], ids=["writes", "hears"])
@pytest.mark.parametrize("failure", TABLE.values(), ids=TABLE)
def test_every_row_has_a_code_and_says_what_happened_and_what_to_do(
    server: Server, failure: Failure
) -> None:
    problem = server.problem(failure, answer=" (HTTP 500)")
    stem = "model_" if server is WRITES else "transcription_server"
    assert re.fullmatch(rf"{stem}[a-z_]*", problem.code)
    for sentence in (problem.message, problem.hint):
        assert re.fullmatch(r"[A-Z][^{}]*\.", sentence)
        assert "secret" not in sentence
        assert "the-key-of" not in sentence
    foreign = "TRANSCRIBE" if server is WRITES else "LLM"
    assert foreign not in problem.hint


@pytest.mark.parametrize(
    ("status", "code", "writes", "hears"),
    [
        (401, "", "model_key_refused", "transcription_server_key"),
        (402, "", "model_quota_used", "transcription_server_credit"),
        (429, "insufficient_quota", "model_quota_used", "transcription_server_credit"),
        (404, "", "model_not_found", "transcription_server_model"),
        (400, "model_not_found", "model_not_found", "transcription_server_model"),
        (413, "", "model_context_too_long", "transcription_server_size"),
        (429, "", "model_busy", "transcription_server_busy"),
        (503, "", "model_server_error", "transcription_server_busy"),
        (418, "", "model_request_refused", "transcription_server"),
    ],
)
def test_the_same_answer_is_the_same_failure_of_either_server(
    status: int, code: str, writes: str, hears: str
) -> None:
    error = answered(status, {"error": {"code": code, "message": "No."}})
    of_writing, of_hearing = WRITES.problem_of(error), HEARS.problem_of(error)
    assert (of_writing.code, of_hearing.code) == (writes, hears)
    assert of_writing.failure is of_hearing.failure
    assert of_writing.transient == of_hearing.transient


def test_servers_are_quoted_without_keys_and_without_our_prompt() -> None:
    said = "Bad sound: the-key-of-hears, Bearer abc, sk-abcdefgh at http://a:b@c <b>now</b>"
    error = answered(422, {"error": {"message": said, "code": "bad_sound"}})
    assert HEARS.problem_of(error).message == (
        "The transcription server hears.example refused the request (HTTP 422, bad_sound):"
        " “Bad sound: …, … … at http://c now”."
    )
    said = "The sound of a whole sentence is bad, the-key-of-writes"
    error = answered(422, {"error": {"message": said, "code": "bad_sound"}})
    prompt = "Somebody says: the sound of a\nwhole sentence."
    assert WRITES.problem_of(error, prompt).message == (
        "The model server refused the request (HTTP 422, bad_sound): “… is bad, …”."
    )


def test_a_long_quotation_is_cut() -> None:
    message = HEARS.problem_of(answered(422, {"error": "word " * 100})).message
    assert message.endswith("word…”.")
    assert len(message) < 300


def test_a_server_does_not_show_its_key() -> None:
    assert "the-key-of" not in repr([WRITES, HEARS])
