"""Clocks in the text of a draft: times of the recording are held to it, times of the day are let be."""

import pytest

from draftmill.evidence.drafts import Checked, check_draft, corrected_draft
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import CORRECTED
from tests.support import talks

TALK = Recording(tuple(talks.segments("tech_talk")), language="en")
MEETING = Recording(tuple(talks.segments("meeting")), language="en")
PLAN = "The plan had forty one steps, and every step had a name next to it"


def corrected(checked: Checked) -> int:
    """How many times were put right."""
    flaws = [flaw for block in checked.blocks for one in block.claims for flaw in one.problems]
    return sum(flaw.kind == CORRECTED for flaw in flaws)


@pytest.mark.parametrize(
    "text",
    [
        "The ground floor stays open from 9:00 to 13:00.",
        "Loud work only starts after 14:00.",
        "The ground floor stays open until 13:00 on Mondays.",
        "The ground floor stays open, 9:00 in the morning to 1 pm.",
    ],
)
def test_a_time_of_the_day_is_left_as_it_is(text: str) -> None:
    checked = corrected_draft(MEETING, text)
    assert checked.body == text
    assert not any(
        flaw.kind == "time" for b in checked.blocks for c in b.claims for flaw in c.problems
    )


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (f"{PLAN} (0:12).", f"{PLAN} (4:48)."),
        (f"[0:12](time:12) {PLAN}.", f"[4:48](time:288) {PLAN}."),
        (f"[At 0:12](time:12) they say: {PLAN}.", f"[At 4:48](time:288) they say: {PLAN}."),
        (f"0:12 – {PLAN}.", f"4:48 – {PLAN}."),
    ],
)
def test_a_wrong_time_that_stands_for_itself_is_put_right(text: str, right: str) -> None:
    checked = corrected_draft(TALK, text)
    assert checked.body == right
    assert corrected(checked)


def test_a_wrong_time_within_prose_is_marked_and_not_rewritten() -> None:
    text = f"At 0:12 one hears: {PLAN}."
    checked = corrected_draft(TALK, text)
    assert (checked.body, corrected(checked)) == (text, 0)
    ((claim,),) = [block.claims for block in checked.blocks]
    assert (claim.status, [flaw.kind for flaw in claim.problems]) == ("weak", ["time"])
    assert check_draft(TALK, text) == checked.blocks
