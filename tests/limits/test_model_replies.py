"""Whatever a model answers is read in time that grows with its length, and in bounded memory."""

import resource
import time
from collections.abc import Callable

import pytest

from content_actions import ContentType
from draftmill.errors import Problem
from draftmill.evidence.drafts import corrected_draft
from draftmill.writers.material import recording_of
from draftmill.writers.model import article_reply, fitting, posts_reply
from draftmill.writers.model.marks import Marks
from draftmill.writers.model.thinking import answer_in
from tests.support.model_server import Answer, Exchange, ModelServer, answers, chunk, sends, whole
from tests.support.model_writer import (
    BLOG,
    LINKEDIN,
    MATERIAL,
    NEWSLETTER,
    TWITTER,
    Watched,
    problem,
    wrote,
)

# What replies are made of, repeated: each was slow somewhere, or could be.
LETTERS = (
    "**a ", "*a ", "__a ", "_a ", "[", "](", "[a](", "[a]:", "[[", "[]", "![](shot:1)", "shot:", "<", "<a", "<!--",
    "<a@b ", "#", "# ", "|", "|a", "`", "```", "```\n", "```a\n```\n", "~~~\n", '"', '"a ', "\u201ca ", "\u201e ", "\u2018a ",
    ">", "> ", "> a\n", "a\n", "\n", " \n", "\\", "&#", "1/", "1/ a\n", "1. a\n", "---\n", "- - ", "  - a\n", "(a (",
    "... ", "a. ", "title: *", "Title 1 :", " _#-", "[0:01] ", "[0:01](time:1) ", "<think>", "</think>", "</ ",
    "<|a", "<|a|>", "[INST]", "</s>", "<|channel|>final", "{", '{"a":', "a", "a ", "\u4f60", "\u3002", "a\u0301", "\r", "<p>",
    "Sure:\n", "```markdown\n", "\u2026 ", "I'm sorry ", "Let me know if you'd like any ", "http://a ", "\ufeff",
)  # fmt: skip
RECORDING = recording_of(MATERIAL)
SHORTEST_S = 0.04  # below that, the clock tells nothing


def article(text: str) -> None:
    marks = Marks.of(MATERIAL, "")
    for content in (BLOG, NEWSLETTER):
        found = article_reply.read(text, content, marks)
    marks.proven(str(corrected_draft(RECORDING, found.body).body))


def posts(text: str) -> None:
    for content in (TWITTER, LINKEDIN):
        found = posts_reply.read(text, content, Marks.of(MATERIAL, ""))
        fitted = posts_reply.fitted(found, content, lambda long: [])
        corrected_draft(RECORDING, fitted[: content.max_posts])


def answer(text: str) -> None:
    fitting.clipped("\n".join(map(fitting.plain, answer_in(text).splitlines())), 500)


def seconds(read: Callable[[str], None], text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


@pytest.mark.parametrize("read", [article, posts, answer])
def test_a_reply_of_its_worst_letters_is_read_in_linear_time(
    read: Callable[[str], None], full: bool
) -> None:
    size = 12_000 if full else 3_000
    for letters in LETTERS:
        for before in ("", "# T\n\n") if full else ("",):
            small = before + letters * (size // len(letters))
            large = before + letters * (8 * size // len(letters))
            # Eight times as much: eight times as long when it is linear, 64 times when it is not.
            bound = 20 * max(SHORTEST_S, seconds(read, small))
            # Other work on the machine makes one round slow, a method every round.
            assert any(seconds(read, large) < bound for _ in range(4)), repr(letters)


@pytest.mark.parametrize("content", [BLOG, TWITTER, LINKEDIN], ids=lambda content: content.label)
def test_a_reply_of_half_open_marks_takes_a_moment(
    work: Watched, server: ModelServer, content: ContentType
) -> None:
    # Each its own word: what repeats itself is not read at all.
    server.otherwise = whole("# T\n\n" + "**a" + "".join(f"**a{n} " for n in range(7_000)))
    start = time.process_time()
    wrote(work, content)
    assert time.process_time() - start < 4  # a second where a processor has nothing else to do


@pytest.mark.parametrize("content", [BLOG, TWITTER, LINKEDIN], ids=lambda content: content.label)
def test_half_open_marks_again_and_again_are_refused_in_a_moment(
    work: Watched, server: ModelServer, content: ContentType
) -> None:
    server.otherwise = whole("# T\n\n" + "**a" + "**a " * 16_000)
    start = time.process_time()
    assert problem(work, content).code == "model_reply_cut_off"
    assert time.process_time() - start < 4


def test_a_hundred_thousand_posts_are_a_thread_of_the_first_ones() -> None:
    reply = "".join(f"{n}/ a\n" for n in range(100_000))
    start = time.process_time()
    found = posts_reply.read(reply, TWITTER, Marks.of(MATERIAL, ""))
    fitted = posts_reply.fitted(found, TWITTER, lambda long: [])
    assert len(fitted) <= TWITTER.max_posts + 1
    assert time.process_time() - start < 10


def endless(piece: bytes, kind: str = "text/event-stream") -> Answer:
    def answer(exchange: Exchange) -> None:
        exchange.open(kind)
        while not exchange.closing.is_set():
            exchange.write(piece)

    return answer


EVENT = b'data: {"choices": [{"index": 0, "delta": {"content": ""}}]}\n\n'
ENDLESS = {
    "a line": (b"data: " + b"x" * 65_536, "text/event-stream"),
    "an event": (b"data: 1\n" * 8_192, "text/event-stream"),
    "comments": (b": still here\n" * 4_096, "text/event-stream"),
    "empty lines": (b"\n" * 65_536, "text/event-stream"),
    "events without a word": (EVENT * 1_000, "text/event-stream"),
    "JSON": (b"[" * 65_536, "application/json"),
    "blanks": (b" " * 65_536, "application/json"),
    "text": (b"x" * 65_536, "text/plain"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_without_an_end_is_ended(work: Watched, server: ModelServer, name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    server.otherwise = endless(*ENDLESS[name])
    assert problem(work).code in ("model_reply_too_large", "model_reply_cut_off")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000  # kB


NESTED = "[" * 200_000


@pytest.mark.parametrize(
    "answer",
    [
        sends(200, NESTED),
        sends(200, '{"a":' * 200_000),
        sends(200, f"data: {NESTED}\n\n", kind="text/event-stream"),
        sends(400, NESTED[:60_000]),
        sends(500, f'{{"error": {NESTED}'),
        answers(NESTED[:60_000]),
        answers(f'"{NESTED[:60_000]}'),
        answers('{"a":' * 12_000),
    ],
)
def test_json_nested_deep_is_a_named_problem_or_a_text(
    work: Watched, server: ModelServer, answer: Answer
) -> None:
    server.otherwise = answer
    for content in (BLOG, TWITTER):
        try:
            wrote(work, content)
        except Problem as found:
            assert found.code != "internal"


def test_halves_of_a_sign_are_put_together_and_what_cannot_be_stored_is_not(
    work: Watched, server: ModelServer
) -> None:
    pieces = ["# T\n\nBread \ud83c", "\udf5e is \udc00 good\x00."]
    events = [chunk(content=piece) for piece in pieces]

    def answer(exchange: Exchange) -> None:
        exchange.open()
        for event in [*events, chunk("stop")]:
            exchange.event(event)
        exchange.close()

    server.otherwise = answer
    assert wrote(work).body == "Bread \U0001f35e is \ufffd good."
