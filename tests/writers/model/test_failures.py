"""What goes wrong with a model server has a name, says what to do and keeps our secrets."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.support.model_server import (
    Answer,
    ModelServer,
    answers,
    breaks_off,
    chunk,
    cut_json,
    events,
    fails,
    never_answers,
    sends,
    slowly,
    stalls,
)
from tests.support.model_writer import KEY, SENTENCES, Watched, problem, with_settings, wrote

Case = tuple[Answer, str, bool]
CASES: dict[str, Case] = {
    "key": (fails(401, "invalid_api_key", f"Incorrect key {KEY}"), "model_key_refused", False),
    "forbidden": (fails(403), "model_key_refused", False),
    "quota": (fails(429, "insufficient_quota"), "model_quota_used", False),
    "model": (fails(404, "model_not_found"), "model_not_found", False),
    "model400": (fails(400, "model_not_found"), "model_not_found", False),
    "context": (fails(400, "context_length_exceeded"), "model_context_too_long", False),
    "context text": (
        fails(400, message="the request exceeds the available context size"),
        "model_context_too_long",
        False,
    ),
    "too large": (
        sends(413, "<h1>Too large</h1>", kind="text/html"),
        "model_context_too_long",
        False,
    ),
    "refused": (fails(400, "invalid_value", "bad"), "model_request_refused", False),
    "busy": (fails(429, "rate_limit_exceeded"), "model_busy", True),
    "error": (fails(500, message=SENTENCES[1]), "model_server_error", True),
    "gateway": (sends(502, "<h1>Bad gateway</h1>", kind="text/html"), "model_server_error", True),
    "overloaded": (fails(503), "model_server_error", True),
    "web page": (
        sends(200, "<html>Welcome</html>", kind="text/html; charset=utf-8"),
        "model_address_wrong",
        False,
    ),
    "redirect": (sends(302, "", {"Location": "ftp://elsewhere"}), "model_address_wrong", False),
    "cut stream": (breaks_off("# A title"), "model_reply_broken", True),
    "cut json": (cut_json("# A title"), "model_reply_broken", True),
    "no end": (answers("# A title\n\nA text", finish=None, done=False), "model_reply_broken", True),
    "cut answer": (sends(200, '{"choices": [{"mess'), "model_reply_broken", True),
    "error answer": (sends(200, {"error": {"message": "no"}}), "model_server_error", True),
    "error event": (
        events(chunk(content="# A"), {"error": {"message": "out of memory"}}),
        "model_server_error",
        True,
    ),
    "odd events": (events(5, [1], {"choices": "x"}, {"choices": [7]}), "model_reply_broken", True),
    "nothing": (answers(""), "model_reply_empty", False),
    "blank": (answers("  \n "), "model_reply_empty", False),
    "only thought": (answers("<think>Hm, let me see</think>"), "model_reply_empty", False),
    "length": (answers("# A title\n\nA te", finish="length"), "model_reply_cut_off", False),
    "filter": (answers("# A", finish="content_filter"), "model_reply_refused", False),
    "refusal": (
        events(chunk(refusal="I will not."), chunk("stop")),
        "model_reply_refused",
        False,
    ),
    "excuse": (
        answers("I'm sorry, but I can't help with that."),
        "model_reply_refused",
        False,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_failure_has_its_name_and_keeps_our_secrets(
    work: Watched, server: ModelServer, case: Case
) -> None:
    server.otherwise, code, transient = case
    failure = problem(work)
    assert (failure.code, failure.transient) == (code, transient)
    assert failure.message
    assert failure.hint
    for text in (KEY, SENTENCES[1], server.base_url):
        assert text not in str(failure)


def test_a_refused_key_says_what_to_do(work: Watched, server: ModelServer) -> None:
    server.otherwise = fails(401)
    failure = problem(work)
    assert failure.message == "The model server refused the key."
    assert failure.hint == ("Set DRAFTMILL_LLM_API_KEY, start Draftmill again, and press Retry.")


def test_our_client_does_not_retry_by_itself(work: Watched, server: ModelServer) -> None:
    server.otherwise = fails(500)
    problem(work)
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [never_answers, stalls(), stalls("# A title")])
def test_a_server_that_falls_silent_is_given_up(
    work: Watched, server: ModelServer, answer: Answer
) -> None:
    server.otherwise = answer
    failure = problem(with_settings(work, llm_timeout_s=0.2))
    assert (failure.code, failure.transient) == ("model_silent", True)


def test_a_slow_server_is_not_given_up(work: Watched, server: ModelServer) -> None:
    server.otherwise = slowly("# A title\n\nA text that comes in bytes.")
    assert wrote(work).body == "A text that comes in bytes."


def test_a_server_that_is_not_there_may_come_back(work: Watched) -> None:
    with ModelServer() as gone:
        address = gone.base_url
    failure = problem(with_settings(work, llm_base_url=address))
    assert (failure.code, failure.transient) == ("model_unreachable", True)


@pytest.mark.parametrize(
    "address", ["nonsense", "ftp://host/v1", "http://", "http://[::1", "http://host:port/v1"]
)
def test_an_address_that_is_none_is_named(work: Watched, address: str) -> None:
    failure = problem(with_settings(work, llm_base_url=address))
    assert failure.code == "model_address_wrong"


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines"])
def test_a_key_that_cannot_be_sent_is_named_without_being_shown(work: Watched, key: str) -> None:
    failure = problem(with_settings(work, llm_api_key=key))
    assert failure.code == "model_key_refused"
    assert key not in str(failure)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry_After": "7"}, 7.0, 7.0),
        ({"Retry_After": "1.5"}, 1.5, 1.5),
        ({"retry_after_ms": "250"}, 0.25, 0.25),
        ({"Retry_After": "-3"}, 0.0, 0.0),
    ],
)
def test_the_wait_that_a_busy_server_asks_for_is_honoured(
    work: Watched, server: ModelServer, headers: dict[str, str], least: float, most: float
) -> None:
    server.otherwise = fails(429, **headers)
    wait_s = problem(work).retry_after_s
    assert wait_s is not None
    assert least <= wait_s <= most


def test_the_moment_that_a_busy_server_names_is_honoured(
    work: Watched, server: ModelServer
) -> None:
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    server.otherwise = fails(429, Retry_After=format_datetime(in_an_hour, usegmt=True))
    wait_s = problem(work).retry_after_s
    assert wait_s is not None
    assert 3000.0 <= wait_s <= 3600.0


@pytest.mark.parametrize("text", ["soon", "nan", "inf", ""])
def test_a_wait_that_is_no_time_is_left_to_us(
    work: Watched, server: ModelServer, text: str
) -> None:
    server.otherwise = fails(429, Retry_After=text)
    assert problem(work).retry_after_s is None


def test_an_answer_without_end_is_cut(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers(f"{'again' * 50} " * 200)
    failure = problem(with_settings(work, llm_context=4096))
    assert failure.code == "model_reply_cut_off"
