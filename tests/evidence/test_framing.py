"""What only leads to a quotation is not judged; what it claims, counts or names is."""

import pytest

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Claim
from tests.support import talks

TALK = Recording(tuple(talks.segments("interview")), language="en")
SAID = "Let's talk about sourdough, because everybody started a sourdough during the lockdown."
FRAMES = [
    "She offers one piece of advice:",
    "One sentence sums up the whole approach:",
    "The warning could hardly be clearer:",
    "The host puts the lesson into plain words:",
]
CLAIMS = [
    "The crowd laughed and threw tomatoes at the stage:",
    "The rule that saved the company was short:",
]


def claims(body: str) -> list[Claim]:
    return [claim for block in check_draft(TALK, body) for claim in block.claims]


def kinds(claim: Claim) -> set[str]:
    return {flaw.kind for flaw in claim.problems}


@pytest.mark.parametrize("frame", FRAMES)
def test_words_that_only_lead_to_a_quotation_are_not_judged(frame: str) -> None:
    (claim,) = claims(f"{frame} “{SAID}”")
    assert (claim.status, claim.problems) == ("said", ())
    lead, quoted = claims(f"{frame}\n\n> {SAID}")
    assert (lead.status, lead.sources, quoted.status) == ("supported", (), "said")


@pytest.mark.parametrize("frame", CLAIMS)
def test_what_leads_to_a_quotation_and_claims_something_is_judged(frame: str) -> None:
    for body in (f"{frame} “{SAID}”", f"{frame}\n\n> {SAID}"):
        assert "support" in kinds(claims(body)[0])


def test_numbers_and_names_in_what_leads_to_a_quotation_are_judged() -> None:
    for lead in ("Zorblatt offers 47 pieces of advice:", "One of 47 lessons, by Zorblatt:"):
        for body in (f"{lead} “{SAID}”", f"{lead}\n\n> {SAID}"):
            assert {"number", "name"} <= kinds(claims(body)[0])


def test_a_lead_keeps_no_false_quotation() -> None:
    (claim,) = claims(f"{FRAMES[0]} “Purple giraffes bake the very best rye.”")
    assert (claim.status, kinds(claim)) == ("weak", {"quotation"})
