"""A person's edit: what stands as it was keeps its evidence, and what is new is theirs or borne out."""

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.edits import after_edit
from draftmill.evidence.known import as_they_stand, unchecked
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block, Claim
from tests.support import talks

TALK = Recording(tuple(talks.segments("tech_talk")), language="en")
FIRST = "The move took nine months. It cost two million euros."
SECOND = "Dual writes fail in the middle."
BEFORE = check_draft(TALK, f"{FIRST}\n\n{SECOND}")


def edited(body: str) -> list[Block]:
    return after_edit(lambda: TALK, BEFORE, body)


def never() -> Recording:
    raise AssertionError("nothing is new")


def test_what_stands_as_it_did_keeps_what_was_found_wherever_it_stands() -> None:
    after = after_edit(never, BEFORE, f"{SECOND}\n\n{FIRST}")
    assert after == BEFORE[::-1]
    assert [block.status for block in after] == ["said", "weak"]


def test_a_sentence_that_stays_keeps_what_was_found_in_a_changed_paragraph() -> None:
    (block,) = after_edit(never, BEFORE, "It cost two million euros.")
    assert block.claims == (BEFORE[0].claims[1],)
    assert block.status == "weak"


def test_what_a_person_adds_is_theirs_and_what_is_wrong_is_told_all_the_same() -> None:
    (block,) = edited("I asked Dana over lunch, and the pizza cost 80 euros.")
    assert block.status == "yours"
    assert {flaw.kind for flaw in block.claims[0].problems} >= {"number"}


def test_what_a_person_adds_may_be_borne_out_or_said() -> None:
    body = "The plan for the switch had 41 steps.\n\n“Foreign keys were everywhere.”"
    assert [block.status for block in edited(body)] == ["supported", "said"]


def test_until_it_is_checked_what_is_new_is_the_persons() -> None:
    body = f"{SECOND}\n\nMine.\n\n![](shot:1)"
    assert [text.text for text in unchecked(BEFORE, body)] == ["Mine."]
    first, new = as_they_stand(BEFORE, body)
    assert first == BEFORE[1]
    assert new.claims == (Claim("Mine.", "yours", 0.0),)
    assert not unchecked(edited(body), body)
