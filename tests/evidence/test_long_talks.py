"""Rules that only longer talks show: where names and numbers stand apart, captions, several speakers."""

from functools import cache

import pytest

from draftmill.evidence.drafts import corrected_draft
from draftmill.evidence.recording import Recording
from draftmill.transcripts.segments import Segment
from tests.support import talks


@cache
def recording(talk: str) -> Recording:
    return Recording(tuple(talks.segments(talk)), language="en")


def wrong(talk: str, body: str) -> set[str]:
    """What is wrong in a draft."""
    blocks = corrected_draft(recording(talk), body).blocks
    return {flaw.kind for one in blocks for claim in one.claims for flaw in claim.problems}


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("pricing", "First replies now take eleven hours on average, up from four in April."),
        (
            "pricing",
            "Instead of somebody for five months, Lena prefers a student for two days a week.",
        ),
        ("swim", "Late Fish has grown from five people to 130, in three pools."),
        ("swim", "Late Fish is twenty-six times as big as when it started."),
        ("swim", "In the first lesson there was a 70-year-old woman with a new hip."),
        ("river", "Four people died in Marlow in the flood of '53."),
    ],
)
def test_a_number_holds_that_is_told_otherwise_reckoned_or_told_near_by(
    talk: str, body: str
) -> None:
    assert "number" not in wrong(talk, body)


def test_a_year_is_no_number_of_visitors() -> None:
    assert "number" in wrong("river", "More than 2,000 visitors come to the open days each year.")


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("swim", "His wife Freda made him pounded yam every night."),
        ("swim", "The pilot, Abi, told him that the tide had turned."),
        ("swim", "Jean Lister swam the Channel herself in 1984."),
        ("swim", "He landed at Cap Gris-Net."),
    ],
)
def test_a_name_of_somebody_else_is_marked(talk: str, body: str) -> None:
    assert "name" in wrong(talk, body)


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("swim", "His wife Abi made him pounded yam every night."),
        ("swim", "Marcus Oyelaran was 41 when he learned to swim."),
        ("pricing", "It opens three times as many tickets, which Tom blames on the set-up guide."),
        ("river", "Joan began in 2013, when three species of fish were left."),
    ],
)
def test_a_name_is_right_that_others_say_or_that_belongs_to_another_clause(
    talk: str, body: str
) -> None:
    assert "name" not in wrong(talk, body)


@pytest.mark.parametrize(
    "body",
    [
        "“People think it's strength. It's weather and boredom,” Freda Lindqvist says.",
        "Jean Lister told him: “When you touch the boat it's over.”",
    ],
)
def test_who_is_not_spoken_of_there_did_not_say_it(body: str) -> None:
    assert wrong("swim", body) == {"speaker"}


@pytest.mark.parametrize(
    "body",
    [
        "“Dad, nobody asked for their money back,” his daughter told him.",
        "Freda's verdict: “that was adequate.”",
        "> You get fat. I'm serious.\n>\n> — Marcus Oyelaran, Channel swimmer",
        "> You get fat. I'm serious.\n\n*— Marcus Oyelaran, on training for the cold*",
        "He took a pebble (AT), and his mother can float on her back now (THEN).",
    ],
)
def test_what_others_said_and_credits_and_two_times_in_a_sentence_are_right(body: str) -> None:
    said = recording("swim").segments
    for word, there in (("AT", "took a pebble"), ("THEN", "hymns")):
        at = int(next(one.start_s for one in said if there in one.text))
        body = body.replace(word, f"[{at // 60}:{at % 60:02d}](time:{at})")
    assert not wrong("swim", body)


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("swim", "Swimmers are allowed to wear a wetsuit."),
        ("swim", "Several people left after the café."),
        ("swim", "His teacher had no idea that the notes were forged."),
        ("swim", "To train for the cold he lost fourteen kilos."),
        ("swim", "You have to be under forty to join Late Fish."),
        ("swim", "Schools should teach the front crawl before floating."),
        ("pricing", "Customers with single sign-on open fewer tickets than others."),
        ("river", "The flood peak came five hours earlier because of the meadow."),
        ("river", "Next time, Joan would spend more on planting and less on fences."),
        ("river", "Money was the reason why Helen Broadbent sold her land."),
    ],
)
def test_a_sentence_that_denies_or_turns_round_what_was_said_is_marked(
    talk: str, body: str
) -> None:
    assert "negation" in wrong(talk, body)


@pytest.mark.parametrize(
    ("talk", "body"),
    [
        ("river", "A brown trout gives up eating above 23 degrees, and lives for days past 25."),
        ("river", "The trees had been set on top of the bank, out of reach of the water."),
        ("river", "Kingfishers went from one pair to nine."),
        ("river", "Thanks to the meadow, the peak was 40 centimetres lower."),
        ("pricing", "The empty office on the second floor will not be rented."),
        ("pricing", "Moving one team's office day to Tuesday costs nothing."),
        ("pricing", "There will be no espresso machine this year."),
        ("swim", "He swam for fifty minutes without getting anywhere before he touched the boat."),
    ],
)
def test_the_same_in_other_words_is_not(talk: str, body: str) -> None:
    assert "negation" not in wrong(talk, body)


def test_an_opening_that_says_so_makes_no_new_sentence() -> None:
    said = "Lena brings the calculation next Wednesday."
    assert wrong("pricing", f"{said}\n\nAs a reminder, {said[:1]}{said[1:]}") == {"repeated"}


def test_captions_copied_without_an_end_are_a_copy() -> None:
    said = " ".join(one.text for one in recording("river").segments[20:32])
    assert "copied" in wrong("river", said)


SAID_OTHERWISE = Recording(
    tuple(
        Segment(6.0 * n, 6.0 * n + 5, text, n=n)
        for n, text in enumerate(
            (
                "In two years the shop grew to 2000 users.",
                "I remember the day I told Acme to move all of it to one machine.",
                "Then Google called us about the disks.",
                *(f"We counted the boxes of shelf {letter} by hand." for letter in "ABCDEFGHIJKL"),
            )
        )
    ),
    language="en",
    remarks=("A talk of 2024",),
)


@pytest.mark.parametrize(
    "body",
    [
        "The shop has 2,000 users by now.",
        "It was the day Google called about the disks.",
        "In 2024 Acme was told to move all of it to one machine.",
    ],
)
def test_amounts_years_of_the_owner_and_days_are_taken_for_what_they_are(body: str) -> None:
    blocks = corrected_draft(SAID_OTHERWISE, body).blocks
    flaws = {flaw.kind for one in blocks for claim in one.claims for flaw in claim.problems}
    assert not flaws & {"number", "name"}
