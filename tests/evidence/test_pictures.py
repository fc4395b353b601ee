"""Alt texts of pictures: marked is what they count or name that stands nowhere in the recording."""

import pytest

from draftmill.evidence.drafts import check_draft
from draftmill.evidence.edits import after_edit
from draftmill.evidence.pictures import MOST_PICTURES
from draftmill.evidence.recording import Recording
from draftmill.evidence.records import Block
from draftmill.transcripts.chapters import Chapter
from draftmill.writers.markdown import picture
from tests.support import talks

NAMED = "Kubernetes\u00a0and 4,711 [boxes]"
TALK = Recording(
    tuple(talks.segments("tech_talk")),
    ("Invoices at Nordwind",),
    (Chapter(1, 0.0, 60.0, NAMED),),
    language="en",
)
TEXT = "Dual writes fail in the middle."


def flaws(block: Block) -> list[tuple[str, str]]:
    return [(flaw.kind, flaw.text) for claim in block.claims for flaw in claim.problems]


def of_picture(alt: str) -> list[Block]:
    return check_draft(TALK, f"{TEXT}\n\n![{alt}](shot:1)")[1:]


@pytest.mark.parametrize(
    ("alt", "wrong"),
    [
        ("A chart of 9,731 tickets", [("number", "9,731")]),
        ("A slide by Zorblatt", [("name", "Zorblatt")]),
    ],
)
def test_what_an_alt_text_counts_or_names_and_nobody_said_is_marked(
    alt: str, wrong: list[tuple[str, str]]
) -> None:
    (block,) = of_picture(alt)
    assert (block.status, flaws(block)) == ("weak", wrong)
    (beside,) = check_draft(TALK, f"{TEXT} ![{alt}](shot:1)")
    assert (beside.status, flaws(beside)) == ("weak", wrong)


@pytest.mark.parametrize(
    "alt",
    [
        "",
        "The plan with its 41 steps",
        "A slide on Nordwind",
        "Screenshot at 0:20",
        "Slide 3, which says “we paint it blue”",
    ],
)
def test_an_alt_text_that_holds_nothing_new_is_no_block(alt: str) -> None:
    assert of_picture(alt) == []


def test_the_alt_texts_of_an_outline_are_never_marked() -> None:
    body = f"{TEXT}\n\n{picture(NAMED, 1)}"
    assert len(check_draft(TALK, body)) == 1
    assert len(after_edit(lambda: TALK, check_draft(TALK, TEXT), body)) == 1


def test_an_alt_text_that_a_person_wrote_is_theirs_and_told_and_gone_when_it_is_right() -> None:
    wrong = f"{TEXT}\n\n![A chart of 9,731 tickets](shot:1)"
    before = check_draft(TALK, TEXT)
    after = after_edit(lambda: TALK, before, wrong)
    assert [block.status for block in after] == ["said", "yours"]
    assert flaws(after[1]) == [("number", "9,731")]
    by_writer = check_draft(TALK, wrong)
    assert after_edit(lambda: TALK, by_writer, f"{wrong} More.")[1].status == "weak"
    assert after_edit(lambda: TALK, after, wrong.replace("9,731 ", "")) == before


def test_so_many_pictures_are_read_and_no_more() -> None:
    many = "\n\n".join(f"![{9_000 + n} tickets](shot:1)" for n in range(MOST_PICTURES + 20))
    assert len(check_draft(TALK, many)) == MOST_PICTURES
