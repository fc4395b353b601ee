"""Off by default: the model is asked about statements in doubt, with the sentences around them only."""

import re
from collections.abc import Callable
from typing import Any

from draftmill.evidence.records import blocks_in
from draftmill.writers.model import entailment
from tests.support.model_server import Answer, Exchange, ModelServer, answers, fails
from tests.support.model_writer import Watched, with_settings, wrote

DRAFT = (
    "# Queues\n\nThe colleagues sold the queue to a bakery."
    "\n\nIt never lost a single job in two whole years of work."
)


def script(answer: Callable[[str], Answer]) -> Answer:
    """Writes the draft, and answers each question about a statement."""

    def choose(exchange: Exchange) -> None:
        found = re.search(r"The statement: (.*)", exchange.request.task)
        (answer(found[1]) if found else answers(DRAFT))(exchange)

    return choose


def statuses(written: Any) -> dict[str, str]:
    blocks = blocks_in(written.evidence)
    return {claim.text.split()[0]: claim.status for block in blocks for claim in block.claims}


def test_nobody_is_asked_unless_the_owner_wants_it(work: Watched, server: ModelServer) -> None:
    server.otherwise = script(lambda claim: answers("yes"))
    assert statuses(wrote(work)) == {"The": "weak", "It": "supported"}
    assert len(server.requests) == 1


def test_a_yes_clears_a_doubt_and_a_no_makes_one(work: Watched, server: ModelServer) -> None:
    with_settings(work, llm_checks=True)
    server.otherwise = script(lambda claim: answers("Yes." if "colleagues" in claim else "**No**"))
    assert statuses(wrote(work)) == {"The": "supported", "It": "weak"}
    first, second = server.requests[1:]
    assert first.body["max_tokens"] <= 300
    assert "You are an experienced writer" not in first.asked
    assert "keep the truth in one table" not in first.asked + second.asked


def test_an_answer_that_is_none_and_a_server_that_fails_change_nothing(
    work: Watched, server: ModelServer
) -> None:
    with_settings(work, llm_checks=True)
    server.otherwise = script(lambda claim: answers("Hard to say."))
    assert statuses(wrote(work)) == {"The": "weak", "It": "supported"}
    server.otherwise = script(lambda claim: fails(500))
    before = len(server.requests)
    assert statuses(wrote(work, instructions="again")) == {"The": "weak", "It": "supported"}
    assert len(server.requests) == before + 2


def test_the_questions_are_bounded(work: Watched, server: ModelServer) -> None:
    with_settings(work, llm_checks=True)
    claims = "\n\n".join(
        f"It never lost a single job, said voice {n}." for n in "abcdefghijklmnopq"
    )
    server.otherwise = script(lambda claim: answers("yes"))
    server.then(answers(f"# T\n\n{claims}"))
    wrote(work)
    assert 1 < len(server.requests) <= 1 + entailment.MOST_QUESTIONS
