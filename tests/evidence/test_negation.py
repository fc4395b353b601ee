"""A sentence that says the opposite of what was said."""

import pytest

from draftmill.evidence.negation import is_flipped

SAID = (
    "But there was no bigger machine.",
    "We practised the switch six times on a copy of production.",
    "The clock of the replica was wrong.",
    "The students were polite about it, but nobody came back.",
    "My mother didn't speak to me for a month.",
    "We built a service that refuses to send reads to a replica that is behind.",
    "The checkout page never went down.",
    "Dual writes fail in the middle.",
    "We cut our build from forty minutes to four.",
    "Her team chose the small machine.",
    "I would rather be late than lose the morning visitors.",
)


@pytest.mark.parametrize(
    "claim",
    [
        "There was a bigger machine that the team could have rented.",
        "They did not practise the switch.",
        "The clock of the replica was right.",
        "Everybody came back.",
        "Her mother spoke to her during that month.",
        "The service sends reads to a replica that is behind.",
        "The checkout page did go down on the night.",
        "Dual writes never fail in the middle.",
        "They bought shares instead of the small machine that the team chose.",
    ],
)
def test_the_opposite_of_what_was_said_is_found(claim: str) -> None:
    assert is_flipped(claim, SAID)


@pytest.mark.parametrize(
    "claim",
    [
        "No machine was bigger.",
        "The switch was practised six times.",
        "The replica had a clock that was not right.",
        "No one came back.",
        "Her mother stopped speaking to her for a month.",
        "The service sends no reads to a replica that is behind.",
        "The checkout page stayed up.",
        "Dual writes do fail in the middle.",
        "The build takes four minutes instead of forty.",
        "Her team chose the small machine rather than the large one.",
        "She does not want to lose the morning visitors.",
    ],
)
def test_the_same_in_other_words_is_not(claim: str) -> None:
    assert not is_flipped(claim, SAID)
