"""Answers that are no drafts: an outline stands in their place, and says why."""

import re

import pytest

from content_actions import CONTENT_TYPES, ContentType
from draftmill.evidence.records import Block, Claim, Flaw, Status, blocks_in
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


def test_advice_to_share_a_recording_asks_for_none() -> None:
    for answer in ("Share the recording with your team.", "You can't see the raw material."):
        refusals.check(answer, "A question of other words.", "fence")


def test_quotations_are_no_copies(work: Watched, server: ModelServer) -> None:
    quoted = "\n\n".join(f"> {sentence}" for sentence in SENTENCES)
    server.otherwise = answers(f"# Queues\n\nShe was brief.\n\n{quoted}")
    assert wrote(work).model == "writer-7b"


def block(*statuses: Status, score: float = 0.2, flaw: str = "support") -> Block:
    claims = tuple(
        Claim(f"They made claim number {n}.", status, score, problems=(Flaw(flaw, "claim"),))
        for n, status in enumerate(statuses)
    )
    return Block("h", "paragraph", claims)


def test_a_draft_of_which_too_much_is_weak_is_refused() -> None:
    refusals.check_claims([block("weak", "weak"), block("said", "supported", "supported")])
    refusals.check_claims([])
    with pytest.raises(Refused, match="Of 5 statements that the model wrote, 3 were not found"):
        refusals.check_claims([block("weak", "weak", "weak"), block("said", "supported")])


def test_a_short_draft_is_refused_when_more_than_half_of_it_is_weak() -> None:
    refusals.check_claims([block("weak")])  # one may be marked by mistake
    refusals.check_claims([block("weak", "weak"), block("said", "supported")])
    for claims in (("weak", "weak"), ("said", "weak", "weak"), ("weak", "weak", "said", "weak")):
        with pytest.raises(Refused):
            refusals.check_claims([block(*claims)])


def test_what_may_be_said_in_other_words_refuses_nothing() -> None:
    refusals.check_claims([block("weak", "weak", "weak", "weak", "weak", score=0.45)])
    for fact in ("quotation", "number", "name"):
        with pytest.raises(Refused):
            refusals.check_claims([block("weak", "weak", "weak", score=0.45, flaw=fact)])


FAITHFUL = """# Queues as tables

They talk about keeping queues in a database.

Everything was put together over a few days.

Not one task went missing in all that time.

A slide shows the figures.

What they learned: a single table should hold what is true.
"""
ELSEWHERE = """# Tomatoes

Plant the tomatoes in full sun and water them early.

The museum opens its new wing with Dutch painters.

Interest rates rose while the central bank fought inflation.

Fold the egg whites gently into the chocolate mousse.

A marathon plan has several runs and rest days.
"""


def test_a_faithful_draft_in_other_words_is_kept_and_says_what_to_check(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers(FAITHFUL)
    written = wrote(work)
    assert written.model == "writer-7b"
    marked = [block.status for block in blocks_in(written.evidence)]
    assert "weak" in marked


def test_a_refused_draft_is_kept_beside_the_outline_with_the_reason(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers(ELSEWHERE)
    written = wrote(work)
    assert written.model == "extractive"
    assert written.refused
    assert (written.refused.model, written.refused.title) == ("writer-7b", "Tomatoes")
    assert "5 were not found in the recording" in str(written.refused.fields["note"])
    server.otherwise = UNUSABLE["three times"]
    assert wrote(work, instructions="longer").refused is None


def test_tags_and_short_points_that_come_again_are_no_repetition(
    work: Watched, server: ModelServer
) -> None:
    tags = "#SQLite #Queues #Databases #Craft"
    told = [line for line in FAITHFUL.splitlines()[1:] if line]
    posts = "\n\n---\n\n".join(f"{sentence}\n\n{tags}" for sentence in told)
    server.otherwise = answers(posts)
    assert wrote(work, CONTENT_TYPES["twitter"]).model == "writer-7b"
    points = "\n".join(
        f"- {sentence}\n  **Due date:** not mentioned in the meeting." for sentence in told
    )
    refusals.check_repeats(f"# Minutes\n\n{points}")
    with pytest.raises(Refused):
        refusals.check_repeats("- They never say when this is to be done by anybody.\n" * 3)


GERMAN = """# Warteschlangen in Tabellen

Es geht um Warteschlangen, die in einer Datenbank liegen.

Alles entstand an einem einzigen Wochenende.

In zwei Jahren ging kein einziger Auftrag verloren.

Die Zahlen dazu stehen auf einer Folie.

Die Wahrheit gehört in eine einzige Tabelle.
"""


def test_a_draft_in_the_language_that_was_wished_for_is_kept_as_a_translation(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers(GERMAN)
    written = wrote(work, instructions="Write it in German")
    assert (written.model, written.title) == ("writer-7b", "Warteschlangen in Tabellen")
    assert "another language than the recording" in str(written.fields["note"])
    assert "doubts" not in written.fields


def test_an_outline_says_that_it_follows_no_wish_and_not_that_there_is_no_model(
    work: Watched, server: ModelServer
) -> None:
    server.otherwise = answers(ELSEWHERE)
    note = str(wrote(work, instructions="Mention the weekend").fields["note"])
    assert "Your instructions were not used: an outline cannot follow any." in note
    assert "need" not in note
