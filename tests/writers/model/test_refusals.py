"""Answers that are no drafts: an outline stands in their place, and says why."""

import re

import pytest

from content_actions import CONTENT_TYPES, ContentType
from draftmill.evidence.records import Block, Claim, Status
from draftmill.writers.model import refusals
from draftmill.writers.refused import Refused
from tests.support.model_server import Exchange, ModelServer, answers
from tests.support.model_writer import SENTENCES, Watched, wrote


def repeats_the_fence(exchange: Exchange) -> None:
    (fence, *_) = re.findall(r"===== (\w+) =====", exchange.request.user)
    answers(f"# A title\n\nThe mark is {fence}, and so I write.")(exchange)


def repeats_the_rules(exchange: Exchange) -> None:
    rules = re.sub(r"\b[0-9a-f]{16}\b", "it", exchange.request.system)
    answers(f"# A title\n\n{rules}")(exchange)


def repeats_the_recording(exchange: Exchange) -> None:
    answers(f"# A title\n\n{' '.join(SENTENCES)} {exchange.request.task[:700]}")(exchange)


UNUSABLE = {
    "marks that stand around": repeats_the_fence,
    "copied what it was given": repeats_the_rules,
    "what it was given": repeats_the_recording,
    "three times": answers("# T\n\n" + "We built the queue. It works. " * 3),
}


@pytest.mark.parametrize("content", CONTENT_TYPES.values(), ids=lambda content: content.type)
@pytest.mark.parametrize("why", UNUSABLE)
def test_an_outline_takes_the_place_of_what_is_no_draft(
    work: Watched, server: ModelServer, content: ContentType, why: str
) -> None:
    server.otherwise = UNUSABLE[why]
    written = wrote(work, content)
    assert written.model == "extractive"
    assert why in str(written.fields["note"])
    assert "outline" in str(written.fields["note"])
    assert "no language model is set" not in str(written.fields["note"])
    assert "outline was written in its place" in work.warnings[0]


def test_a_refused_answer_is_not_asked_for_again(work: Watched, server: ModelServer) -> None:
    server.otherwise = UNUSABLE["three times"]
    first = wrote(work)
    assert wrote(work) == first
    assert len(server.requests) == 1


def test_quotations_are_no_copies(work: Watched, server: ModelServer) -> None:
    quoted = "\n\n".join(f"> {sentence}" for sentence in SENTENCES)
    server.otherwise = answers(f"# Queues\n\nShe was brief.\n\n{quoted}")
    assert wrote(work).model == "writer-7b"


def block(*statuses: Status) -> Block:
    claims = tuple(
        Claim(f"They made claim number {n}.", status) for n, status in enumerate(statuses)
    )
    return Block("h", "paragraph", claims)


def test_a_draft_of_which_too_much_is_weak_is_refused() -> None:
    refusals.check_claims([block("weak", "weak"), block("said", "supported", "supported")])
    refusals.check_claims([])
    with pytest.raises(Refused, match="Of 5 statements that the model wrote, 3 are not"):
        refusals.check_claims([block("weak", "weak", "weak"), block("said", "supported")])


def test_a_short_draft_is_refused_when_more_than_half_of_it_is_weak() -> None:
    refusals.check_claims([block("weak")])  # one may be marked by mistake
    refusals.check_claims([block("weak", "weak"), block("said", "supported")])
    for claims in (("weak", "weak"), ("said", "weak", "weak"), ("weak", "weak", "said", "weak")):
        with pytest.raises(Refused):
            refusals.check_claims([block(*claims)])
