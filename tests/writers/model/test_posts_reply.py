"""Posts: an answer is taken apart, kept within the limit and checked like an article."""

import json

import pytest

from content_actions import ContentType
from draftmill.evidence.records import blocks_in
from tests.support.model_server import ModelServer, answers
from tests.support.model_writer import LINKEDIN, TWITTER, Watched, wrote

pytestmark = pytest.mark.usefixtures("whatever_is_claimed")


def posts(work: Watched, content: ContentType = TWITTER) -> list[str]:
    return list(json.loads(wrote(work, content).body))


@pytest.mark.parametrize(
    "reply",
    [
        "One post.\n---\nAnother post.",
        "1/2 One post.\n\n---\n\n2/2 Another post.",
        "1. One post.\n2. Another post.",
        "Post 1: One post.\nPost 2: Another post.",
        "One post.\n\nAnother post.",
        "Here is your thread:\n\n**One** post.\n\n---\n\n## Another post.",
        "### Post 1\nOne post.\n\n### Post 2\nAnother post.",
        '["One post.", "Another post."]',
        '{"hashtags": ["#a"], "posts": ["One post.", "Another post."]}',
        '```json\n{"posts": [{"text": "One post."}, {"text": "Another post."}]}\n```',
        "One post. ![x](http://evil.example/x.png)\n---\nAnother [post](http://evil.example).",
    ],
)
def test_posts_are_taken_apart_and_plain(work: Watched, server: ModelServer, reply: str) -> None:
    server.otherwise = answers(reply)
    assert posts(work) == ["One post.", "Another post."]


def test_times_in_posts_are_plain_text(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("See [0:20](time:20).\n---\nAnd [0:30].")
    assert posts(work) == ["See 0:20.", "And 0:30."]


SENTENCES = [f"A sentence of {n} or more characters here. " for n in range(10, 110)]
LONG_POST = "".join(SENTENCES[:10])


def test_a_post_that_is_too_long_is_sent_back_once(work: Watched, server: ModelServer) -> None:
    server.then(answers(f"Short.\n---\n{LONG_POST}\n---\nEnd."), answers("Now short."))
    assert posts(work) == ["Short.", "Now short.", "End."]
    assert "280 characters" in server.requests[1].system


def test_several_long_posts_are_sent_back_together(work: Watched, server: ModelServer) -> None:
    server.then(
        answers(f"{LONG_POST}\n---\nShort.\n---\nB{LONG_POST}"), answers("First.\n---\nThird.")
    )
    assert posts(work) == ["First.", "Short.", "Third."]


def test_a_post_that_stays_too_long_is_divided_at_a_sentence(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers(LONG_POST)
    found = posts(work)
    assert len(found) == 2
    assert all(len(post) <= 280 and post.endswith("here.") for post in found)
    assert " ".join(found) == LONG_POST.strip()


@pytest.mark.parametrize("text", ["word " * 200, "x" * 600, "語" * 400, "🙂" * 400])
def test_no_text_escapes_the_limit(work: Watched, server: ModelServer, text: str) -> None:
    from draftmill.drafts.post_length import length

    server.otherwise = answers(text)
    assert all(length(post, "x") <= 280 for post in posts(work))


def test_more_posts_than_a_thread_holds_are_left_out_and_said(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("\n---\n".join(f"Post about {n}." for n in range(15)))
    written = wrote(work, TWITTER)
    assert len(json.loads(written.body)) == 12
    assert "15 posts" in str(written.fields["note"])


def test_a_single_post_stays_one(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers("A first line.\n\n---\n\nA second.\n\n- a list\n- of two\n\n#Queues")
    assert posts(work, LINKEDIN) == ["A first line.\n\nA second.\n\n- a list\n- of two\n\n#Queues"]


def test_tags_beside_a_single_post_in_json_are_no_posts(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers(
        '{"post": "Keep it in one table.", "hashtags": ["#Queues", "#Data"]}'
    )
    assert posts(work, LINKEDIN) == ["Keep it in one table.\n\n#Queues #Data"]


def test_a_single_post_that_stays_too_long_ends_at_a_sentence(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers("".join(SENTENCES))
    found = posts(work, LINKEDIN)
    assert len(found) == 1
    assert 2900 < len(found[0]) <= 3000
    assert found[0].endswith("here.")


def test_a_quotation_in_a_post_is_checked_too(work: Watched, server: ModelServer) -> None:
    server.otherwise = answers(
        "“We built the whole thing in one weekend.”\n---\n“It took us three long years.”"
    )
    written = wrote(work, TWITTER)
    assert json.loads(written.body) == [
        "“We built the whole thing in one weekend.”",
        "“It took us three long years.”",
    ]
    assert [block.status for block in blocks_in(written.evidence)] == ["said", "weak"]
