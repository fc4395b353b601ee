"""What a writer says beside a quotation, or in a heading, is held to the recording for itself."""

import pytest

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.recording import Recording
from tests.support import talks

TALK = Recording(tuple(talks.segments("tech_talk")), language="en")


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (
            "“Foreign keys were everywhere,” she explained, and the company went bankrupt.",
            "the company went bankrupt",
        ),
        (
            "Because the investors lost patience, “foreign keys were everywhere”.",
            "Because the investors lost patience",
        ),
        (
            "> “There was no bigger machine,” Dana said, while her lawyers slept.",
            "her lawyers slept",
        ),
    ],
)
def test_a_clause_that_nobody_said_is_marked_beside_what_was_said(body: str, clause: str) -> None:
    (block,) = check_draft(TALK, body)
    assert block.status == "weak"
    assert [(flaw.kind, flaw.text) for flaw in block.claims[0].problems] == [("support", clause)]


@pytest.mark.parametrize(
    "body",
    [
        "“Foreign keys were everywhere,” she explained, and the checkout page never went down.",
        "“Somebody had brought cake,” she says, but on Monday one query plan changed.",
        "The first practice took five hours, “the last practice took eleven minutes”.",
        "Dana looks back at the old database and remembers: “Foreign keys were everywhere.”",
    ],
)
def test_what_was_said_beside_a_quotation_or_only_frames_it_is_right(body: str) -> None:
    (block,) = check_draft(TALK, body)
    assert block.status in ("said", "supported")


def test_each_sentence_has_a_status_of_its_own_and_the_block_shows_the_worst() -> None:
    (block,) = check_draft(
        TALK, "“Foreign keys were everywhere.” The company went bankrupt in a cold winter."
    )
    assert [claim.status for claim in block.claims] == ["said", "weak"]
    assert block.status == "weak"


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("## How the move took 17 years", ["number"]),
        ("## What the team learned from Siemens", ["name"]),
        ("## Nine months without downtime", []),
        ("## 3. Three lessons about replication lag", []),
        ("## What Comes After the Switch", []),
    ],
)
def test_a_heading_is_held_to_the_whole_recording(heading: str, kinds: list[str]) -> None:
    block = check_draft(TALK, f"{heading}\n\nForeign keys were everywhere.")[0]
    assert [flaw.kind for flaw in block.claims[0].problems] == kinds
