"""Notes of a part of a long recording: the lines that the part does not bear out are dropped."""

from draftmill.evidence.notes import that_hold
from draftmill.evidence.recording import Recording
from tests.support import talks

SAID = tuple(talks.segments("tech_talk"))
TALK = Recording(SAID, language="en")
PART = SAID[18:32]  # the lesson of replication lag

TRUE = (
    "- A copy of a database is always a little behind [s20]",
    "- The service that measures the lag is 400 lines of Go [s25]",
    "“Replication lag is not a number, it's a distribution” [0:137](time:137)",
    "- Dana measures the lag with a heartbeat row on the primary [s29]",
)
FALSE = (
    "- The service that measures the lag is 900 lines of Go",
    "“Replication lag is a number, it's not a distribution”",
    "- The railway ministry paid for new fibre cables",
    "- The last practice of the switch took eleven minutes",
)


def test_lines_that_the_part_does_not_bear_out_are_dropped() -> None:
    notes = "\n".join(line for pair in zip(TRUE, FALSE, strict=True) for line in pair)
    assert that_hold(TALK, PART, notes).splitlines() == list(TRUE)


def test_of_notes_that_are_all_wrong_nothing_stays() -> None:
    assert that_hold(TALK, PART, "\n".join(FALSE)) == ""
    assert that_hold(TALK, (), "") == ""
