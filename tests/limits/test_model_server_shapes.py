"""Twelve things that hold for every server, however it speaks."""

import json

import pytest

from tests.support.model_server import Answer, ModelServer, sends
from tests.support.model_server_shapes import SHAPES
from tests.support.model_writer import KEY, SENTENCES, TWITTER, Watched, problem, wrote
from tests.support.shaped_answers import THOUGHT, Shape

POST = "# Bread on Monday\n\nThe bakery opens on Monday, and the oven is hot.\n\n## The oven\n\nIt was bought in May."
BODY = POST.partition("\n\n")[2]
EXCUSE = "I'm sorry, but I can't help with bread."

pytestmark = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def refuses(row: tuple[int, object], **headers: str) -> Answer:
    """An error of this row, which quotes our key and what we asked."""
    status, body = row
    text = json.dumps(body).replace("KEY", KEY)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sends(status, text, named)


def failure(work: Watched, server: ModelServer, answer: Answer) -> tuple[str, bool, str]:
    server.otherwise = answer
    found = problem(work)
    assert KEY not in str(found)
    return found.code, found.transient, str(found)


def test_the_draft_is_the_post_alone(work: Watched, server: ModelServer, shape: Shape) -> None:
    server.otherwise = shape.answers(POST)
    draft = wrote(work)
    assert (draft.title, draft.body) == ("Bread on Monday", BODY)


def test_a_thread_is_the_posts_alone(work: Watched, server: ModelServer, shape: Shape) -> None:
    server.otherwise = shape.answers("One post.\n---\nAnother post.")
    assert json.loads(wrote(work, TWITTER).body) == ["One post.", "Another post."]


def test_what_a_server_refuses_is_asked_for_once_in_a_job(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    server.otherwise = shape.answers("# " + "A title that goes on and on " * 9 + "\n\nA text.")
    wrote(work)
    refused = [one for one in server.requests if shape.refuses and shape.refuses[0](one)]
    assert len(refused) == (shape.refuses is not None)
    first, shortened = server.requests[len(refused)], server.requests[-1]
    assert len(server.requests) == 2 + len(refused)
    assert SENTENCES[0] in first.asked
    assert "blog post" in first.asked
    assert "You shorten texts" in shortened.asked


def test_an_answer_cut_by_its_length_is_named(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    found = failure(work, server, shape.answers(POST, shape.length))
    assert found[:2] == ("model_reply_cut_off", False)


def test_an_answer_that_was_filtered_is_named(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    by_reason = isinstance(shape.filtered, str)
    answer = shape.answers("", shape.filtered) if by_reason else refuses(shape.filtered)
    assert failure(work, server, answer)[:2] == ("model_reply_refused", False)


def test_a_refusal_is_named_with_its_reason(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    code, _, told = failure(work, server, shape.answers(EXCUSE))
    assert code == "model_reply_refused"
    assert EXCUSE in told


def test_a_request_that_is_too_long_is_named_with_the_way_out(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    code, transient, told = failure(work, server, refuses(shape.too_long))
    assert (code, transient) == ("model_context_too_long", False)
    assert "DRAFTMILL_LLM_CONTEXT" in told
    assert len(server.requests) == 1


def test_a_busy_server_is_waited_for_as_it_wishes(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    server.otherwise = refuses(shape.busy, Retry_After="7")
    found = problem(work)
    assert found.transient
    assert found.code in ("model_busy", "model_server_error")
    assert found.retry_after_s == 7.0 or shape.busy[0] == 200


def test_a_key_that_is_refused_is_named_and_not_shown(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    code, transient, told = failure(work, server, refuses(shape.bad_key))
    assert (code, transient) == ("model_key_refused", False)
    assert "DRAFTMILL_LLM_API_KEY" in told


def test_a_model_that_is_not_there_is_named(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    code, transient, told = failure(work, server, refuses(shape.no_model))
    assert (code, transient) == ("model_not_found", False)
    assert "writer-7b" in told


def test_thinking_without_an_answer_is_named(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    found = failure(work, server, shape.answers(f"<think>\n{THOUGHT}"))
    assert found[:2] == ("model_reply_empty", False)


def test_what_breaks_off_is_named_and_tried_again(
    work: Watched, server: ModelServer, shape: Shape
) -> None:
    found = failure(work, server, shape.answers(POST, broken=True))
    assert found[:2] == ("model_reply_broken", True)
