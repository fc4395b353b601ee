"""Numbers of a draft: those that were said, spelled and reckoned as one likes, and no others."""

import pytest

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.recording import Recording
from tests.support import talks

RECORDINGS = {
    name: Recording(tuple(talks.segments(name)), language="en")
    for name in ("tech_talk", "interview", "meeting")
}


def wrong(talk: str, sentence: str) -> list[str]:
    blocks = check_draft(RECORDINGS[talk], sentence)
    flaws = [flaw for block in blocks for claim in block.claims for flaw in claim.problems]
    return [flaw.text for flaw in flaws if flaw.kind in ("number", "name")]


@pytest.mark.parametrize(
    ("talk", "sentence"),
    [
        (
            "interview",
            "90 percent of flat loaves come from dough that went into the oven too early.",
        ),
        ("interview", "9 in 10 flat loaves went into the oven too early."),
        ("interview", "At 18 °C a starter takes twelve hours; at 26 °C only four."),
        ("interview", "At 26°C a starter needs 4 h, at 18°C it needs 12 h."),
        ("interview", "A 25 kg bag of flour does not care how old you are."),
        ("interview", "People spend 300 bucks on a mixer."),
        ("interview", "She prepared for a fortnight and talked for three hours."),
        ("interview", "The crumb goes on setting for 60 minutes after baking."),
        ("interview", "Half a dozen people came to a class in her kitchen."),
        ("tech_talk", "The primary held 4 TB of data."),
        ("tech_talk", "A table of 90M rows was taken for empty."),
        ("tech_talk", "For about three months every reservation was written 2x."),
        ("tech_talk", "The migration took three quarters of a year."),
        ("tech_talk", "Small tables teach the same lessons and are ten times cheaper."),
        ("tech_talk", "They made the switch at 3 AM on a Sunday."),
        ("tech_talk", "The four tables had lived together for over a decade."),
        ("meeting", "The city council gave $2.4m for the whole renovation."),
        ("meeting", "The council gave 2,4 million for the whole renovation."),
        ("meeting", "The roof will cost 900\u202f000, the cheapest of three offers."),
        ("meeting", "The roof will cost 900k, the cheapest of three offers."),
        ("meeting", "About a million and a half is left for everything else."),
        ("meeting", "A state programme pays two fifths of a heat pump."),
    ],
)
def test_a_number_may_be_spelled_and_reckoned_otherwise(talk: str, sentence: str) -> None:
    assert not wrong(talk, sentence)


@pytest.mark.parametrize(
    ("talk", "sentence", "number"),
    [
        ("tech_talk", "The migration took nine weeks.", "nine"),
        ("tech_talk", "The replica would fall behind by forty hours.", "forty"),
        ("tech_talk", "The service measures the lag of every replica once a minute.", "a minute"),
        ("tech_talk", "They had around 200 broken reservations every week.", "every week"),
        ("tech_talk", "A table with ninety billion rows looked empty.", "ninety billion"),
        ("tech_talk", "Thousands of customers called the support line.", "Thousands"),
        ("tech_talk", "They practised the switch a dozen times on a copy.", "a dozen"),
        ("tech_talk", "Half of the engineers practised the switch.", "Half"),
        ("tech_talk", "The first practice took eleven minutes.", "eleven"),
        ("tech_talk", "The first lesson is about dual writes.", "first"),
        ("interview", "People buy a three hundred euro mixer.", "three hundred"),
        ("interview", "At 18 percent a starter needs about twelve hours.", "18"),
        ("interview", "Her mother didn't speak to her for a year.", "a year"),
        (
            "interview",
            "Ten out of nine flat loaves went into the oven too early.",
            "Ten out of nine",
        ),
        ("interview", "She prepared for three hours and talked for two weeks.", "three"),
        ("meeting", "The ground floor stays open from one to nine.", "one"),
        ("meeting", "The training is cut from one evening to three evenings.", "one"),
        ("meeting", "The council gave 2.4 thousand for the whole renovation.", "2.4 thousand"),
    ],
)
def test_a_number_of_something_else_is_marked(talk: str, sentence: str, number: str) -> None:
    assert number in wrong(talk, sentence)
