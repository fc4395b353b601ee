"""One word that turns a sentence round, beside the same sentence in other words."""

import pytest

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.recording import Recording
from tests.support import talks

RECORDINGS = {
    name: Recording(tuple(talks.segments(name)), language="en")
    for name in ("tech_talk", "interview", "meeting")
}


def is_turned(talk: str, sentence: str) -> bool:
    blocks = check_draft(RECORDINGS[talk], sentence)
    flaws = [flaw for block in blocks for claim in block.claims for flaw in claim.problems]
    return any(flaw.kind == "negation" for flaw in flaws)


@pytest.mark.parametrize(
    ("talk", "sentence"),
    [
        ("meeting", "The archive has to stay above eighteen degrees all year."),
        ("meeting", "The roof is the most expensive of the three offers."),
        ("meeting", "Most of the training is about the new lending software."),
        ("meeting", "They are keeping the old lending software in May."),
        ("meeting", "The builders could do the loud work in the morning."),
        ("tech_talk", "Dual writes rarely fail in the middle."),
        ("tech_talk", "The query plan changed on Monday at eight in the evening."),
        ("tech_talk", "Build the dual writes before you build the comparison job."),
        ("tech_talk", "Averages show the customers who are suffering."),
        ("interview", "Ruth forbids every student to ruin a loaf."),
        ("interview", "Supermarket flour makes very bad bread."),
    ],
)
def test_an_opposite_is_marked(talk: str, sentence: str) -> None:
    assert is_turned(talk, sentence)


@pytest.mark.parametrize(
    ("talk", "sentence"),
    [
        ("meeting", "The archive must never be warmer than eighteen degrees."),
        ("meeting", "Buildings younger than fifty years get nothing from the state programme."),
        ("meeting", "Before they can apply, they need an energy report."),
        ("tech_talk", "Dual writes come after the comparison job."),
        ("tech_talk", "The comparison job comes before the dual writes."),
        (
            "interview",
            "The crumb keeps setting for an hour, so let the loaf cool before you cut it.",
        ),
    ],
)
def test_the_same_with_an_opposite_word_is_not(talk: str, sentence: str) -> None:
    assert not is_turned(talk, sentence)
