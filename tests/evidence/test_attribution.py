"""Whose words a text says they are, and when: beside a quotation, behind it or before it."""

import pytest

from draftmill.evidence.drafts import check_draft, corrected_draft
from draftmill.evidence.recording import Recording
from tests.support import talks

RECORDINGS = {
    name: Recording(tuple(talks.segments(name)), language="en")
    for name in ("tech_talk", "interview", "meeting")
}
NOISE = "“The bigger problem is noise.”"  # Carla's
GUIDE = "“I can do a first version by the end of the month.”"  # hers, too
FLOUR = "“Flour matters less than people think.”"  # Ruth's
KEYS = "“Foreign keys were everywhere.”"  # at 1:41


def wrong(talk: str, body: str | list[str]) -> list[str]:
    blocks = check_draft(RECORDINGS[talk], body)
    flaws = [flaw for block in blocks for claim in block.claims for flaw in claim.problems]
    return [flaw.kind for flaw in flaws]


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("meeting", f"Anna asked who writes the guide, and was told by Carla: {GUIDE}"),
        ("meeting", f"She assured Anna: {GUIDE}"),
        ("meeting", f"Carla informed Ben and Anna: {NOISE}"),
        ("meeting", f"Asked by Anna, she replied: {NOISE}"),
        ("meeting", "“The bigger problem is noise,” Anna was told."),
        ("meeting", f"Anna asked about the cost. {NOISE}"),
        ("meeting", f"Carla:\n\n{NOISE}"),
        ("meeting", f"**Carla**\n\n{NOISE}"),
        ("meeting", f"{NOISE}\n\n— Carla"),
        ("meeting", "> The bigger problem is noise.\n\n— Carla"),
        ("meeting", f"## Carla on noise\n\n{NOISE}"),
        ("meeting", f"{NOISE} That is what Carla told Anna."),
        ("meeting", "“Three weeks is fine with me,” says Anna, and “the bigger problem is noise,” says Carla."),
        ("interview", "“Flour matters less than people think,” the host is told."),
        ("interview", "“So how did you become a baker?” the interviewer asks."),
        ("interview", f"To the host's question she answered: {FLOUR}"),
    ],
)  # fmt: skip
def test_who_says_it_may_be_told_in_many_ways(talk: str, body: str) -> None:
    assert not wrong(talk, body)


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("meeting", "“The bigger problem is noise,” Carla was told by Ben."),
        ("meeting", f"Ben assured Carla: {NOISE}"),
        ("meeting", f"Ben:\n\n{NOISE}"),
        ("meeting", f"{NOISE}\n\n— Ben"),
        ("meeting", "> The bigger problem is noise.\n\n— Ben"),
        ("meeting", f"## Ben on noise\n\n{NOISE}"),
        ("meeting", f"Ben put it plainly. {NOISE}"),
        ("meeting", f"Ben had a warning. {NOISE}"),
        ("meeting", f"{NOISE} That is what Ben told Anna."),
        ("meeting", "“Three weeks is fine with me,” says Carla, and “the bigger problem is noise,” says Anna."),
        ("interview", f"The interviewer says: {FLOUR}"),
        ("interview", "“So how did you become a baker?” Ruth asks."),
    ],
)  # fmt: skip
def test_a_wrong_speaker_is_marked_wherever_the_name_stands(talk: str, body: str) -> None:
    assert "speaker" in wrong(talk, body)


BESIDE = [
    "{keys} That was the state of things. [{clock}](time:{s})",
    "{keys}\n\n[{clock}](time:{s})",
    "[{clock}](time:{s})\n\n{keys}",
    "> Foreign keys were everywhere.\n\n[{clock}](time:{s})",
    "> Foreign keys were everywhere.\n\n— Dana, [{clock}](time:{s})",
    "{keys} Dana says so at [{clock}](time:{s}).",
    "{keys} This is worth hearing in full. ({clock})",
]


@pytest.mark.parametrize("body", BESIDE)
def test_the_time_beside_a_quotation_is_its_own_or_is_put_right(body: str) -> None:
    wrong_time = body.format(keys=KEYS, clock="6:00", s=360)
    right = body.format(keys=KEYS, clock="1:41", s=101)
    assert not wrong("tech_talk", right)
    assert "time" in wrong("tech_talk", wrong_time)
    checked = corrected_draft(RECORDINGS["tech_talk"], wrong_time)
    assert "time:360" not in checked.body


@pytest.mark.parametrize(
    "post", ["{keys}\n\n{clock}", "{keys}\n— Dana\n{clock}", "{clock}\n{keys}"]
)
def test_so_is_that_of_a_post(post: str) -> None:
    assert not wrong("tech_talk", [post.format(keys=KEYS, clock="1:41")])
    assert "time" in wrong("tech_talk", [post.format(keys=KEYS, clock="6:00")])


def test_a_time_behind_another_sentence_may_be_that_sentences() -> None:
    assert not wrong("tech_talk", f"{KEYS} The last practice took eleven minutes. [5:08](time:308)")
    assert "time" in wrong(
        "tech_talk", f"{KEYS} The last practice took eleven minutes. [6:20](time:380)"
    )
