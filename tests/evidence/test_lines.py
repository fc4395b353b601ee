"""Titles and previews are held to the recording as a whole; headings to what their section tells."""

import pytest

from draftmill.evidence.drafts import Checked, corrected_draft
from draftmill.evidence.lines import check_line
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import CORRECTED, Flaw
from tests.support import talks

TALK = Recording(tuple(talks.segments("tech_talk")), language="en")
PLAN = "The plan had forty one steps, and every step had a name next to it."


def corrected(checked: Checked) -> int:
    """How many times were put right."""
    flaws = [flaw for block in checked.blocks for one in block.claims for flaw in one.problems]
    return sum(flaw.kind == CORRECTED for flaw in flaws)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("The switch in 41 steps", []),
        ("What Dana learned from one big Postgres machine in nine months", []),
        ("Five lessons from a move of nine months", []),
        ("The Move Nobody Noticed", []),
        ("The Switch in 57 Steps", [("number", "57")]),
        ("A move of eleven months", [("number", "eleven")]),
        ("How Kubernetes saved us", [("name", "Kubernetes")]),
        ("“We rewrote it in Rust”", [("quotation", "We rewrote it in Rust")]),
    ],
)
def test_a_line_says_only_what_the_recording_holds(line: str, wrong: list[tuple[str, str]]) -> None:
    assert [(flaw.kind, flaw.text) for flaw in check_line(TALK, line)] == wrong


def test_a_misspelled_name_is_offered_as_it_is_spelled() -> None:
    assert check_line(TALK, "What Danna Learned From a Move") == [Flaw("name", "Danna", "Dana")]


def test_a_capital_behind_the_time_of_a_chapter_begins_a_line() -> None:
    assert TALK.names.in_text("0:26 Shallots and rice\n[1:02:03] Leaving the oven") == []
    assert [name.text for name in TALK.names.in_text("0:26 Rice with Shallots")] == ["Shallots"]


@pytest.mark.parametrize("start", ["4:48", "4:50"])
def test_a_heading_may_lead_to_anything_that_its_section_tells(start: str) -> None:
    minutes, seconds = map(int, start.split(":"))
    body = f"## [{start}](time:{60 * minutes + seconds}) Before the night\n\n{PLAN}"
    checked = corrected_draft(TALK, body)
    assert (checked.body, corrected(checked)) == (body, 0)


def test_the_time_of_a_heading_that_its_section_does_not_tell_is_put_right() -> None:
    checked = corrected_draft(TALK, f"## [1:00](time:60) Before the night\n\n{PLAN}\n\n## The end")
    assert checked.body.startswith("## [4:48](time:288) Before the night\n")
    assert corrected(checked) == 1
    assert checked.blocks[0].status == "supported"
