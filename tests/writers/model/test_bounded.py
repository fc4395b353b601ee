"""An answer has a bound, ends when it repeats itself, and is asked to go on once where it is cut off."""

import json
from collections.abc import Callable

import pytest

from draftmill.evidence.records import blocks_in
from draftmill.writers.model.repeats import circles, said_too_often
from tests.support.model_server import (
    Answer,
    Exchange,
    ModelServer,
    answers,
    chunk,
    fails,
    unless,
)
from tests.support.model_writer import (
    TWITTER,
    Watched,
    long_material,
    problem,
    with_settings,
    wrote,
)

pytestmark = pytest.mark.usefixtures("whatever_is_claimed")
PARAGRAPH = " ".join(f"The queue kept job number {n} until its end came." for n in range(10))


def cut(text: str) -> Answer:
    return answers(text, finish="length")


def test_an_answer_has_a_bound_and_a_low_temperature(work: Watched, server: ModelServer) -> None:
    wrote(with_settings(work, llm_context=8192))
    asked = server.requests[0].body
    assert 2048 <= asked["max_tokens"] < 8192
    assert asked["temperature"] <= 0.5


def test_question_and_answer_fit_into_the_context(work: Watched, server: ModelServer) -> None:
    wrote(with_settings(work, llm_context=5600), material=long_material(4, 40))
    asked = server.requests[0]
    assert len(asked.asked) / 4 + asked.body["max_tokens"] < 5600


@pytest.mark.parametrize(
    ("refused", "instead"),
    [("max_tokens", "max_completion_tokens"), ("temperature", "max_tokens")],
)
def test_a_server_that_refuses_a_bound_is_asked_in_another_way(
    work: Watched, server: ModelServer, refused: str, instead: str
) -> None:
    server.otherwise = unless(refused, answers("# A title\n\nA text."))
    assert wrote(work).body == "A text."
    assert [refused in request.body for request in server.requests] == [True, False]
    assert instead in server.requests[1].body


def test_a_bound_that_a_server_finds_too_large_is_left_to_it(
    work: Watched, server: ModelServer
) -> None:
    said = "max_tokens is too large: 6000. This model supports at most 4096 completion tokens."

    def chosen(exchange: Exchange) -> None:
        bounded = {"max_tokens", "max_completion_tokens"} & exchange.request.body.keys()
        (fails(400, message=said) if bounded else answers("# T\n\nA text."))(exchange)

    server.otherwise = chosen
    assert wrote(work).body == "A text."


def test_an_answer_that_is_cut_off_goes_on_behind_its_last_sentence(
    work: Watched, server: ModelServer
) -> None:
    server.then(cut("# A title\n\nThe queue is small. It nev"), answers("It never lost a job."))
    written = wrote(work)
    assert written.body == "The queue is small. It never lost a job."
    assert "note" not in written.fields
    first, second = (request.body["messages"] for request in server.requests)
    assert second[: len(first)] == first
    assert second[-2] == {"role": "assistant", "content": "# A title\n\nThe queue is small."}


def test_what_is_said_again_where_it_goes_on_stands_once(
    work: Watched, server: ModelServer
) -> None:
    server.then(cut("# T\n\nThe queue is small. It"), answers("The queue is small. It is fast."))
    assert wrote(work).body == "The queue is small. It is fast."
    server.then(cut("# T\n\nThe queue is sm"), answers("# T\n\nThe queue is small."))
    assert wrote(work, instructions="again").body == "The queue is small."


def test_an_answer_cut_off_twice_is_kept_if_it_is_whole_by_its_form_and_says_so(
    work: Watched, server: ModelServer
) -> None:
    server.then(cut(f"# A title\n\n{PARAGRAPH}\n\nThen the sec"), cut("Then the second wee"))
    written = wrote(work)
    assert written.body.endswith("until its end came.")
    last = blocks_in(written.evidence)[-1]
    assert (last.status, last.claims[-1].problems[-1].kind) == ("weak", "unfinished")
    assert "cut off" in work.warnings[0]
    assert wrote(work) == written  # kept, with what it lacks
    assert len(server.requests) == 2


def test_of_a_thread_the_whole_posts_are_kept(work: Watched, server: ModelServer) -> None:
    server.otherwise = cut("One is done.\n---\nTwo is done.\n---\nThree is done.\n---\nFour is")
    written = wrote(work, TWITTER)
    assert len(json.loads(written.body)) >= 3
    assert all(post.endswith("done.") for post in json.loads(written.body))


@pytest.mark.parametrize(
    "text", ["# A title\n\nA te", "# Only a tit", f'{{"title": "T", "body": "{PARAGRAPH} And']
)
def test_what_is_not_whole_fails(work: Watched, server: ModelServer, text: str) -> None:
    server.otherwise = cut(text)
    assert problem(work).code == "model_reply_cut_off"
    assert len(server.requests) == 2


def test_a_model_that_thought_until_its_bound_is_asked_once_without(
    work: Watched, server: ModelServer
) -> None:
    server.then(cut("<think>Let me see, there is a queue"), answers("# T\n\nA text."))
    assert wrote(work).body == "A text."
    assert "max_tokens" not in server.requests[1].body


def test_notes_that_are_cut_off_keep_their_whole_lines(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("# T\n\nA text.")
    server.then(*[cut("- a whole note\n- half a no")] * 6)
    written = wrote(with_settings(work, llm_context=6000), material=long_material(6, 100))
    assert "- a whole note\n" in server.requests[-1].user
    assert "half a" not in server.requests[-1].user
    assert "cut off" not in str(written.fields["note"])


def endless(text: Callable[[int], str]) -> tuple[Answer, list[int]]:
    """Streams without an end; how many pieces were sent is counted."""
    sent: list[int] = []

    def answer(exchange: Exchange) -> None:
        exchange.open()
        while not exchange.closing.is_set():
            sent.append(1)
            exchange.event(chunk(content=text(len(sent))))
        exchange.hang_up()

    return answer, sent


def test_an_answer_that_circles_is_ended(work: Watched, server: ModelServer) -> None:
    server.otherwise, _ = endless(lambda n: "and so on ")
    failure = problem(with_settings(work, llm_context=1_000_000))
    assert failure.code == "model_reply_cut_off"
    assert "repeated itself" in failure.message
    assert len(server.requests) == 1


def test_a_sentence_without_end_ends_the_answer_and_an_outline_takes_its_place(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise, _ = endless(lambda n: "# T\n\n" if n == 1 else "We built it in one weekend. ")
    written = wrote(with_settings(work, llm_context=1_000_000))
    assert written.model == "extractive"
    assert "three times" in str(written.fields["note"])


def test_what_repeats_itself() -> None:
    assert said_too_often("We built the queue. " * 3)
    assert said_too_often(
        "- We built the queue in one very long weekend [s1]\n"
        "- We built the queue in one very long weekend [s2]\n"
        "- We built the queue in one very long weekend"
    )
    assert not said_too_often("We built the queue. " * 2)
    assert not said_too_often("Yes, we did. " * 9)
    assert not said_too_often("```\nif error != nil { return error }\n" * 9 + "```")
    assert circles("and so on " * 200)
    assert not circles("word " * 200)
    assert not circles("".join(f"Sentence number {n}. " for n in range(200)))
