"""A transcript that is copied, in one block or spread over many, is no draft."""

import pytest

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.recording import Recording
from tests.support import talks

SAID = talks.segments("tech_talk")
TALK = Recording(tuple(SAID), language="en")
STRETCH = [segment.text for segment in SAID[44:48]]  # the plan, the rollback, the practice
APART = [SAID[at].text for at in (16, 39, 43, 61)]


def copied(body: str | list[str]) -> int:
    flaws = [f for b in check_draft(TALK, body) for claim in b.claims for f in claim.problems]
    return sum(flaw.kind == "copied" for flaw in flaws)


@pytest.mark.parametrize(
    "body",
    [" ".join(STRETCH), "\n\n".join(STRETCH), "\n".join(f"- {one}" for one in STRETCH), STRETCH],
)
def test_a_stretch_of_the_transcript_is_marked_however_it_is_spread(body: str | list[str]) -> None:
    assert copied(body) >= len(STRETCH)


def test_passages_from_here_and_there_and_quoted_ones_are_no_copy() -> None:
    assert not copied("\n\n".join(APART))
    assert not copied("\n\n".join(f"> {one}" for one in STRETCH))
    assert not copied("\n\n".join(f"“{one}”" for one in STRETCH))
