"""A person's edit: what stands as it was keeps its evidence, and what is new is theirs or borne out."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from draftmill.evidence.drafts import check_draft, corrected_draft
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


STEPS = "The plan for the switch had 41 steps."
TWICE = f"{SECOND} {FIRST}"
AGAIN = check_draft(TALK, f"{TWICE}\n\n{FIRST}")


def kinds(blocks: Sequence[Block]) -> list[list[str]]:
    return [[flaw.kind for claim in block.claims for flaw in claim.problems] for block in blocks]


def test_a_sentence_that_stands_once_by_now_is_no_repetition() -> None:
    assert kinds(AGAIN) == [["number", "support"], ["repeated", "number", "support", "repeated"]]
    for after in (after_edit(never, AGAIN, FIRST), as_they_stand(AGAIN, FIRST)):
        assert kinds(after) == [["number", "support"]]
        assert after[0].claims[0].status == "supported"


def test_a_paragraph_that_stands_there_again_is_another_one_and_marked() -> None:
    said = "Foreign keys were everywhere in it."
    before = check_draft(TALK, said)
    once, again = after_edit(lambda: TALK, before, f"{said}\n\n{said}")
    assert once == before[0]
    assert (again.status, kinds([again])) == ("weak", [["repeated"]])
    assert as_they_stand([once, again], said) == before


@pytest.mark.parametrize(
    ("before", "after", "flaws"),
    [
        (STEPS, f"> {STEPS}", ["quotation"]),
        (f"> {STEPS}", STEPS, []),
        (STEPS, f"*{STEPS}*", ["quotation"]),
        (f"{STEPS} [0:02](time:2)", STEPS, []),
    ],
)
def test_the_same_words_in_another_form_are_judged_again(
    before: str, after: str, flaws: list[str]
) -> None:
    found = after_edit(lambda: TALK, check_draft(TALK, before), after)
    assert kinds(found) == [flaws]
    assert found[0].status == ("weak" if flaws else "supported")


def test_a_link_that_leads_elsewhere_now_is_judged_again() -> None:
    said = next(one for one in TALK.segments if "Foreign keys" in one.text)
    right = f"“Foreign keys were everywhere,” [she says](time:{said.start_s:.0f})."
    before = check_draft(TALK, right)
    assert kinds(before) == [[]]
    wrong = after_edit(lambda: TALK, before, right.replace(f"time:{said.start_s:.0f}", "time:2"))
    assert kinds(wrong) == [["time"]]
    assert kinds(after_edit(lambda: TALK, wrong, right)) == [[]]


def test_a_time_that_was_put_right_stays_so_when_something_else_is_changed() -> None:
    checked = corrected_draft(TALK, "“Foreign keys were everywhere,” [she says](time:2) in it.")
    body = f"{checked.body} {STEPS}"
    assert kinds(checked.blocks) == [["corrected"]]
    assert kinds(after_edit(lambda: TALK, checked.blocks, body)) == [["corrected"]]


def test_a_new_time_at_the_end_may_be_that_of_any_sentence_of_its_paragraph() -> None:
    first, second = STEPS, "Foreign keys were everywhere."
    at = next(one.start_s for one in TALK.segments if "Foreign keys" in one.text)
    before = check_draft(TALK, f"{second} {first}")
    link = f"[there](time:{at:.0f})"
    assert kinds(after_edit(lambda: TALK, before, f"{second} {first} {link}")) == [[]]


def test_a_heading_with_a_new_time_is_held_to_its_section() -> None:
    at = next(one.start_s for one in TALK.segments if "Foreign keys" in one.text)
    section = "Foreign keys were everywhere."
    before = check_draft(TALK, section)
    body = f"## What the plan had [there](time:{at:.0f})\n\n{section}"
    assert kinds(after_edit(lambda: TALK, before, body)) == [[], []]


def test_what_was_copied_is_none_when_little_of_it_is_left() -> None:
    copied = " ".join(one.text for one in TALK.segments[10:14])
    before = check_draft(TALK, copied)
    assert "copied" in kinds(before)[0]
    (after,) = after_edit(lambda: TALK, before, TALK.segments[10].text)
    assert (after.status, kinds([after])) == ("said", [[]])


QUOTED = "“Foreign keys were everywhere.”"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{QUOTED}\n\n— Dana Reyes", f"{QUOTED}\n\n— Tom Hale"),
        (f"> {QUOTED}\n\n— Dana Reyes", f"> {QUOTED}\n\n— Tom Hale"),
        (f"## Dana Reyes\n\n{QUOTED}", f"## Tom Hale\n\n{QUOTED}"),
        (f"Dana Reyes:\n\n{QUOTED}", f"Tom Hale:\n\n{QUOTED}"),
    ],
)
def test_a_quotation_is_judged_again_when_another_name_stands_beside_it(
    before: str, after: str
) -> None:
    first, others = TALK.segments[:1], TALK.segments[1:]
    other = replace(first[0], speaker="Tom Hale")
    two = Recording((other, *(replace(s, speaker="Dana Reyes") for s in others)), language="en")
    right = check_draft(two, before)
    assert not any(map(any, kinds(right)))
    wrong = after_edit(lambda: two, right, after)
    assert any("speaker" in of_one for of_one in kinds(wrong))
    assert "weak" in {block.status for block in wrong}
    assert after_edit(lambda: two, wrong, before) == right
    assert after_edit(never, right, before) == right


def test_a_quotation_is_judged_again_when_another_time_stands_alone_beside_it() -> None:
    at = next(one.start_s for one in TALK.segments if "Foreign keys" in one.text)
    text = f"{QUOTED}\n\n[there](time:{at:.0f})".replace("there", "1:00")
    right = check_draft(TALK, text)
    assert kinds(right) == [[]]
    wrong = after_edit(lambda: TALK, right, text.replace(f"time:{at:.0f}", "time:2"))
    assert kinds(wrong) == [["time"]]
    assert after_edit(never, right, text) == right


def test_a_heading_is_held_to_its_section_again_when_only_that_changed() -> None:
    at = next(one.start_s for one in TALK.segments if "Foreign keys" in one.text)
    body = f"## The schema [there](time:{at:.0f})\n\nForeign keys were everywhere."
    right = check_draft(TALK, body)
    assert kinds(right) == [[], []]
    other = body.replace("Foreign keys were everywhere.", STEPS)
    assert kinds(after_edit(lambda: TALK, right, other))[0] == ["time"]
    assert kinds(after_edit(never, right, body)) == [[], []]


def test_what_was_put_right_is_told_as_long_as_it_stands() -> None:
    text = f"{STEPS} “Foreign keys were everywhere,” she says in it. [0:02](time:2)"
    checked = corrected_draft(TALK, text)
    assert kinds(checked.blocks) == [["corrected"]]
    assert isinstance(checked.body, str)
    longer = checked.body.replace(STEPS, "")
    assert kinds(after_edit(lambda: TALK, checked.blocks, longer)) == [["corrected"]]
    elsewhere = longer.replace("](time:", "](time:1")
    assert "corrected" not in kinds(after_edit(lambda: TALK, checked.blocks, elsewhere))[0]
